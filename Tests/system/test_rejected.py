"""Refused events are in `rejected-events` as they came, with the reason and the place, and `rejected` lists them."""

import base64
import json
import sqlite3

import pytest
from confluent_kafka import TIMESTAMP_CREATE_TIME, Producer
from confluent_kafka.admin import AdminClient

import messages
from foreign import read_all
from ndjson import CATALOG, assert_same_lines, events, expected
from test_topics import set_topic

# The time of records, in milliseconds.
_TIME = 1_700_000_000_000
# Ours begin with the last header of this name.
_FIRST_OF_OURS = "reason"
# What the program reckons with for each header besides its bytes.
_HEADER = 10


def take_apart(message):
    """The producer's headers of a refused event, and ours by name."""
    headers = message.headers()
    start = max(index for index, (name, _) in enumerate(headers) if name == _FIRST_OF_OURS)
    ours = [(name, value.decode()) for name, value in headers[start:]]
    assert len({name for name, _ in ours}) == len(ours)
    return headers[:start], dict(ours)


class Records:
    """Writes records to the input topics of an application on Kafka, and knows where each is."""

    def __init__(self, bootstrap_servers, application, properties=()):
        self._prefix = f"{application.name}."
        self._producer = Producer(
            {"bootstrap.servers": bootstrap_servers, "partitioner": "murmur2_random", **dict(properties)})
        # By topic, partition and offset.
        self.sent = {}

    def write(self, topic, key, value, headers=(), timestamp=_TIME, partition=0):
        """Partition -1 is that of the key."""
        def delivered(error, message):
            assert error is None, error
            self.sent[topic, message.partition(), message.offset()] = (key, value, list(headers), timestamp)

        self._producer.produce(
            self._prefix + topic, key=key, value=value, headers=list(headers), timestamp=timestamp,
            partition=partition, on_delivery=delivered)
        self._producer.poll(0)

    def flush(self):
        assert self._producer.flush(60) == 0


@pytest.fixture
def application(bootstrap_servers, make_application):
    return make_application(bootstrap_servers, catalog=CATALOG)


def found_in(bootstrap_servers, application):
    """The refused events by topic, partition and offset: key, value, the producer's headers, time; and our headers."""
    found = {}
    for message in read_all(bootstrap_servers, f"{application.name}.rejected-events"):
        headers, ours = take_apart(message)
        place = ours["topic"], int(ours["partition"]), int(ours["offset"])
        assert place not in found
        kind, time = message.timestamp()
        assert kind == TIMESTAMP_CREATE_TIME
        found[place] = (message.key(), message.value(), headers, time), ours
    return found


def listed(application, *options):
    """What `rejected` prints, by topic, partition and offset."""
    lines = map(json.loads, application.succeed("rejected", *options).splitlines())
    return {(line["topic"], line["partition"], line["offset"]): line for line in lines}


# Holds REL-2, SEM-52, SEM-53.
def test_rejected_events_are_kept_as_they_came(bootstrap_servers, application):
    application.create_topics(3)
    application.import_lines(events("set-101"))
    types = messages.events()
    no_user = types.UsageAction(customer_id="c", subscription_id="s", workload="w", intentional=True)
    no_user.occurred_at.FromJsonString("2026-01-01T00:00:00Z")
    too_old = types.Customer(customer_id="c", country="FR", revision=1)
    too_old.effective_at.FromJsonString("1999-12-31T23:59:59Z")
    records = Records(bootstrap_servers, application)
    for topic, key, value, headers in (
        ("usage-actions", b"c", no_user.SerializeToString(), [("trace", b"42"), ("trace", b""), ("none", None)]),
        ("usage-actions", b"c", b"\x0a\xff", []),
        ("usage-actions", None, b"{ this is no JSON", [("reason", b"mine"), ("detail", b"\xff")]),
        ("customers", b"c", too_old.SerializeToString(), []),
        ("customers", b"", b"\x0a\xfe", []),
        ("customers", b"\xff\x00", None, [("topic", b"mine")]),
        ("customers", None, b"junk", []),
    ):
        records.write(topic, key, value, headers, _TIME + len(records.sent), partition=-1)
    records.flush()

    application.run_until_end()
    assert_same_lines(application.snapshots(), expected("set-101"))
    found = found_in(bootstrap_servers, application)
    assert {place: record for place, (record, _) in found.items()} == records.sent
    wanted = {
        no_user.SerializeToString(): ("missing_id", None),
        b"\x0a\xff": ("not_decodable", "truncated at byte 1"),
        b"{ this is no JSON": ("not_decodable", "malformed JSON at byte 2"),
        too_old.SerializeToString(): ("event_time_before_2000", None),
        None: ("not_decodable", "no value"),
        b"\x0a\xfe": ("not_decodable", "truncated at byte 1"),
        b"junk": ("not_decodable", "truncated at byte 2"),
    }
    lines = listed(application)
    assert set(lines) == set(found)
    for place, ((key, value, headers, time), ours) in found.items():
        assert (ours["reason"], ours.get("detail")) == wanted[value]
        line = lines[place]
        assert (line["reason"], line.get("detail")) == wanted[value]
        assert line["timestamp"].startswith("2023-11-14T22:13:20")
        assert "truncated" not in line
        if key == b"\xff\x00":
            assert base64.b64decode(line["key_base64"]) == key
        else:
            assert line["key"] == (key if key is None else key.decode())
        assert len(line["headers"]) == len(headers)
    by_value = {value: lines[place] for place, ((_, value, _, _), _) in found.items()}
    assert by_value[no_user.SerializeToString()]["value"] == {
        "customerId": "c", "subscriptionId": "s", "workload": "w", "intentional": True,
        "occurredAt": "2026-01-01T00:00:00Z"}
    assert by_value[no_user.SerializeToString()]["headers"] == [
        {"name": "trace", "value": "42"}, {"name": "trace", "value": ""}, {"name": "none", "value": None}]
    assert by_value[b"{ this is no JSON"]["value_text"] == "{ this is no JSON"
    assert by_value[b"{ this is no JSON"]["headers"] == [
        {"name": "reason", "value": "mine"}, {"name": "detail", "value_base64": "/w=="}]
    assert by_value[b"\x0a\xff"]["value_base64"] == "Cv8="
    assert by_value[None]["value"] is None
    assert {line["reason"] for line in listed(application, "--reason", "missing_id").values()} == {"missing_id"}
    assert set(listed(application, "--topic", "customers")) == {place for place in lines if place[0] == "customers"}


