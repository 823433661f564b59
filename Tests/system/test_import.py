"""What `import` does with lines that come slowly, with signals, with what the log does not take, and with new files."""

import contextlib
import datetime
import fcntl
import json
import random
import signal
import sqlite3
import subprocess
import sys
import termios
import time

import pytest
from confluent_kafka.admin import AdminClient

from foreign import read_all
from program import PATIENCE, PROGRAM
from test_topics import set_topic
from waiting import SLOWNESS, wait_for


@pytest.fixture(params=["sqlite", "kafka"])
def application(request, make_application):
    """An application with its topics on each of the logs."""
    servers = request.getfixturevalue("bootstrap_servers") if request.param == "kafka" else None
    application = make_application(servers)
    application.create_topics(2)
    return application


@pytest.fixture
def kafka_application(bootstrap_servers, make_application):
    application = make_application(bootstrap_servers)
    application.create_topics(2)
    return application


def customer(customer_id, timestamp=None, **fields):
    line = {"topic": "customers", "value": {"customerId": customer_id, "effectiveAt": "2026-01-01T00:00:00Z", **fields}}
    if timestamp:
        line["timestamp"] = timestamp
    return json.dumps(line).encode()


def ahead(**time):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**time)).isoformat()


class Importer:
    """An import of what is written into a pipe."""

    def __init__(self, application):
        self.process = subprocess.Popen(
            [PROGRAM, "import", "-", *application.log], cwd=application.directory,
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        application.processes.append(self.process)

    def send(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def has_read(self):
        """Whether it has taken all that was sent out of the pipe."""
        unread = fcntl.ioctl(self.process.stdin, termios.FIONREAD, b"\0" * 4)
        return int.from_bytes(unread, sys.byteorder) == 0

    def end(self):
        """Waits for the end without closing the pipe; returns the exit code and what it said."""
        self.process.wait(PATIENCE)
        return self.process.returncode, self.process.stderr.read().decode()


def customers(application):
    """Who is in the log, as another process sees it."""
    if "--data" in application.log:
        with contextlib.closing(sqlite3.connect(application.log[1])) as log:
            return [key.decode() for (key,) in log.execute(
                "SELECT key FROM records JOIN topics ON topics.id = topic WHERE name = 'customers'")]
    servers, prefix = application.log[1], application.log[3]
    return [message.key().decode() for message in read_all(servers, [f"{prefix}customers"])]


# Holds REL-39.
def test_a_slow_pipe_is_in_the_log_within_a_second(application):
    importer = Importer(application)
    importer.send(customer("first") + b"\n")
    wait_for(lambda: customers(application) == ["first"])
    for number in range(3):
        # A line in two pieces, at a pace at which something always comes before the wait for it is over.
        line = customer(f"customer-{number}") + b"\n"
        start = time.monotonic()
        importer.send(line[:20])
        time.sleep(0.05)
        importer.send(line[20:])
        wait_for(lambda: f"customer-{number}" in customers(application), 20)
        # Reading takes its time too.
        assert time.monotonic() - start < 3 * SLOWNESS
    importer.process.stdin.close()
    code, said = importer.end()
    assert code == 0, said
    assert "4 events imported" in said


# Holds REL-39.
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_writes_what_was_read(application, number):
    importer = Importer(application)
    importer.send(customer("before") + b"\noops\n")
    wait_for(lambda: customers(application) == ["before"])
    # It has not been read for long when the signal comes, and the last line is not whole.
    importer.send(customer("after") + b"\n" + customer("half")[:-1])
    wait_for(importer.has_read)
    start = time.monotonic()
    importer.process.send_signal(number)
    code, said = importer.end()
    assert time.monotonic() - start < 2 * SLOWNESS
    assert code == 1
    assert "2 events imported" in said
    assert "interrupted; 1 invalid line skipped" in said
    assert sorted(customers(application)) == ["after", "before"]


# Holds SEM-69.
def test_a_line_from_the_future_is_reported_and_the_rest_goes_in(application):
    lines = [customer(f"c-{number}") for number in range(200)]
    for number in (0, 100, 101):
        lines[number] = customer(f"c-{number}", timestamp=ahead(hours=2))
    lines[50] = customer("c-50", timestamp=ahead(minutes=30))
    done = application.command("import", "-", stdin=b"\n".join(lines))
    said = done.stderr.decode()
    assert done.returncode == 1, said
    reported = [line for line in said.splitlines() if line.startswith("standard input:")]
    # On Kafka a partition at a time.
    assert sorted(int(line.split(":")[1]) for line in reported) == [1, 101, 102]
    assert all("the record's timestamp" in line and "(INVALID_TIMESTAMP)" in line for line in reported)
    assert "197 events imported" in said and "3 invalid lines skipped" in said
    assert sorted(customers(application)) == sorted(f"c-{number}" for number in range(200) if number not in (0, 100, 101))


def test_a_line_that_is_too_large_is_reported_by_number(application):
    large = customer("large", name="x" * (65 << 20))
    done = application.command("import", "-", stdin=b"\n".join([customer("a"), large, customer("b")]))
    said = done.stderr.decode()
    assert done.returncode == 1, said
    assert "standard input:2: the line is too large" in said
    assert "2 events imported" in said
    assert sorted(customers(application)) == ["a", "b"]


def test_a_row_that_the_log_refuses_is_reported_by_its_line(kafka_application, bootstrap_servers):
    set_topic(AdminClient({"bootstrap.servers": bootstrap_servers}), f"{kafka_application.name}.customers",
              "max.message.bytes", "50000")
    directory = kafka_application.directory
    noise = random.Random(2)
    rows = [f'c-{number},"{noise.getrandbits(400):x}\n",2026-01-01' for number in range(500)]
    rows[200] = f"large,{noise.getrandbits(800_000):x},2026-01-01"
    (directory / "rows.csv").write_text("id,name,since\n" + "\n".join(rows))
    (directory / "map.json").write_text(
        json.dumps({"fields": {"customerId": "id", "name": "name", "effectiveAt": "since"}}))
    done = kafka_application.command("import", "--csv", "customers=rows.csv", "--map", "map.json")
    said = done.stderr.decode()
    assert done.returncode == 1, said
    # Two lines for each row before, and the header.
    assert "rows.csv:402: " in said and "(MSG_SIZE_TOO_LARGE)" in said
    assert "499 events imported" in said
    assert len(customers(kafka_application)) == 499


# Holds REL-38.
def test_what_a_kafka_topic_is_too_small_for_is_reported(kafka_application, bootstrap_servers):
    admin = AdminClient({"bootstrap.servers": bootstrap_servers})
    set_topic(admin, f"{kafka_application.name}.customers", "max.message.bytes", "50000")
    noise = random.Random(1)
    lines = [customer(f"c-{number}", name=f"{noise.getrandbits(400):x}") for number in range(5000)]
    lines[1200] = customer("above-the-topics", name=f"{noise.getrandbits(800_000):x}")
    lines[3000] = customer("above-the-producers", name="x" * 2_000_000)
    done = kafka_application.command("import", "-", stdin=b"\n".join(lines))
    said = done.stderr.decode()
    assert done.returncode == 1, said
    assert "standard input:1201: the record is too large for the topic's limit" in said
    assert "standard input:3001: the record is too large for the producer's limit" in said
    assert "4998 events imported" in said and "2 invalid lines skipped" in said
    assert "Fatal" not in said
    found = customers(kafka_application)
    assert len(found) == 4998 and len(set(found)) == 4998


def test_a_full_disk_ends_the_import_with_one_message(make_application):
    application = make_application()
    lines = b"\n".join(customer(f"c-{number}", name="x" * 1000) for number in range(5000))
    # A file that may not grow is as good as a disk that is full.
    command = ["bash", "-c", 'ulimit -f 1000; trap "" XFSZ; exec "$0" "$@"', PROGRAM, "import", "-", *application.log]
    done = subprocess.run(command, input=lines, capture_output=True, timeout=PATIENCE, cwd=application.directory)
    said = done.stderr.decode()
    assert done.returncode == 1, said
    assert len(said.splitlines()) == 1 and "SQLITE_" in said


# Holds REL-37.
def test_first_imports_at_the_same_time_all_go_in(make_application):
    for _ in range(10):
        application = make_application()
        imports = [Importer(application) for _ in range(4)]
        for number, importer in enumerate(imports):
            importer.send(customer(f"c-{number}") + b"\n")
            importer.process.stdin.close()
        for importer in imports:
            code, said = importer.end()
            assert code == 0, said
        assert sorted(customers(application)) == [f"c-{number}" for number in range(4)]


# Holds REL-37.
def test_a_first_import_that_is_killed_leaves_what_the_next_one_takes(make_application):
    chance = random.Random(1)
    halfway = 0
    for _ in range(60):
        application = make_application()
        importer = Importer(application)
        importer.send(customer("killed") + b"\n")
        time.sleep(chance.uniform(0, 0.03) * SLOWNESS)
        importer.process.kill()
        importer.end()
        done = application.command("import", "-", stdin=customer("next"))
        assert done.returncode == 0, done.stderr.decode()
        found = customers(application)
        halfway += found == ["next"]
        assert found in (["next"], ["killed", "next"])
        application.run_until_end()
    assert halfway > 0
