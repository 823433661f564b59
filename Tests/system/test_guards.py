"""What would make a result wrong without a word is refused, or made up for, saying so."""

import json
import subprocess
import time

import pytest
from confluent_kafka import KafkaError, KafkaException, Producer, TopicPartition

from foreign import read_all
from ndjson import CATALOG, assert_same_lines, events, expected
from program import environment
from test_topics import admin, delete, done, set_partitions, set_topic  # noqa: F401
from waiting import wait_for


@pytest.fixture(params=["sqlite", "kafka"])
def log(request):
    """The broker to make an application on; nothing for the embedded log."""
    return request.getfixturevalue("bootstrap_servers") if request.param == "kafka" else None


@pytest.fixture
def application(log, make_application):
    return make_application(log, catalog=CATALOG)


def other_catalogs():
    """Each differs from the fixture's in one thing that reaches results."""
    with open(CATALOG) as file:
        text = file.read()
    for change in ("currency", "country", "exam", "product"):
        catalog = json.loads(text)
        if change == "currency":
            catalog["reportingCurrency"] = "CHF"
        elif change == "country":
            catalog["excludedPartnerCountries"].append("FR")
        elif change == "exam":
            catalog["products"][0]["workloads"][0]["exams"].pop()
        else:
            catalog["products"].pop()
        yield change, catalog


def command(application, *words, catalog=None):
    """A command under another catalog: the one that is built in if none is given."""
    return application.command(*words, *(["--catalog", catalog] if catalog else []))


def assert_refused(outcome, *words):
    text = outcome.stderr.decode()
    assert outcome.returncode == 1, text
    assert all(word in text for word in words), text


# Holds REL-42.
def test_a_result_goes_on_under_its_own_catalog_only(application, tmp_path):
    application.create_topics(2)
    application.import_lines(events("set-101"))
    application.run_until_end()
    run = "run", "--application", application.name, "--until-end", "--state-dir", application.states / "state-b"
    partner = json.loads(expected("set-101")[0])["snapshot"]["key"].split("|")[0]
    for words in (run, ("explain", partner), ("serve", "--listen", "127.0.0.1:0")):
        assert_refused(command(application, *words), "computed with catalog ", "--catalog", "recompute")
    for change, catalog in other_catalogs():
        edited = tmp_path / f"{change}.json"
        edited.write_text(json.dumps(catalog))
        assert_refused(command(application, *run, catalog=edited), "computed with catalog ")
    # Names reach no result.
    with open(CATALOG) as file:
        catalog = json.load(file)
    catalog["products"][0]["name"] += " (new)"
    renamed = tmp_path / "renamed.json"
    renamed.write_text(json.dumps(catalog))
    assert command(application, *run, catalog=renamed).returncode == 0
    assert_same_lines(application.snapshots(), expected("set-101"))


def test_a_result_of_the_built_in_catalog_is_not_gone_on_with_under_another(log, make_application):
    application = make_application(log)
    application.create_topics(1)
    application.run_until_end()
    run = "run", "--application", application.name, "--until-end", "--state-dir", application.states / "state-b"
    assert_refused(command(application, *run, catalog=CATALOG), "computed with catalog ")
    assert command(application, *run).returncode == 0


# Holds REL-47.
def test_an_input_with_more_partitions_is_refused_by_all_who_write(bootstrap_servers, make_application, admin):  # noqa: F811
    application = make_application(bootstrap_servers, catalog=CATALOG)
    application.create_topics(2)
    application.import_lines(events("set-101"))
    application.run_until_end()
    before = application.snapshots()
    for topic in ("usage-actions", "license-assignments", "subscriptions", "billing-lines", "instances", "customers",
                  "exam-passes", "affiliations", "partners"):
        set_partitions(admin, f"{application.name}.{topic}", 3)
        if topic == "usage-actions":
            # Now the inputs differ in count.
            for words in (application.run_arguments("a", "--until-end"), ["import", "-"], ["generate"]):
                assert_refused(application.command(*words, stdin=b""), "usage-actions")
    for words in (application.run_arguments("a", "--until-end"), ["import", "-"], ["generate"],
                  application.run_arguments("a", command="recompute")):
        assert_refused(application.command(*words, stdin=b""), "2 partitions", "3", "topics copy")
    assert application.snapshots() == before


# Holds REL-18, REL-48.
@pytest.mark.parametrize("topic", ["indicator-snapshots", "indicator-scales"])
def test_a_result_that_was_lost_is_published_again(bootstrap_servers, make_application, admin, topic):  # noqa: F811
    application = make_application(bootstrap_servers, catalog=CATALOG)
    application.create_topics(2)
    application.import_lines(events("set-101"))
    application.run_until_end()
    delete(admin, f"{application.name}.{topic}")
    application.create_topics(2)
    again = application.command(*application.run_arguments("a", "--until-end"))
    assert again.returncode == 0, again.stderr
    assert f"{topic} has lost records that were written to it" in again.stderr.decode()
    assert_same_lines(application.snapshots(), expected("set-101"))
    # It says so once, and a member without the checkpoints finds nothing amiss either.
    for member in ("a", "b"):
        calm = application.command(*application.run_arguments(member, "--until-end"))
        assert "has lost records" not in calm.stderr.decode()


def is_truncated(admin, topic, offset):  # noqa: F811
    """Tries; a broker hears of a new policy a little later."""
    try:
        done(admin.delete_records([TopicPartition(topic, 0, offset)]))
    except KafkaException as error:
        assert error.args[0].code() == KafkaError.POLICY_VIOLATION
        return False
    return True