# What is on the wire may be larger or smaller than a record: the broker's own limit is on the compressed batch.
_LARGE = [
    (b"c", b"\xff" * 1_000_001, []),
    (b"c", b"\xff" * 1_048_000, []),
    (b"k" * 600_000, b"\xff" * 400_000, []),
    (b"k" * 1_040_000, None, []),
    (None, b"\xff", [(f"header-{number}", b"h" * 20) for number in range(25_000)]),
    (None, b"\xff", [("header", b"h" * 1_040_000), ("other", b"o")]),
]


def check_large(found, sent, limit, headroom):
    """Each is whole if it fits, else its beginning with the sizes of the whole; nothing is larger than `limit`."""
    assert set(found) == set(sent)
    cut = 0
    for place, ((key, value, headers, time), ours) in found.items():
        whole_key, whole_value, whole_headers, whole_time = sent[place]
        assert time == whole_time
        size = len(key or b"") + len(value or b"")
        size += sum(len(name) + len(each or b"") + _HEADER for name, each in headers)
        assert size < limit
        note = dict(part.split("=") for part in ours.get("truncated", "").split(",") if part)
        assert (whole_value or b"").startswith(value or b"") and (value is None) == (whole_value is None)
        assert (whole_key or b"").startswith(key or b"") and (key is None) == (whole_key is None)
        assert whole_headers[:len(headers)] == headers
        assert ("value" in note) == (value != whole_value)
        assert ("key" in note) == (key != whole_key)
        assert ("headers" in note) == (headers != whole_headers)
        if note:
            cut += 1
            assert int(note.get("value", len(whole_value or b""))) == len(whole_value or b"")
            assert int(note.get("key", len(whole_key or b""))) == len(whole_key or b"")
            assert int(note.get("headers", len(whole_headers))) == len(whole_headers)
            # Much of it is there, unless that is one header, which is left out as a whole.
            assert size > limit * headroom or any(len(each or b"") > limit / 4 for _, each in whole_headers)
    return cut


@pytest.mark.parametrize("topic, settings, properties", [
    ("partner-partials", {}, {"message.max.bytes": "20000"}),
    ("partner-partials", {}, {"queue.buffering.max.kbytes": "20"}),
    ("indicator-snapshots", {"max.message.bytes": "2000"}, {}),
    ("rejected-events", {"max.message.bytes": "2000"}, {}),
])
def test_what_takes_too_little_for_what_may_be_written_is_named(
        bootstrap_servers, make_application, topic, settings, properties):
    application = make_application(bootstrap_servers, properties, catalog=CATALOG)
    application.create_topics(1)
    for name, value in settings.items():
        set_topic(AdminClient({"bootstrap.servers": bootstrap_servers}), f"{application.name}.{topic}", name, value)
    done = application.command(*application.run_arguments("a", "--until-end"))
    assert done.returncode == 1
    assert f"topic {topic} " in done.stderr.decode() and "max.message.bytes" in done.stderr.decode()


