"""Rounds of chaos on three brokers, and that what judges them bites."""

import struct
import sys

import pytest

from program import ROOT, environment

sys.path.insert(0, str(ROOT / "scripts/lib"))
from chaos.epochs import writes_after_abort  # noqa: E402
from chaos.positions import Positions  # noqa: E402
from chaos.rounds import Round  # noqa: E402
from chaos.schedule import BROKER_FAULTS, MEMBER_FAULTS, schedule  # noqa: E402
from chaos.verifier import differences, rejections  # noqa: E402
from kafka_cluster import KafkaCluster  # noqa: E402


# Holds REL-1, REL-2, REL-3, REL-5, REL-8, REL-19, REL-20, REL-22, REL-25, REL-26, REL-28, REL-29, REL-30.
@pytest.mark.skipif(not environment("KAFKA_HOME"), reason="KAFKA_HOME is not set")
def test_rounds_of_chaos(tmp_path, is_full):
    cluster = KafkaCluster(tmp_path / "cluster")
    try:
        cluster.start()
        for number in range(10 if is_full else 3):
            outcome = Round(cluster, 11, number, 12, 200, tmp_path / f"round-{number}").run()
            assert outcome.faults.total() >= 2
            assert outcome.verdict.snapshots > 1000
            assert outcome.verdict.refused > 10
    finally:
        cluster.kill()


def test_a_seed_gives_the_same_faults_and_another_seed_others():
    assert schedule(1, 2) == schedule(1, 2)
    assert schedule(1, 2) != schedule(1, 3) != schedule(2, 3)


def test_every_fault_is_among_the_first_of_a_few_rounds():
    first = [schedule(5, number) for number in range(3)]
    assert {fault.kind for each in first for fault in each.members[:3]} == set(MEMBER_FAULTS)
    assert {fault.kind for each in first for fault in each.brokers[:3]} == set(BROKER_FAULTS)


@pytest.mark.parametrize("is_static", [True, False])
def test_static_and_dynamic_members_meet_every_fault_first(is_static):
    rounds = [each for each in (schedule(5, number) for number in range(22)) if each.is_static == is_static]
    assert {each.members[0].kind for each in rounds} == set(MEMBER_FAULTS)
    assert {each.brokers[0].kind for each in rounds} == set(BROKER_FAULTS)


@pytest.mark.parametrize("found, count", [
    ({"a": 1, "b": 2}, 0), ({"a": 1}, 1), ({"a": 1, "b": 3}, 1), ({"a": 1, "b": 2, "c": 0}, 1), ({}, 2),
])
def test_the_verifier_tells_every_difference(found, count):
    assert len(list(differences("snapshot", found, {"a": 1, "b": 2}))) == count


class Rejected:
    def __init__(self, offset, value=b"v"):
        self._offset, self._value = offset, value

    def headers(self):
        return [("topic", b"customers"), ("partition", b"0"), ("offset", str(self._offset).encode())]

    def key(self):
        return b"k"

    def value(self):
        return self._value


@pytest.mark.parametrize("records, count", [
    ([Rejected(4), Rejected(7)], 0), ([Rejected(4)], 1), ([Rejected(4), Rejected(7), Rejected(4)], 1),
    ([Rejected(4), Rejected(8)], 2), ([Rejected(4), Rejected(7, b"w")], 1),
])
def test_the_verifier_wants_each_refused_event_once(records, count):
    refused = {("customers", 0, offset): (b"k", b"v") for offset in (4, 7)}
    assert len(list(rejections(records, refused))) == count


def test_a_position_that_goes_back_is_told():
    def commit(follow, position, partition=0, group="g", version=1):
        key = version.to_bytes(2) + b"".join(len(each).to_bytes(2) + each.encode() for each in (group, "t"))
        follow(key + partition.to_bytes(4), b"\x00\x03" + position.to_bytes(8) + b"and what follows")

    positions = Positions(["g"])
    commit(positions, 5)
    commit(positions, 5)
    commit(positions, 4, partition=1)
    commit(positions, 3, group="another")
    # The group's metadata, which is no position.
    commit(positions, 2, version=2)
    assert not positions.problems
    commit(positions, 4)
    assert positions.problems == ["the position of ('g', 't', 0) goes back from 5 to 4"]


def batch(offset, producer, epoch, control=None):
    """As in a segment: data of one record, or the marker that a transaction is aborted (0) or committed (1)."""
    key = struct.pack(">hh", 0, 0 if control is None else control)
    body = bytes([32, 0, 0, 0, 8]) + key + bytes([12]) + bytes(7)
    attributes = 0x10 if control is None else 0x30
    header = struct.pack(">ibIhiqqqhii", 0, 2, 0, attributes, 0, 0, 0, producer, epoch, 0, 1)
    return struct.pack(">qi", offset, len(header) + len(body)) + header + body


@pytest.mark.parametrize("batches, count", [
    ([batch(0, 7, 1), batch(1, 7, 1, control=1), batch(2, 7, 1)], 0),
    ([batch(0, 7, 1), batch(1, 7, 1, control=0), batch(2, 7, 2), batch(3, 8, 1)], 0),
    ([batch(0, 7, 1), batch(1, 7, 1, control=0), batch(2, 7, 1)], 1),
    ([batch(0, 7, 1), batch(1, 7, 1, control=0), batch(2, 8, 1), batch(3, 7, 1), batch(4, 7, 1)[:-1]], 1),
])
def test_what_is_written_after_an_abort_in_the_same_epoch_is_told(batches, count):
    for split in range(len(batches)):
        segments = [b"".join(batches[:split]), b"".join(batches[split:])]
        assert len(list(writes_after_abort(segments))) == count
