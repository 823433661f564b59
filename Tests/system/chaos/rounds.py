"""One round of chaos: faults under load, then quiet, then the verdict."""

import concurrent.futures
import random
import time
from collections import Counter
from typing import NamedTuple

from confluent_kafka.admin import AdminClient

from chaos.broker_faults import BrokerFaults
from chaos.epochs import writes_after_abort
from chaos.load import Load
from chaos.member_faults import MemberFaults
from chaos.members import Members
from chaos.schedule import SESSION_TIMEOUT, TRANSACTION_TIMEOUT, schedule
from chaos.transactions import OpenTransactions
from chaos.verifier import Verdict, verify
from foreign import lag
from kafka_cluster import QUIET, UNANSWERED
from model.refusal import TOPICS
from ndjson import CATALOG
from program import PATIENCE, Application, kafka_log
from waiting import wait_for

MEMBERS = PARTITIONS = 3
_WRITTEN = ["partner-partials", "indicator-snapshots", "indicator-scales", "rejected-events"]
PROPERTIES = {
    "session.timeout.ms": SESSION_TIMEOUT, "heartbeat.interval.ms": 1_000,
    "transaction.timeout.ms": TRANSACTION_TIMEOUT,
}
# What members say when a fault has reached them.
_SIGNS = {
    "transactions failed": "Current transaction failed", "commits failed": "commit failed", "tasks lost": "lost tasks",
    "joined anew": "rejoining in", "shared out anew": "have no owner",
    "restored from checkpoints": "is restored from its checkpoint", "from the beginning": "is restored from the beginning",
    "checkpoints not written": "could not be written", "clients left behind": "left behind",
}


class Outcome(NamedTuple):
    is_static: bool
    # How often each kind of fault befell members or brokers.
    faults: Counter
    signs: Counter
    verdict: Verdict


class Round:
    """Has topics, groups and a directory of its own; `directory` is to be made."""

    def __init__(self, cluster, seed, number, seconds, rate, directory):
        directory.mkdir(parents=True)
        self._cluster = cluster
        self._servers = cluster.bootstrap_servers
        self._seconds = seconds
        self._schedule = schedule(seed, number)
        self._prefix = f"chaos-{number}."
        self._directory = directory
        self._application = Application(
            kafka_log(self._servers, self._prefix, PROPERTIES), directory, CATALOG, f"chaos-{number}")
        self._application.states = directory / "states"
        self._load = Load(self._servers, self._prefix, random.Random(f"{seed}/{number}/load"), rate, seconds)
        self._transactions = OpenTransactions(self._servers, [self._prefix + topic for topic in _WRITTEN], PARTITIONS)
        self._faults = Counter()

    def run(self):
        """Raises an AssertionError if anything is lost, doubled, taken back or does not come to rest."""
        self._application.create_topics(PARTITIONS)
        with Members(self._application, MEMBERS, self._schedule.is_static) as members, self._load as load:
            self._befall(members)
            load.finish()
            self._wait_until_published(members)
            for member in members.list:
                member.ask_to_end()
            members.check()
            groups = [self._application.group(stage) for stage in ("entity", "ranking")]
            verdict = verify(self._servers, self._prefix, groups, CATALOG)
            self._require_none(verdict.problems + self._gone(load, verdict) + self._writes_after_abort())
        self._remove_topics()
        signs = self._signs(members)
        # By the producer, which writes again if it hears nothing for long.
        signs["events written twice"] = len(verdict.events) - load.sent
        return Outcome(self._schedule.is_static, self._faults, signs, verdict)

    def _befall(self, members):
        start = time.monotonic()
        member_faults = MemberFaults(members, self._transactions)
        broker_faults = BrokerFaults(self._cluster, self._application.group("entity"))

        def note(what):
            with open(self._directory / "faults.txt", "a", encoding="utf-8") as file:
                print(f"{time.monotonic() - start:5.1f} s {what}", file=file)

        def run(faults, whose, befall):
            for fault in faults:
                if time.monotonic() - start + fault.pause >= self._seconds:
                    break
                time.sleep(fault.pause)
                note(f"{whose}: {fault}")
                befall(fault)
                self._faults[f"{whose} {fault.kind}"] += 1
            note(f"{whose}: left alone")

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            tracks = [pool.submit(run, self._schedule.members, "member", member_faults),
                      pool.submit(run, self._schedule.brokers, "broker", broker_faults)]
        for track in tracks:
            track.result()

    def _wait_until_published(self, members):
        deadline = time.monotonic() + PATIENCE
        # One that found no broker may just have been started again.
        wait_for(members.are_up, 120)
        for stage, topics in ("entity", TOPICS), ("ranking", ["partner-partials"]):
            while behind := self._behind(stage, topics):
                members.check()
                assert time.monotonic() < deadline, f"after {PATIENCE} s of quiet, {stage} lags: {str(behind):.300}"
                time.sleep(0.3)

    def _behind(self, stage, topics):
        """What the stage still has to do; None if all of its work can be read."""
        try:
            lags = lag(self._servers, self._application.group(stage), [self._prefix + topic for topic in topics])
            if any(lags.values()):
                return {partition: offsets for partition, offsets in lags.items() if offsets}
            # What is behind an open transaction, of a killed member perhaps, cannot be read, and is in no lag.
            return "a transaction is open" if self._transactions.any() else None
        except UNANSWERED as failure:
            return failure

    def _gone(self, load, verdict):
        """Events that brokers have acknowledged and lost."""
        return [f"event {place} was acknowledged, and is not there" for place, value in load.acknowledged.items()
                if verdict.events.get(place) != value]

    def _writes_after_abort(self):
        broker = self._cluster.brokers[0]
        return [f"{topic}-{partition}: {problem}" for topic in _WRITTEN for partition in range(PARTITIONS)
                for problem in writes_after_abort(broker.segments(self._prefix + topic, partition))]

    def _require_none(self, problems):
        if problems:
            (self._directory / "problems.txt").write_text("\n".join(problems) + "\n", encoding="utf-8")
            raise AssertionError(f"{len(problems)} differences, such as: {problems[0]:.300}")

    def _signs(self, members):
        logs = "".join(path.read_text(errors="replace") for path in self._directory.glob("*.log"))
        signs = Counter({name: logs.count(words) for name, words in _SIGNS.items()})
        signs["restarted by themselves"] = members.restarts
        return signs

    def _remove_topics(self):
        admin = AdminClient({"bootstrap.servers": self._servers, "logger": QUIET})
        names = [name for name in admin.list_topics(timeout=10).topics if name.startswith(self._prefix)]
        for removed in admin.delete_topics(names).values():
            removed.result(30)
