"""What needs no broker. PYTHONPATH holds the installed package."""

import pytest
from google.protobuf.message import DecodeError

import partnerpulse
from partnerpulse import EventProducer, ResultFollower, ScaleKey, SnapshotKey, key_of, partition_of, topic_of
from partnerpulse._values import parse
from partnerpulse.v1 import events_pb2, snapshots_pb2

# Nobody listens there.
NOWHERE = "127.0.0.1:1"


@pytest.mark.parametrize(("key", "hash"), [
    # From the Java client's own test (UtilsTest.testMurmur2).
    ("21", -973932308), ("foobar", -790332482), ("a-little-bit-long-string", -985981536),
    ("a-little-bit-longer-string", -1486304829), ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
    ("abc", 479470107),
])
def test_partitions_are_those_of_the_java_client(key, hash):
    for count in (1, 7, 64, 1 << 31):
        assert partition_of(key, count) == (hash & 0x7FFFFFFF) % count
    assert partition_of(key.encode(), 12) == partition_of(key, 12)


def test_every_message_has_its_topic_and_key():
    # What is a value of another message has no topic.
    kinds = [getattr(events_pb2, name) for name in events_pb2.DESCRIPTOR.message_types_by_name]
    assert len({topic_of(kind) for kind in kinds}) == len(kinds) == 9
    for kind in kinds:
        field = kind.DESCRIPTOR.fields_by_number[1].name
        assert key_of(kind(**{field: "é|x"})) == "é|x"


def test_what_is_no_event_has_no_topic():
    with pytest.raises(TypeError, match="IndicatorSnapshot is not an event"):
        topic_of(snapshots_pb2.IndicatorSnapshot())


def test_keys_are_read_and_written():
    assert SnapshotKey.parse("a|b||||2026-11") == SnapshotKey("a|b", "", "", "", "2026-11")
    assert str(SnapshotKey.parse("acme|p|w|FR|2026-11")) == "acme|p|w|FR|2026-11"
    assert str(ScaleKey.parse("p|||2026-11")) == "p|||2026-11"
    for parse, key in ((SnapshotKey.parse, "p|||2026-11"), (ScaleKey.parse, "acme|p|w|FR|2026-11")):
        with pytest.raises(ValueError, match="is not the key"):
            parse(key)


@pytest.mark.parametrize("name", [
    "partitioner", "acks", "request.required.acks", "enable.idempotence", "max.in.flight",
    "max.in.flight.requests.per.connection", "bootstrap.servers", "metadata.broker.list"])
def test_what_delivery_depends_on_cannot_be_set(name):
    with pytest.raises(ValueError, match=f"property {name} cannot be set"):
        EventProducer(NOWHERE, properties={name: "1"})


@pytest.mark.parametrize("name", ["isolation.level", "group.id", "enable.auto.commit", "auto.offset.reset"])
def test_what_reading_depends_on_cannot_be_set(name):
    with pytest.raises(ValueError, match=f"property {name} cannot be set"):
        ResultFollower(NOWHERE, properties={name: "1"})


SCALE = snapshots_pb2.IndicatorScale(month="2026-11", cell=snapshots_pb2.Cell(country="FR"))


@pytest.mark.parametrize("value", [
    SCALE.SerializeToString(), b'{"month":"2026-11","cell":{"country":"FR"}}',
    # The message at index 4, by its path; the first one, in both of its forms.
    b"\0\0\0\0\7\2\10" + SCALE.SerializeToString(), b"\0\0\0\0\7\0" + SCALE.SerializeToString(),
    b"\0\0\0\0\7\2\0" + SCALE.SerializeToString(), b'\0\0\0\0\7{"month":"2026-11","cell":{"country":"FR"}}'])
def test_values_are_read_in_every_format(value):
    assert parse(snapshots_pb2.IndicatorScale, value) == SCALE


@pytest.mark.parametrize("value", [
    b"\0", b"\0\0\0\0\7", b"\0\0\0\0\7\1", b"\0\0\0\0\7\2\xff\xff\xff\xff\xff\xff", b"{", b'{"month":1}', b"{\xff}", b"\7"])
def test_what_is_no_value_is_damaged(value):
    with pytest.raises(DecodeError):
        parse(snapshots_pb2.IndicatorScale, value)


def test_what_is_exported_exists():
    assert all(hasattr(partnerpulse, name) for name in partnerpulse.__all__)
