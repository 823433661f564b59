"""`topics copy`: the input records in topics with other partitions, each where it belongs."""

import json
import signal
import subprocess
import time

import pytest
from confluent_kafka import Producer

from foreign import read_all
from ndjson import CATALOG, assert_same_lines, events, expected
from program import PROGRAM, Application
from test_topics import admin, set_partitions  # noqa: F401

INPUTS = ["usage-actions", "license-assignments", "subscriptions", "billing-lines", "instances", "customers",
          "exam-passes", "affiliations", "partners"]


@pytest.fixture
def application(bootstrap_servers, make_application):
    return make_application(bootstrap_servers, catalog=CATALOG)


def copied(application, bootstrap_servers, tmp_path):
    """The application of the copy."""
    log = ["--bootstrap-servers", bootstrap_servers, "--topic-prefix", f"{application.name}.copy."]
    directory = tmp_path / "copied"
    directory.mkdir(exist_ok=True)
    return Application(log, directory, CATALOG, application.name)


def copy(application, partitions):
    return application.command("topics", "copy", "--to-prefix", f"{application.name}.copy.", "--partitions", partitions)


# Holds REL-47.
def test_a_result_over_more_partitions_is_the_same(application, bootstrap_servers, tmp_path, admin):  # noqa: F811
    application.create_topics(2)
    application.import_lines(events("set-102"))
    application.run_until_end()
    for topic in INPUTS:
        set_partitions(admin, f"{application.name}.{topic}", 3)
    done = copy(application, 5)
    assert done.returncode == 0, done.stderr
    counts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [count["topic"] for count in counts] == INPUTS
    assert all(count["source"] == count["target"] for count in counts)
    assert sum(count["source"] for count in counts) == len(events("set-102"))
    other = copied(application, bootstrap_servers, tmp_path)
    other.run_until_end()
    assert_same_lines(other.snapshots(), expected("set-102"))
    # Again: only what has come since.
    application.command("import", "-", stdin=b"")
    assert copy(application, 5).returncode == 0
    assert len(read_all(bootstrap_servers, [f"{other.log[3]}{topic}" for topic in INPUTS])) == len(events("set-102"))


def test_records_come_with_their_times_headers_and_the_right_key(application, bootstrap_servers, tmp_path):
    application.create_topics(4)
    producer = Producer({"bootstrap.servers": bootstrap_servers, "partitioner": "consistent"})
    line = {"subscriptionId": "s", "lineId": "l", "licenseProgram": "OPEN", "amountMicros": 1, "currency": "USD",
            "billedAt": "2026-11-05T00:00:00Z"}
    topic = f"{application.name}.billing-lines"
    stamp = 1_794_000_000_000
    for number in range(50):
        producer.produce(topic, json.dumps({"customerId": f"c{number}", **line}).encode(),
                         key=[f"c{number}", None, "order"][number % 3], timestamp=stamp + number,
                         headers=[("trace", str(number)), ("empty", b""), ("none", None)])
    producer.produce(topic, b"junk", key="k", timestamp=stamp)
    producer.produce(topic, None, key="k", timestamp=stamp)
    producer.flush()
    done = copy(application, 3)
    assert done.returncode == 0, done.stderr
    seen = read_all(bootstrap_servers, f"{application.name}.copy.billing-lines")
    assert len(seen) == 52
    whole = {message.value(): message for message in seen if message.value() not in (None, b"junk")}
    for number in range(50):
        message = whole[json.dumps({"customerId": f"c{number}", **line}).encode()]
        assert message.key() == f"c{number}".encode()
        assert message.timestamp()[1] == stamp + number
        assert message.headers() == [("trace", str(number).encode()), ("empty", b""), ("none", None)]
    assert sorted((message.key(), message.value() or b"") for message in seen if message.key() == b"k") == [
        (b"k", b""), (b"k", b"junk")]
    # Nothing lies in a wrong partition any more.
    outcome = copied(application, bootstrap_servers, tmp_path)
    outcome.run_until_end()
    rejected = read_all(bootstrap_servers, f"{application.name}.copy.rejected-events")
    assert {dict(message.headers())["reason"] for message in rejected} == {b"not_decodable"}


def test_a_copy_that_is_killed_goes_on_where_it_was(application, bootstrap_servers, tmp_path):
    application.create_topics(2)
    application.succeed("generate", "--until", "2026-11-20", "--partners", "20", "--customers", "200", "--users", "4000",
                        "--actions", "150000", "--months", "12")
    arguments = ["topics", "copy", "--to-prefix", f"{application.name}.copy.", "--partitions", "3"]
    for pause in (1.5, 2.0, 2.5):
        process = subprocess.Popen([PROGRAM, *arguments, *application.log], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = copy(application, 3)
    assert done.returncode == 0, done.stderr
    assert all(count["source"] == count["target"] for count in map(json.loads, done.stdout.splitlines()))


def test_what_is_not_the_copys_own_is_not_copied_into(application, bootstrap_servers, tmp_path):
    application.create_topics(1)
    application.import_lines(events("set-101"))
    other = copied(application, bootstrap_servers, tmp_path)
    other.create_topics(2)
    other.import_lines(events("set-101")[:3])
    outcome = copy(application, 2)
    assert outcome.returncode == 1
    assert "already have records" in outcome.stderr.decode()
    outcome = copy(application, 4)
    assert outcome.returncode == 1
    assert "2 partitions, not 4" in outcome.stderr.decode()
    same = application.command("topics", "copy", "--to-prefix", f"{application.name}.", "--partitions", 4)
    assert same.returncode == 2
    assert "--to-prefix" in same.stderr.decode()
