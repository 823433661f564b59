"""The figures that need no log: Benchmarks/Micro."""

import re
from dataclasses import dataclass

from bench_process import run_quietly, say


@dataclass
class Memory:
    entries: int
    places: int
    bytes_per_entry: float


def measure_memory(micro, sizes):
    """Resident memory of a (user, subscription, workload), where users are in one and in three of them."""
    say("memory of the state")
    # What is free is given back at once, not after ten seconds.
    settled = {"MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0"}
    return [
        Memory(entries, places, _figure(micro, f"memory, {entries} entries, {places} a user", **settled))
        for entries in sizes for places in (1, 3)
    ]


@dataclass
class Ranking:
    """Seconds by the number of partners in the cell."""

    publish_one: dict[int, float]
    publish_many: dict[int, float]
    take_in_many: dict[int, float]


# Partners that change at once.
MANY = 10_000


def measure_ranking(micro, sizes):
    say("ranking")

    def seconds(what, dirty):
        return {size: _figure(micro, f"{what} {dirty} of {size} partners") * dirty / 1e9
                for size in sizes if size >= dirty}

    return Ranking(seconds("publish", 1), seconds("publish", MANY), seconds("take in", MANY))


def _figure(micro, name, **environment):
    """Each in a process of its own: what one frees would hide what the next one takes."""
    output = run_quietly([micro, name], **environment)
    found = re.search(re.escape(name) + r"\s+([\d.]+) ", output)
    if not found:
        raise SystemExit(f"bench: no such micro-benchmark: {name}")
    return float(found[1])