# With how many of the records below cut; by default what a default broker takes is whole.
# Holds REL-12, REL-40, SEM-53.
@pytest.mark.parametrize("limit, properties, cut", [
    (None, {}, 2), (1_000_000, {}, 8), (10_000, {}, 8), (None, {"queue.buffering.max.kbytes": "700"}, 8),
    (None, {"message.max.bytes": "900000"}, 8),
])
def test_records_of_any_size_are_refused_and_never_fatal(
        bootstrap_servers, make_application, limit, properties, cut):
    application = make_application(bootstrap_servers, properties, catalog=CATALOG)
    application.create_topics(1)
    if limit:
        admin = AdminClient({"bootstrap.servers": bootstrap_servers})
        set_topic(admin, f"{application.name}.rejected-events", "max.message.bytes", str(limit))
    running = application.start("a")
    largest = Records(bootstrap_servers, application, {"message.max.bytes": "1048588"})
    for key, value, headers in _LARGE:
        largest.write("customers", key, value, headers)
    largest.flush()
    # Eight million zeros are a small batch.
    zeros = Records(
        bootstrap_servers, application, {"message.max.bytes": "50000000", "compression.type": "zstd", "batch.size": 1})
    zeros.write("customers", b"c", b"\0" * 8_000_000)
    zeros.write("customers", b"\0" * 3_000_000, b"\0" * 3_000_000)
    zeros.flush()
    application.import_lines(events("set-101"))
    application.run_until_end("b")
    application.stop(running)
    assert_same_lines(application.snapshots(), expected("set-101"))
    found = found_in(bootstrap_servers, application)
    room = limit or int(properties.get("message.max.bytes", 1_100_000))
    room = min(room, 1024 * int(properties.get("queue.buffering.max.kbytes", room)))
    assert check_large(found, largest.sent | zeros.sent, room, 0.9) == cut
    lines = listed(application)
    place = next(place for place, (_, value, *_) in zeros.sent.items() if len(value) == 8_000_000)
    assert lines[place]["truncated"] == {"value": 8_000_000}


# Holds REL-40.
def test_much_that_is_refused_at_once_goes_out_in_several_transactions(bootstrap_servers, application):
    application.create_topics(2)
    records = Records(
        bootstrap_servers, application,
        {"compression.type": "lz4", "linger.ms": 50, "queue.buffering.max.kbytes": 1_000_000})
    # Three hundred megabytes, more than a producer's queue takes, in few bytes of a fetch.
    for number in range(400):
        records.write("customers", str(number).encode(), b"\0" * 750_000, partition=number % 2)
    records.flush()
    application.run_until_end()
    found = found_in(bootstrap_servers, application)
    assert check_large(found, records.sent, 1_000_000, 0.9) == 0


def test_a_batch_that_is_too_large_to_decompress_is_named_and_read_once_it_may_be(bootstrap_servers, application):
    application.create_topics(1)
    records = Records(
        bootstrap_servers, application,
        {"compression.type": "zstd", "message.max.bytes": 200_000_000, "queue.buffering.max.kbytes": 400_000})
    records.write("customers", b"c", b"\0" * 120_000_000)
    records.flush()
    done = application.command(*application.run_arguments("a", "--until-end"))
    assert done.returncode == 1
    message = done.stderr.decode()
    assert "customers-0" in message and "at 0 of" in message and "receive.message.max.bytes" in message
    application.run_until_end("a", "--kafka-property", "receive.message.max.bytes=200000000")
    assert check_large(found_in(bootstrap_servers, application), records.sent, 1_100_000, 0.9) == 1


def test_a_file_takes_records_of_any_kind(make_application):
    application = make_application(catalog=CATALOG)
    application.import_lines(events("set-101"))
    path = application.log[1]
    sent = {}
    with sqlite3.connect(path) as log:
        topic, = log.execute("SELECT id FROM topics WHERE name = 'customers'").fetchone()
        for key, value, headers in (
            (None, b"junk", b""), (b"", b"\xff" * 30_000_000, b""), (b"k" * 5_000_000, None, b""),
            (b"c", b"\xff", b"\x05\0\0\0trace\x02\0\0\x0042" + b"\x04\0\0\0none\xff\xff\xff\xff"),
        ):
            offset, = log.execute(
                "SELECT next_offset FROM partitions WHERE topic = ? AND partition = 0", (topic,)).fetchone()
            log.execute(
                "INSERT INTO records VALUES (?, 0, ?, ?, ?, ?, ?)",
                (topic, offset, _TIME + len(sent), key, value, headers or None))
            log.execute(
                "UPDATE partitions SET next_offset = next_offset + 1 WHERE topic = ? AND partition = 0", (topic,))
            sent["customers", 0, offset] = (key, value, _TIME + len(sent))
    application.run_until_end()
    assert_same_lines(application.snapshots(), expected("set-101"))
    with sqlite3.connect(path) as log:
        rows = log.execute(
            "SELECT key, value, timestamp FROM records JOIN topics ON topics.id = topic WHERE name = 'rejected-events'")
        assert sorted(rows, key=str) == sorted(sent.values(), key=str)
    lines = listed(application)
    assert set(lines) == set(sent)
    assert [line["headers"] for line in lines.values() if line["headers"]] == [
        [{"name": "trace", "value": "42"}, {"name": "none", "value": None}]]
    assert {line.get("value_text") for line in lines.values()} == {None, "junk"}