# Holds REL-48.
def test_a_result_that_was_truncated_is_published_again(bootstrap_servers, make_application, admin):  # noqa: F811
    application = make_application(bootstrap_servers, catalog=CATALOG)
    application.create_topics(1)
    application.import_lines(events("set-101"))
    application.run_until_end()
    topic = f"{application.name}.indicator-snapshots"
    # Kafka truncates a compacted topic only while its policy is another one.
    set_topic(admin, topic, "cleanup.policy", "compact,delete")
    wait_for(lambda: is_truncated(admin, topic, 20))
    set_topic(admin, topic, "cleanup.policy", "compact")
    again = application.command(*application.run_arguments("a", "--until-end"))
    assert "has lost records that were written to it" in again.stderr.decode()
    assert_same_lines(application.snapshots(), expected("set-101"))


# Holds REL-49.
@pytest.mark.parametrize("topic", ["partner-partials", "rejected-events"])
def test_what_cannot_be_published_again_is_refused(bootstrap_servers, make_application, admin, topic):  # noqa: F811
    application = make_application(bootstrap_servers, catalog=CATALOG)
    application.create_topics(2)
    application.import_lines(events("set-101"))
    application.import_lines([json.dumps({"topic": "customers", "value": {
        "customerId": "c", "country": "fr", "effectiveAt": "2026-01-01T00:00:00Z"}}).encode()])
    application.run_until_end()
    delete(admin, f"{application.name}.{topic}")
    application.create_topics(2)
    assert_refused(application.command(*application.run_arguments("a", "--until-end")), topic, "recompute")


# Holds REL-50.
def test_what_is_said_to_be_published_can_be_seen(bootstrap_servers, make_application):
    """A transaction that somebody left open hides what comes after it until it times out."""
    application = make_application(bootstrap_servers, catalog=CATALOG)
    application.create_topics(1)
    lines = events("set-101")
    application.import_lines(lines[:10])
    application.run_until_end()
    application.import_lines(lines[10:])
    producer = Producer({"bootstrap.servers": bootstrap_servers, "transactional.id": f"{application.name}-open",
                         "transaction.timeout.ms": 8_000})
    producer.init_transactions()
    producer.begin_transaction()
    producer.produce(f"{application.name}.indicator-snapshots", key=b"nobody|||||", value=b"")
    producer.flush()
    start = time.monotonic()
    application.run_until_end()
    # A reader that reads as far as it can sees now has it all, without waiting.
    seen = read_all(bootstrap_servers, f"{application.name}.indicator-snapshots")
    assert time.monotonic() - start > 4, "the transaction was not open"
    wanted = {json.loads(line)["snapshot"]["key"] for line in expected("set-101") if b'"snapshot"' in line}
    newest = {message.key().decode(): message.value() for message in seen}
    assert {key for key, value in newest.items() if value is not None} == wanted


# Holds REL-46.
def test_events_in_wrong_partitions_are_refused_counted_and_warned_of(bootstrap_servers, make_application):
    application = make_application(bootstrap_servers)
    application.create_topics(4)
    placed = Producer({"bootstrap.servers": bootstrap_servers, "partitioner": "murmur2_random"})
    other = Producer({"bootstrap.servers": bootstrap_servers, "partitioner": "consistent"})

    def send(producer, topic, key, value, **place):
        producer.produce(f"{application.name}.{topic}", json.dumps(value).encode(), key=key, **place)

    line = {"subscriptionId": "s", "lineId": "l", "licenseProgram": "OPEN", "amountMicros": 1, "currency": "USD",
            "billedAt": "2026-11-05T00:00:00Z"}
    for number in range(40):
        send(other, "billing-lines", f"c{number}", {"customerId": f"c{number}", **line})
    # Without a key, and under one that is not the entity's id.
    send(placed, "billing-lines", None, {"customerId": "c1", **line}, partition=0)
    send(placed, "billing-lines", "order-17", {"customerId": "c1", **line})
    send(placed, "billing-lines", "c1", {"customerId": "c1", **line})
    placed.flush()
    other.flush()
    outcome = application.command(*application.run_arguments("a", "--until-end"))
    text = outcome.stderr.decode()
    assert text.count("events of billing-lines are in the wrong partitions") == 1, text
    rejected = read_all(bootstrap_servers, f"{application.name}.rejected-events")
    assert len(rejected) > 20
    assert f"wrong_partition {len(rejected)}" in text, text
    for message in rejected:
        headers = {name: value.decode() for name, value in message.headers()}
        assert headers["reason"] == "wrong_partition"
        if message.key() not in (None, b"order-17"):
            assert headers["partition"] != headers["expected_partition"]


# Holds REL-51.
def test_slow_brokers_make_transactions_smaller(bootstrap_servers, make_application):
    """A quota of 40 kB a second: all of it in one transaction would take longer than a transaction may."""
    client = f"slow-{time.time_ns()}"
    application = make_application(bootstrap_servers, {"client.id": client})
    application.create_topics(1)
    application.succeed("generate", "--until", "2026-11-20", "--partners", "20", "--customers", "60", "--users", "300",
                        "--actions", "1500", "--months", "12")
    set_quota(bootstrap_servers, client, 40_000)
    started = application.command(*application.run_arguments(
        "a", "--until-end", "--kafka-property", "transaction.timeout.ms=5000"))
    assert started.returncode == 0, started.stderr
    assert "restoring from the last committed state" not in started.stderr.decode(), started.stderr
    assert application.snapshots()


def set_quota(bootstrap_servers, client, rate):
    home = environment("KAFKA_HOME")
    if not home:
        pytest.skip("KAFKA_HOME is not set")
    subprocess.run(
        [f"{home}/bin/kafka-configs.sh", "--bootstrap-server", bootstrap_servers, "--alter", "--entity-type", "clients",
         "--entity-name", client, "--add-config", f"producer_byte_rate={rate}"], check=True, capture_output=True)
