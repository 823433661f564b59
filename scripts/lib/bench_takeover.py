"""How long tasks stand still when members come and go, in a market of many partners with a steady load."""

import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass

from confluent_kafka import OFFSET_END

from bench_cluster import Topics, require_disk
from bench_latency import Subscriber
from bench_load import SteadyLoad
from bench_market import NewUsersMarket
from bench_process import run_quietly, say

_PARTNERS = 100
# How long each phase lasts, and after how long a member that is gone is missed, in seconds.
_STEADY, _JOINING, _KILLED, SESSION = 40, 40, 40, 10
_PATIENCE = 180


@dataclass
class Phase:
    """Seconds from producing each event until a subscriber has a snapshot that takes it in, in ascending order."""

    name: str
    latencies: list[float]

    def percentile(self, percent):
        return self.latencies[max(0, -(-len(self.latencies) * percent // 100) - 1)]


@dataclass
class Takeover:
    partners: int
    phases: list[Phase]
    # Seconds that each task took to be restored.
    restores: list[float]


def measure_takeover(options, program, partners, servers, work):
    """A member alone; then another one with an empty disk joins it; then the first one is killed."""
    require_disk(work, 900 * partners)
    topics = Topics(program, servers, f"takeover-{partners}.", options.partitions)
    say(f"loading a market of {partners:,} partners and running it once")
    run_quietly([
        program, "generate", "--partners", str(partners), "--customers", str(10 * partners), "--users",
        str(100 * partners), "--actions", str(300 * partners), "--months", "24", *topics.options])
    state = work / f"takeover-{partners}"
    run_quietly([program, "run", "--until-end", "--state-dir", state / "first", *topics.options])
    market = NewUsersMarket(_PARTNERS)
    market.announce(servers, topics.prefix)
    first = _Member(program, topics, state / "first")
    second, subscriber, load = None, None, None
    try:
        first.wait_for_restores(2 * options.partitions)
        subscriber = Subscriber(market, topics, OFFSET_END)
        say(f"{options.rate:,} events a second: a member alone, another one joins, the first one is killed")
        count = options.rate * (_STEADY + _JOINING + _KILLED)
        # Whatever is seen first of a partner tells how many users it had.
        records = [market.action(index % _PARTNERS, 1 + index // _PARTNERS) for index in range(count)]
        load = SteadyLoad(servers, f"{topics.prefix}usage-actions", records, options.rate)
        start = time.monotonic()
        times = None
        while times is None:
            elapsed = time.monotonic() - start
            if second is None and elapsed > _STEADY:
                second, joined = _Member(program, topics, state / "second"), time.monotonic()
            if first and elapsed > _STEADY + _JOINING:
                first.kill()
                first, killed = None, time.monotonic()
            subscriber.poll(start + _STEADY + _JOINING + _KILLED + _PATIENCE)
            times = load.times()
        subscriber.wait_for([1 + len(times[partner::_PARTNERS]) for partner in range(_PARTNERS)])
        restores = second.restores()
    finally:
        for member in (first, second):
            if member:
                member.kill()
        if load:
            load.stop()
        if subscriber:
            subscriber.close()
    topics.remove()
    shutil.rmtree(state)
    # What is produced in a phase's last second may be seen only after the next change.
    bounds = [("a member alone", start + 5, joined - 1), ("another one joins", joined, killed - 1),
              ("the first one is killed", killed, times[-1] + 1)]
    arrived = list(_arrivals(times, subscriber.seen))
    phases = [Phase(name, sorted(late for moment, late in arrived if begin <= moment < end))
              for name, begin, end in bounds]
    return Takeover(partners, phases, restores)


def _arrivals(times, seen):
    """When each event was produced, and how long it took until it was seen."""
    for partner, arrivals in enumerate(seen):
        snapshots, users, arrival = iter(arrivals), 0, 0.0
        for number, moment in enumerate(times[partner::_PARTNERS]):
            while users < number + 2:
                users, arrival = next(snapshots)
            yield moment, arrival - moment


class _Member:
    """A member that runs until it is killed."""

    def __init__(self, program, topics, state):
        state.mkdir(parents=True, exist_ok=True)
        self._log = state / "log"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [program, "run", "--state-dir", state, "--checkpoint-interval", "20", *topics.options], stderr=log)

    def restores(self):
        """Seconds that each task took that was restored."""
        return [float(each) for each in re.findall(r"is restored .* in ([0-9.]+) s", self._log.read_text())]

    def wait_for_restores(self, count):
        deadline = time.monotonic() + _PATIENCE
        while len(self.restores()) < count:
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise SystemExit(f"bench: tasks are not restored: {self._log.read_text()}")
            time.sleep(0.1)

    def kill(self):
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
