"""Refused events are in `rejected-events`, as they came, with the reason and the place."""

from confluent_kafka import Producer

import messages
from foreign import read_all
from ndjson import CATALOG, assert_same_lines, events, expected


def test_refused_events_are_kept_with_their_reason(bootstrap_servers, make_application):
    application = make_application(bootstrap_servers, catalog=CATALOG)
    application.create_topics(3)
    application.import_lines(events("set-101"))
    producer = Producer({"bootstrap.servers": bootstrap_servers, "partitioner": "murmur2_random"})
    sent = {}

    def delivered(error, message):
        assert error is None
        sent[message.topic().removeprefix(f"{application.name}."), message.partition(), message.offset()] = (
            message.key(), message.value())

    types = messages.events()
    no_user = types.UsageAction(customer_id="c", subscription_id="s", workload="w", intentional=True)
    no_user.occurred_at.FromJsonString("2026-01-01T00:00:00Z")
    too_old = types.Customer(customer_id="c", country="FR", revision=1)
    too_old.effective_at.FromJsonString("1999-12-31T23:59:59Z")
    for topic, key, value in (
        ("usage-actions", b"c", no_user.SerializeToString()),
        ("usage-actions", b"c", b"\x0a\xff"),
        ("usage-actions", None, b"{ this is no JSON"),
        ("customers", b"c", too_old.SerializeToString()),
    ):
        producer.produce(f"{application.name}.{topic}", key=key, value=value, on_delivery=delivered)
    assert producer.flush(30) == 0

    application.run_until_end()
    assert_same_lines(application.snapshots(), expected("set-101"))
    found = {}
    reasons = []
    for message in read_all(bootstrap_servers, f"{application.name}.rejected-events"):
        headers = {name: value.decode() for name, value in message.headers()}
        assert sorted(headers) == ["offset", "partition", "reason", "topic"]
        place = headers["topic"], int(headers["partition"]), int(headers["offset"])
        found[place] = (message.key() or None, message.value())
        reasons.append(headers["reason"])
    assert found == sent
    assert len(set(reasons)) == 3, reasons
