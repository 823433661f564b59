"""How long after an event a subscriber sees it in a snapshot, both stages on Kafka."""

import signal
import time
from dataclasses import dataclass

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

from bench_cluster import Topics
from bench_load import SteadyLoad
from bench_market import NewUsersMarket
from bench_process import Run, say

_PARTNERS = 100
# What does not come within this, in seconds, does not come.
_PATIENCE = 60


@dataclass
class Latency:
    """Seconds from producing an event until a `read_committed` subscriber has a snapshot that takes it in."""

    rate: float
    partners: int
    sorted: list[float]
    # What the program itself took, in processors.
    cpu: float

    def percentile(self, percent):
        """The nearest rank's."""
        return self.sorted[max(0, -(-len(self.sorted) * percent // 100) - 1)]


def measure_latency(options, program, servers, work):
    topics = Topics(program, servers, "latency.", options.partitions)
    market = NewUsersMarket(_PARTNERS)
    market.announce(servers, topics.prefix)
    subscriber = Subscriber(market, topics)
    run = Run([program, "run", "--application", "latency", "--state-dir", work / "latency", *topics.options])
    try:
        say(f"{options.rate:,} events a second for {options.warm_up} s to warm up and {options.latency_seconds} s")
        subscriber.wait_for([1] * _PARTNERS)
        produced, rate = _load(options, servers, topics, market, subscriber)
        run.process.send_signal(signal.SIGTERM)
        cost = run.finish()
    finally:
        run.kill()
        subscriber.close()
    topics.remove()
    latencies = _latencies(produced, subscriber.seen, options.warm_up)
    return Latency(rate, _PARTNERS, sorted(latencies), cost.cpu / cost.wall)


def _load(options, servers, topics, market, subscriber):
    """Returns when each action was produced, in order by partner, and how many there were a second."""
    seconds = options.warm_up + options.latency_seconds
    count = options.rate * seconds
    # Every partner's first user is there already.
    records = [market.action(index % _PARTNERS, 1 + index // _PARTNERS) for index in range(count)]
    load = SteadyLoad(servers, f"{topics.prefix}usage-actions", records, options.rate)
    try:
        deadline = time.monotonic() + seconds + _PATIENCE
        while (times := load.times()) is None:
            subscriber.poll(deadline)
    finally:
        load.stop()
    produced = [times[partner::_PARTNERS] for partner in range(_PARTNERS)]
    subscriber.wait_for([1 + len(each) for each in produced])
    return produced, (count - 1) / (times[-1] - times[0])


def _latencies(produced, seen, warm_up):
    """An event has arrived with the first snapshot that counts its user; its user is its partner's next one."""
    start = min(each[0] for each in produced)
    for times, arrivals in zip(produced, seen, strict=True):
        snapshots = iter(arrivals)
        users = 0
        for number, moment in enumerate(times):
            while users < number + 2:
                users, arrival = next(snapshots)
            if moment >= start + warm_up:
                yield arrival - moment


class Subscriber:
    """Follows the snapshots; keeps for each partner how many users it was seen to have, and since when."""

    def __init__(self, market, topics, start=OFFSET_BEGINNING):
        self._market = market
        self.seen = [[(0, 0.0)] for _ in range(market.partners)]
        self._consumer = Consumer({
            "bootstrap.servers": topics.servers, "group.id": "unused", "isolation.level": "read_committed",
            "enable.auto.commit": False,
        })
        topic = f"{topics.prefix}indicator-snapshots"
        numbers = self._consumer.list_topics(topic, 30).topics[topic].partitions
        self._consumer.assign([TopicPartition(topic, number, start) for number in numbers])

    def poll(self, deadline):
        """Takes in one record if there is one; not in batches, which would wait to be full."""
        record = self._consumer.poll(0.05)
        now = time.monotonic()
        if now > deadline:
            raise SystemExit("bench: the snapshots that were waited for have not come")
        if record is None:
            return
        if record.error():
            raise SystemExit(f"bench: {record.error()}")
        if found := self._market.users_in(record):
            partner, users = found
            if users > self.seen[partner][-1][0]:
                self.seen[partner].append((users, now))

    def wait_for(self, users):
        """Reads on until each partner has been seen with so many."""
        deadline = time.monotonic() + _PATIENCE
        while any(seen[-1][0] < wanted for seen, wanted in zip(self.seen, users, strict=True)):
            self.poll(deadline)

    def close(self):
        self._consumer.close()
