"""How long events wait when a month begins and when members come and go, in a market of many partners with a steady load."""

import re
import shutil
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from dataclasses import dataclass

from confluent_kafka import OFFSET_END, Producer

from bench_cluster import Topics
from bench_latency import Subscriber
from bench_load import SteadyLoad, producer_settings
from bench_market import NewUsersMarket
from bench_partners import load_market
from bench_process import run_quietly, say

_PARTNERS = 100
# How long each phase lasts, and after how long a member that is gone is missed, in seconds.
_STEADY, _TURNING, _JOINING, _KILLED, SESSION = 30, 15, 40, 40, 10
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
    """A member alone; a month begins; then another one with an empty disk joins it; then the first one is killed."""
    topics = Topics(program, servers, f"takeover-{partners}.", options.partitions)
    # The day before this month, which is to begin later.
    until = datetime.now(UTC).replace(day=1, hour=12) - timedelta(days=1)
    load_market(program, partners, ["--until", f"{until:%Y-%m-%d}", *topics.options], work)
    say("running it once")
    state = work / f"takeover-{partners}"
    run_quietly([program, "run", "--until-end", "--state-dir", state / "first", *topics.options])
    market = NewUsersMarket(_PARTNERS, until.timestamp())
    market.announce(servers, topics.prefix)
    first = _Member(program, topics, state / "first")
    second, subscriber, load = None, None, None
    try:
        first.wait_for_restores(2 * options.partitions)
        subscriber = Subscriber(market, topics, OFFSET_END)
        say(f"{options.rate:,} events a second: a member alone, a month begins, another one joins, the first one is killed")
        count = options.rate * (_STEADY + _TURNING + _JOINING + _KILLED)
        # Whatever is seen first of a partner tells how many users it had.
        records = [market.action(index % _PARTNERS, 1 + index // _PARTNERS) for index in range(count)]
        load = SteadyLoad(servers, f"{topics.prefix}usage-actions", records, options.rate)
        start = time.monotonic()
        times, turned = None, None
        while times is None:
            elapsed = time.monotonic() - start
            if turned is None and elapsed > _STEADY:
                _begin_month(market, servers, topics)
                turned = time.monotonic()
            if second is None and elapsed > _STEADY + _TURNING:
                second, joined = _Member(program, topics, state / "second"), time.monotonic()
            if first and elapsed > _STEADY + _TURNING + _JOINING:
                moved = {task for task, _ in second.restores()}
                first.kill()
                first, killed = None, time.monotonic()
            subscriber.poll(start + _STEADY + _TURNING + _JOINING + _KILLED + _PATIENCE)
            times = load.times()
        subscriber.wait_for([1 + len(times[partner::_PARTNERS]) for partner in range(_PARTNERS)])
        restores = [seconds for _, seconds in second.restores()]
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
    arrived = list(_arrivals(times, subscriber.seen))
    tasks = [set(zip(("entity", "ranking"), market.tasks(partner, options.partitions), strict=True))
             for partner in range(_PARTNERS)]
    stayed = {partner for partner in range(_PARTNERS) if not tasks[partner] & moved}
    were_there = {partner for partner in range(_PARTNERS) if tasks[partner] <= moved}
    everyone = set(range(_PARTNERS))
    # What is produced in a phase's last second may be seen only after the next change.
    end = times[-1] + 1
    phases = [
        Phase(name, sorted(late for partner, moment, late in arrived if partner in partners and begin <= moment < until))
        for name, partners, begin, until in [
            ("a member alone", everyone, start + 5, turned - 1), ("a month begins", everyone, turned, joined - 1),
            ("another one joins", everyone, joined, killed - 1), ("tasks that stay", stayed, joined, killed - 1),
            ("the first one is killed", everyone, killed, end), ("tasks that are there", were_there, killed, end),
        ]
    ]
    return Takeover(partners, phases, restores)


def _begin_month(market, servers, topics):
    producer = Producer(producer_settings(servers))
    # Of a user that has been seen, and of each partner, so that it begins in all tasks at once.
    for partner in range(_PARTNERS):
        key, value = market.action(partner, 0, time.time())
        producer.produce(f"{topics.prefix}usage-actions", key=key, value=value)
    assert producer.flush(60) == 0


def _arrivals(times, seen):
    """The partner of each event, when it was produced, and how long it took until it was seen."""
    for partner, arrivals in enumerate(seen):
        snapshots, users, arrival = iter(arrivals), 0, 0.0
        for number, moment in enumerate(times[partner::_PARTNERS]):
            while users < number + 2:
                users, arrival = next(snapshots)
            yield partner, moment, arrival - moment


class _Member:
    """A member that runs until it is killed."""

    def __init__(self, program, topics, state):
        state.mkdir(parents=True, exist_ok=True)
        self._log = state / "log"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [program, "run", "--state-dir", state, "--checkpoint-interval", "20", *topics.options], stderr=log)

    def restores(self):
        """Each task that was restored, as a stage and a number, and the seconds that it took."""
        # Not those that it restored before it had them.
        found = re.findall(r"(entity|ranking): task (\d+) is restored .* offsets, in ([0-9.]+) s", self._log.read_text())
        return [((stage, int(number)), float(seconds)) for stage, number, seconds in found]

    def wait_for_restores(self, count):
        deadline = time.monotonic() + _PATIENCE
        while len(self.restores()) < count:
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise SystemExit(f"bench: tasks are not restored: {self._log.read_text()}")
            time.sleep(0.1)

    def kill(self):
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
