"""Replays a topic of usage actions with the program, and beside it with a bare librdkafka loop."""

import shutil
import statistics
from dataclasses import dataclass

from bench_cluster import Topics, require_disk
from bench_process import Cost, say, timed


@dataclass
class Replay:
    """What replaying `events` usage actions of `size` bytes on average cost: medians of all rounds."""

    events: int
    size: float
    loading: Cost
    run: Cost
    bare: Cost | None = None
    # The bare loop with the program's allocator.
    bare_allocator: Cost | None = None


class Replayer:
    """Loads topics of any size and replays them."""

    def __init__(self, options, program, bare_loop, allocator, servers, work):
        self._options, self._program, self._servers, self._work = options, program, servers, work
        self._bare_loop, self._allocator = bare_loop, allocator

    def side_by_side(self, events, rounds):
        """The bare loop, with either allocator, and the program take turns."""
        topics, loading = self._load(events)
        bare, bare_allocator, ours = [], [], []
        for number in range(1, rounds + 1):
            say(f"round {number} of {rounds}")
            cost, size = self._read_bare(topics, events)
            bare.append(cost)
            if self._allocator:
                bare_allocator.append(self._read_bare(topics, events, self._allocator)[0])
            if number > 1:
                topics.renew_outputs()
            ours.append(self._replay(topics, f"bench-{number}"))
        topics.remove()
        return Replay(events, size, loading, *map(_median, (ours, bare, bare_allocator)))

    def once(self, events):
        """The program alone."""
        topics, loading = self._load(events)
        say("replaying")
        cost = self._replay(topics, f"bench-{events}")
        topics.remove()
        return Replay(events, 0, loading, cost)

    def _load(self, events):
        require_disk(self._work, events)
        topics = Topics(self._program, self._servers, f"replay-{events}.", self._options.partitions)
        say(f"loading {events:,} usage actions")
        market = ["--actions", str(events), "--users", str(self._options.users)]
        return topics, timed([self._program, "generate", *market, *topics.options])[0]

    def _read_bare(self, topics, events, allocator=None):
        cost, output = timed([self._bare_loop, topics.servers, f"{topics.prefix}usage-actions"], allocator)
        records, size = map(int, output.split())
        assert records == events, f"{records} usage actions are in the topic"
        return cost, size / records

    def _replay(self, topics, application):
        state = self._work / application
        cost, _ = timed([
            self._program, "run", "--until-end", "--application", application, "--state-dir", state,
            "--threads", str(self._options.threads), *topics.options,
        ])
        shutil.rmtree(state)
        return cost


def _median(costs):
    if not costs:
        return None
    return Cost(*(statistics.median(getattr(cost, name) for cost in costs) for name in ("wall", "cpu", "memory")))
