"""Runs markets of many partners from their beginning."""

import shutil
import subprocess
from dataclasses import dataclass

from confluent_kafka import Consumer, TopicPartition

from bench_cluster import CHECKPOINTS, OUTPUTS, Topics, require_disk
from bench_process import Cost, run_quietly, say, timed


@dataclass
class Market:
    """What a market of so many partners cost from its beginning."""

    partners: int
    events: int
    run: Cost
    # Snapshots, and records that were written for them: partials, snapshots, scales and refused events.
    kept: int
    written: int


def measure_market(options, program, partners, servers, work):
    """Ten customers, a hundred users and three hundred actions a partner, over two years."""
    actions = 300 * partners
    require_disk(work, 3 * actions)
    topics = Topics(program, servers, f"market-{partners}.", options.partitions)
    say(f"loading a market of {partners:,} partners")
    run_quietly([
        program, "generate", "--partners", str(partners), "--customers", str(10 * partners), "--users",
        str(100 * partners), "--actions", str(actions), "--months", "24", *topics.options,
    ])
    say("running it")
    state = work / f"market-{partners}"
    cost, _ = timed([
        program, "run", "--until-end", "--state-dir", state, "--threads", str(options.threads), *topics.options])
    shutil.rmtree(state)
    kept = _lines([program, "snapshots", *topics.options])
    ends = _ends(servers, topics.prefix)
    written = sum(ends.pop(name) for name in OUTPUTS)
    del ends["generations"], ends[CHECKPOINTS]
    topics.remove()
    return Market(partners, sum(ends.values()), cost, kept, written)


def _ends(servers, prefix):
    """How many offsets each topic has, by its name without the prefix."""
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "bench"})
    topics = consumer.list_topics(timeout=30).topics
    return {
        name.removeprefix(prefix): sum(
            consumer.get_watermark_offsets(TopicPartition(name, partition), 30)[1] for partition in topic.partitions)
        for name, topic in topics.items() if name.startswith(prefix)
    }


def _lines(command):
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        return sum(1 for _ in process.stdout)
