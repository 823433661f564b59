"""Runs a market with several members, and compares what that took with the model."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from confluent_kafka import Consumer, Producer, TopicPartition

from bench_build import build_product
from bench_cluster import Topics, broker
from bench_load import producer_settings
from bench_partners import ACTIONS, load_market
from bench_process import Run, say
from capacity_model import DAY, Load, Measured, live_cores, member_memory

_PARTITIONS = 8
_RATE = 5_000
_TICK = os.sysconf("SC_CLK_TCK")


def measure(options):
    if "KAFKA_HOME" not in os.environ:
        raise SystemExit("capacity: KAFKA_HOME must name an unpacked Kafka distribution")
    program, partners = build_product("partner-pulse"), options.market
    load = Load(partners=partners, workloads=1.0)
    with tempfile.TemporaryDirectory(prefix="partner-pulse-capacity-") as directory:
        work = pathlib.Path(directory)
        with broker(work / "kafka") as servers:
            topics = Topics(program, servers, "capacity.", _PARTITIONS)
            load_market(program, partners, topics.options, work)
            known = _actions(servers, topics.prefix, _RATE * options.seconds)
            stored = _size(work, f"{topics.prefix}usage-actions") / (ACTIONS * partners)
            print(f"market of {partners:,} partners, {os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}; "
                  f"an action takes {stored:.0f} bytes on disk (model: {Measured().stored_action:.0f})")
            print("members  replay: s, CPU s   peak MB of each (model)        "
                  f"cores of all at {_RATE:,} known actions/s (model)")
            for number, members in enumerate(options.measure):
                if number:
                    topics.renew_outputs()
                print(_measure(program, topics, servers, work, members, known, options.seconds, load), flush=True)


def _measure(program, topics, servers, work, members, known, seconds, load):
    say(f"{members} members: replaying")
    applications = work / f"members-{members}"

    def command(member, *more):
        return [program, "run", "--application", f"m{members}", "--state-dir", applications / str(member), *more, *topics.options]

    runs = [Run(command(member, "--until-end")) for member in range(members)]
    costs = [run.finish() for run in runs]
    peaks = " ".join(f"{cost.memory / 1e6:.0f}" for cost in costs)
    measured = Measured()
    replayed = f"{max(cost.wall for cost in costs):7.1f} {sum(cost.cpu for cost in costs):7.1f}"
    say(f"{members} members: {_RATE:,} actions a second that change nothing")
    live = [subprocess.Popen(command(member)) for member in range(members)]
    try:
        _wait_until_read(servers, topics.prefix, members)
        start, before = time.monotonic(), sum(map(_cpu, live))
        _produce(servers, f"{topics.prefix}usage-actions", known)
        _wait_until_read(servers, topics.prefix, members)
        elapsed, used = time.monotonic() - start, sum(map(_cpu, live)) - before
    finally:
        for process in live:
            process.terminate()
        for process in live:
            process.wait()
    shutil.rmtree(applications)
    expected = member_memory(load, measured, members, spare=0)
    cores = live_cores(Load(events=_RATE * DAY, partners=0, peak=1), measured, members)
    return f"{members:7}  {replayed}   {peaks:>24} ({expected / 1e6:.0f})   {used / elapsed:10.2f} ({cores:.2f})"


def _cpu(process):
    """CPU seconds that it has used."""
    after_name = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICK


def _size(work, topic):
    """Bytes of a topic's segments on the broker's disk."""
    return sum(path.stat().st_size for path in (work / "kafka/data").glob(f"{topic}-*/*.log"))


def _actions(servers, prefix, count):
    """Usage actions that have been seen: their partitions, keys and values."""
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "capacity", "isolation.level": "read_committed"})
    consumer.assign([TopicPartition(f"{prefix}usage-actions", partition, 0) for partition in range(_PARTITIONS)])
    found = []
    while len(found) < min(count, 20_000):
        messages = consumer.consume(10_000, 5)
        if not messages:
            break
        found += [(message.partition(), message.key(), message.value()) for message in messages]
    consumer.close()
    return [found[index % len(found)] for index in range(count)]


def _produce(servers, topic, actions):
    producer = Producer(producer_settings(servers))
    start = time.monotonic()
    for index, (partition, key, value) in enumerate(actions):
        if index % 50 == 0:
            producer.poll(0)
            while (ahead := start + index / _RATE - time.monotonic()) > 0:
                time.sleep(ahead)
        producer.produce(topic, partition=partition, key=key, value=value)
    assert producer.flush(60) == 0


def _wait_until_read(servers, prefix, members):
    """Until the groups have committed the ends of the actions."""
    consumer = Consumer({"bootstrap.servers": servers, "group.id": f"{prefix}m{members}-entity"})
    partitions = [TopicPartition(f"{prefix}usage-actions", partition) for partition in range(_PARTITIONS)]
    ends = [consumer.get_watermark_offsets(each, 30)[1] for each in partitions]
    deadline = time.monotonic() + 120
    while any(each.offset < end for each, end in zip(consumer.committed(partitions, 30), ends, strict=True)):
        if time.monotonic() > deadline:
            raise SystemExit("capacity: the members do not keep up")
        time.sleep(0.1)
    consumer.close()
