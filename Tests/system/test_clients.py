"""The clients beside the program: what they write is counted, and what they read is what the program shows."""

import json
import queue
import re
import subprocess
import sys
import threading

import pytest

from client_package import CLIENTS, package  # noqa: F401
from ndjson import CATALOG, assert_same_lines, catalog_with_one_product, events, expected
from program import PATIENCE, PROGRAM, ROOT, environment
from test_topics import admin, done  # noqa: F401

LINES = events("set-101")
PARTITIONS = 3

pytestmark = pytest.mark.xdist_group("clients")


@pytest.fixture
def application(bootstrap_servers, make_application):
    application = make_application(bootstrap_servers, catalog=CATALOG)
    application.create_topics(PARTITIONS)
    return application


def recompute_with_one_product(application, directory):
    """Another result, under another catalog: some keys are gone, others differ."""
    application.succeed(
        "recompute", "--until-end", "--catalog", catalog_with_one_product(directory), "--application",
        application.name, "--state-dir", directory / "state")


def run(*command, environment=None, input=None):
    done = subprocess.run(
        list(map(str, command)), env=environment, input=input, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def produce(package, application, bootstrap_servers, lines):
    return run(sys.executable, CLIENTS / "python/examples/produce.py", bootstrap_servers, application.name + ".",
               environment=package, input="".join(line.decode() + "\n" for line in lines))


def tab_separated(lines):
    """The topic, key and value of each event."""
    keys = {"partners": "partnerId", "exam-passes": "personId", "affiliations": "personId"}
    for event in map(json.loads, lines):
        topic = event["topic"]
        yield topic, event["value"][keys.get(topic, "customerId")], json.dumps(event["value"])


class Follower:
    """The example that follows the result: applies the changes that it prints."""

    def __init__(self, package, application, bootstrap_servers):
        self.process = subprocess.Popen(
            [sys.executable, CLIENTS / "python/examples/follow.py", bootstrap_servers, application.name + "."],
            env=package, stdout=subprocess.PIPE, text=True)
        self.result = {}
        self.switches = []
        self.seen = set()
        self._changes = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._changes.put(json.loads(line))
        self._changes.put({"change": "ended"})

    def follow_until(self, condition):
        """Applies changes until they have led to what is wanted."""
        while not condition():
            change = self._changes.get(timeout=PATIENCE)
            self.seen.add(change["change"])
            match change["change"]:
                case "snapshot" | "scale" as what:
                    self.result[what, change["key"]] = SHAPES[what](change["value"])
                case "removed":
                    # The keys of scales have fewer parts than those of snapshots.
                    del self.result["scale" if change["key"].count("|") == 3 else "snapshot", change["key"]]
                case "switched":
                    self.switches.append(change["generation"])
                case "ended":
                    raise AssertionError("the follower ended")

    def stop(self):
        self.process.kill()
        self.process.wait()


def result_of(lines):
    """What `snapshots` prints, by kind and key."""
    result = {}
    for line in map(json.loads, lines):
        [(what, value)] = line.items()
        result[what, value.pop("key")] = value
    return result


def snapshot_shape(value):
    indicators = {
        name: {"value": each.get("value"), "previous": each.get("previous"), "trend": each["trend"], "bar": each.get("bar")}
        for name, each in value.items() if isinstance(each, dict) and "trend" in each}
    return {"indicators": indicators,
            "components": {name: int(number) for name, number in value["components"].items()}}


def scale_shape(value):
    return {"scales": [{**scale, "bars": [{"min": None, "max": None, **bar} for bar in scale["bars"]]}
                       for scale in value["scales"]]}


SHAPES = {"snapshot": snapshot_shape, "scale": scale_shape}


def test_the_package_is_typed(package):  # noqa: F811
    checked = run(sys.executable, "-m", "mypy", "--config-file", CLIENTS / "python/pyproject.toml",
                  "-p", "partnerpulse", environment=package)
    assert checked.startswith("Success"), checked
    for example in sorted((CLIENTS / "python/examples").glob("*.py")):
        run(sys.executable, "-m", "mypy", "--config-file", CLIENTS / "python/pyproject.toml", example,
            environment=package)


def test_what_the_documents_show_is_typed(package, tmp_path):  # noqa: F811
    blocks = [block for document in (ROOT / "docs/SUBSCRIBING.md", CLIENTS / "python/README.md")
              for block in re.findall(r"```python\n(.*?)```", document.read_text(), re.DOTALL)]
    assert len(blocks) == 3
    for number, block in enumerate(blocks):
        path = tmp_path / f"block{number}.py"
        path.write_text(block)
    run(sys.executable, "-m", "mypy", "--config-file", CLIENTS / "python/pyproject.toml", *tmp_path.glob("*.py"),
        environment=package)


def test_the_package_works_by_itself(package):  # noqa: F811
    run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", CLIENTS / "python/tests", environment=package)


def test_what_the_package_writes_is_counted(package, application, bootstrap_servers):  # noqa: F811
    written = produce(package, application, bootstrap_servers, LINES)
    assert written == f"{len(LINES)} events written\n"
    application.run_until_end()
    assert application.succeed("rejected") == b""
    assert_same_lines(application.snapshots(), expected("set-101"))


def test_what_the_package_reads_is_what_is_served(package, application, bootstrap_servers, tmp_path):  # noqa: F811
    follower = Follower(package, application, bootstrap_servers)
    try:
        # There is nothing yet.
        follower.follow_until(lambda: "complete" in follower.seen)
        assert follower.result == {}
        application.start("a")
        produce(package, application, bootstrap_servers, LINES)
        first = result_of(expected("set-101"))
        follower.follow_until(lambda: follower.result == first)

        recompute_with_one_product(application, tmp_path)
        second = result_of(application.snapshots())
        assert second.keys() < first.keys()
        follower.follow_until(lambda: follower.result == second)
        assert follower.switches == [2]

        # And back.
        application.succeed("recompute", "switch", "--generation", "1", "--application", application.name)
        follower.follow_until(lambda: follower.result == first)
        assert follower.switches == [2, 1]
        assert follower.seen == {"complete", "snapshot", "scale", "removed", "switched"}
    finally:
        follower.stop()


def test_the_package_reads_a_topic_that_is_made_again(package, application, bootstrap_servers, admin):  # noqa: F811
    produce(package, application, bootstrap_servers, LINES[:600])
    application.run_until_end()
    half = result_of(application.snapshots())
    follower = Follower(package, application, bootstrap_servers)
    try:
        follower.follow_until(lambda: follower.result == half)
        done(admin.delete_topics([f"{application.name}.indicator-snapshots"]))
        application.create_topics(PARTITIONS)
        produce(package, application, bootstrap_servers, LINES[600:])
        application.run_until_end()
        whole = result_of(expected("set-101"))
        follower.follow_until(lambda: follower.result == whole)
        assert follower.switches == []
    finally:
        follower.stop()


def test_the_package_names_what_is_wrong(package, bootstrap_servers, application, make_application):  # noqa: F811
    script = """
import sys
from partnerpulse import *
from partnerpulse.v1.events_pb2 import Customer
servers, prefix = sys.argv[1:]
def attempt(what):
    try:
        what()
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
attempt(lambda: EventProducer(servers, topic_prefix="nowhere."))
attempt(lambda: ResultFollower(servers, topic_prefix="nowhere."))
producer = EventProducer(servers, topic_prefix=prefix)
attempt(lambda: producer.send(Customer(name="x")))
producer.send(Customer(customer_id="large", name="x" * 900_000))
attempt(lambda: producer.send(Customer(customer_id="larger", name="x" * 2_000_000)))
attempt(producer.flush)
"""
    said = run(sys.executable, "-c", script, bootstrap_servers, application.name + ".", environment=package)
    wanted = [
        "TopicsUnusable: topic nowhere.usage-actions does not exist",
        "TopicsUnusable: topic nowhere.indicator-snapshots does not exist",
        f"ValueError: {application.name}.customers: the event has no id to be its key",
        f"UndeliveredEvents: {application.name}.customers: the event of 'larger' was not written: ",
    ]
    assert len(said.splitlines()) == len(wanted), said
    for line, start in zip(said.splitlines(), wanted):
        assert line.startswith(start), said


def test_kcat_writes_what_is_counted_and_reads_what_is_published(application, bootstrap_servers):
    by_topic = {}
    for topic, key, value in tab_separated(LINES):
        by_topic.setdefault(topic, []).append(f"{key}\t{value}\n")
    for topic, lines in by_topic.items():
        run(CLIENTS / "kcat/produce", bootstrap_servers, f"{application.name}.{topic}", input="".join(lines))
    application.run_until_end()
    assert application.succeed("rejected") == b""
    assert_same_lines(application.snapshots(), expected("set-101"))
    read = run(CLIENTS / "kcat/follow", bootstrap_servers, f"{application.name}.indicator-snapshots", "-e")
    assert_same_keys(read, application)


@pytest.mark.skipif(not environment("KAFKA_HOME"), reason="KAFKA_HOME is not set")
def test_java_writes_what_is_counted_and_reads_what_is_published(application, bootstrap_servers, tmp_path):
    libraries = f"{environment('KAFKA_HOME')}/libs/*"
    run("javac", "-Xlint:all", "-Werror", "-proc:none", "-cp", libraries, "-d", tmp_path, *(CLIENTS / "java").glob("*.java"))
    classes = f"{tmp_path}:{libraries}"
    lines = "".join("\t".join(each) + "\n" for each in tab_separated(LINES))
    written = run("java", "-cp", classes, "ProduceEvents", bootstrap_servers, application.name + ".", input=lines)
    assert f"{len(LINES)} events written" in written
    application.run_until_end()
    assert application.succeed("rejected") == b""
    assert_same_lines(application.snapshots(), expected("set-101"))
    read = run("java", "-cp", classes, "FollowSnapshots", bootstrap_servers, f"{application.name}.indicator-snapshots")
    assert_same_keys(read, application)


class SwiftFollower:
    """The example of the Swift library: applies the changes that it prints."""

    def __init__(self, *place):
        self.process = subprocess.Popen(
            [PROGRAM.parent / "follow-snapshots", *place], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.values, self.generations, self.completions = {}, [], 0
        self._lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n").split("\t"))
        self._lines.put(["ended"])

    def follow_until(self, condition):
        while not condition():
            match self._lines.get(timeout=PATIENCE):
                case ["generation", number]:
                    self.generations.append(int(number))
                    self.values = {}
                case ["complete", count]:
                    assert int(count) == len(self.values)
                    self.completions += 1
                case ["snapshot", key, *values]:
                    self.values[key] = [None if value == "-" else float(value) for value in values]
                case ["removed", key]:
                    del self.values[key]
                case ["ended"]:
                    raise AssertionError(self.process.stderr.read())

    def stop(self):
        self.process.kill()
        self.process.wait()


def values_of(application):
    """The values of the seven indicators, by key, as `snapshots` prints them."""
    snapshots = [line["snapshot"] for line in map(json.loads, application.snapshots()) if "snapshot" in line]
    return {each["key"]: [value["value"] for value in each["indicators"].values()] for each in snapshots}


def test_the_swift_library_reads_what_is_served(application, bootstrap_servers, tmp_path):
    follower = SwiftFollower(bootstrap_servers, application.name + ".")
    try:
        follower.follow_until(lambda: follower.completions == 1)
        assert follower.values == {}
        application.import_lines(LINES)
        application.run_until_end()
        first = values_of(application)
        assert first
        follower.follow_until(lambda: follower.values == first)

        recompute_with_one_product(application, tmp_path)
        second = values_of(application)
        assert second.keys() < first.keys()
        follower.follow_until(lambda: follower.completions == 2 and follower.values == second)
        assert follower.generations == [1, 2]
    finally:
        follower.stop()


def test_the_swift_library_says_what_is_wrong(bootstrap_servers, tmp_path):
    for place in (tmp_path / "missing.db",), (bootstrap_servers, "nowhere."):
        done = subprocess.run(
            [PROGRAM.parent / "follow-snapshots", *place], capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 1
        assert "missing.db" in done.stderr or "nowhere.indicator-snapshots" in done.stderr, done.stderr


def test_the_connector_reads_what_is_published():
    connector = json.loads((CLIENTS / "connect/snapshots-to-jdbc.json").read_text())["config"]
    assert connector["topics"] == "indicator-snapshots"
    # A reader sees what is committed alone, from the beginning; a tombstone removes the row of its key.
    assert connector["consumer.override.isolation.level"] == "read_committed"
    assert connector["consumer.override.auto.offset.reset"] == "earliest"
    assert connector["key.converter"].endswith(".StringConverter")
    assert (connector["pk.mode"], connector["insert.mode"], connector["delete.enabled"]) == ("record_key", "upsert", "true")
    # The key's column is none of the value's.
    fields = (ROOT / "schemas/partnerpulse/v1/snapshots.proto").read_text()
    assert connector["pk.fields"] not in fields
    readme = (CLIENTS / "connect/README.md").read_text()
    assert "has not been run" in readme and "snapshots-to-jdbc.json" in readme


def assert_same_keys(read, application):
    """Lines of a key, a tab and a size, the last of a key counts; other lines are a client's own."""
    sizes = dict(line.split("\t") for line in read.splitlines() if "\t" in line)
    keys = {key for key, size in sizes.items() if int(size) > 0}
    assert keys == {line["snapshot"]["key"] for line in map(json.loads, application.snapshots()) if "snapshot" in line}
