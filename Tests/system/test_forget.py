"""`forget` erases a customer's and a person's events, and all that was computed from them."""

import json
import subprocess

import pytest

from foreign import read_all
from ndjson import CATALOG, assert_same_lines, events
from program import PROGRAM, Application
from test_topics_copy import INPUTS

LINES = events("set-101")
CUSTOMER, PERSON = "customer-9", "person-3"


def about(line):
    value = json.loads(line)["value"]
    return isinstance(value, dict) and (value.get("customerId") == CUSTOMER or value.get("personId") == PERSON)


GONE = [line for line in LINES if about(line)]
KEPT = [line for line in LINES if not about(line)]
FORGET = ["forget", "--customer", CUSTOMER, "--person", PERSON, "--catalog", CATALOG]


@pytest.fixture
def result_without(make_application):
    """What comes of the other events alone."""
    application = make_application(catalog=CATALOG)
    application.import_lines(KEPT)
    application.run_until_end()
    return application.snapshots()


def test_the_example_says_something(result_without):
    assert len(GONE) > 100 and not any(name in line for line in KEPT for name in (CUSTOMER.encode(), PERSON.encode()))


def names_in(*paths):
    """Which of the names stand in these files and directories, in whatever form a log has them."""
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file()]
    assert files
    return {name for file in files for name in (CUSTOMER, PERSON) if name.encode() in file.read_bytes()}


def files_of(application):
    path = application.directory.parent / application.log[1].split("/")[-1]
    return [file for file in path.parent.glob(f"{path.name}*")]


def forget(application, *options):
    return application.command(*FORGET, "--application", application.name, *options)


def test_a_file_has_nothing_of_them(make_application, result_without):
    application = make_application(catalog=CATALOG)
    application.create_topics(3)
    application.import_lines(LINES)
    state = application.states / "state-a"
    facts = application.directory / "facts.db"
    application.run_until_end("a")
    # Another result that was begun and never served, and a store of facts.
    done = application.command(*application.run_arguments("a", "--until-end", "--no-switch", command="recompute"))
    assert done.returncode == 0, done.stderr
    application.succeed("explain", "partner-101-1", "--catalog", CATALOG, "--fact-store", facts)
    assert application.snapshots() != result_without
    assert names_in(*files_of(application)) == {CUSTOMER, PERSON} and names_in(facts) == {CUSTOMER, PERSON}
    done = forget(application, "--state-dir", state, "--fact-store", facts)
    assert done.returncode == 0, done.stderr.decode()
    assert f"{len(GONE)} events erased" in done.stderr.decode()
    assert names_in(*files_of(application), state) == set() and not facts.exists()
    assert_same_lines(application.snapshots(), result_without)
    # The log goes on.
    application.import_lines(KEPT[:50])
    application.succeed("run", "--catalog", CATALOG, "--application", application.name, "--state-dir", state, "--until-end")
    assert_same_lines(application.snapshots(), result_without)
    statuses = [json.loads(line) for line in application.succeed("recompute", "status").splitlines()]
    assert [status["served"] for status in statuses] == [True]
    # Again, as after an interruption.
    done = forget(application, "--state-dir", state)
    assert done.returncode == 0 and "0 events erased" in done.stderr.decode(), done.stderr.decode()
    assert names_in(*files_of(application), state) == set()
    assert_same_lines(application.snapshots(), result_without)


def test_a_process_that_runs_must_be_stopped_first(make_application, result_without):
    application = make_application(catalog=CATALOG)
    application.create_topics(2)
    application.import_lines(LINES)
    process = application.start("a")
    state = application.states / "state-a"
    done = forget(application, "--state-dir", application.states / "state-b")
    assert done.returncode == 1 and "stop its processes first" in done.stderr.decode(), done.stderr.decode()
    application.stop(process)
    done = forget(application, "--state-dir", state)
    assert done.returncode == 0, done.stderr.decode()
    assert names_in(*files_of(application), state) == set()
    assert_same_lines(application.snapshots(), result_without)


def test_a_mistake_erases_nothing(make_application):
    application = make_application(catalog=CATALOG)
    application.import_lines(LINES)
    done = application.command("forget", "--customer", CUSTOMER, "--catalog", "none.json")
    assert done.returncode == 1 and names_in(*files_of(application)) == {CUSTOMER, PERSON}
    for options in ([], ["--customer", ""], ["--customer", "c", "--to-prefix", "p."]):
        assert application.command("forget", *options).returncode == 2


def test_new_topics_have_nothing_of_them(bootstrap_servers, make_application, result_without, tmp_path):
    application = make_application(bootstrap_servers, catalog=CATALOG)
    application.create_topics(3)
    application.import_lines(LINES)
    prefix = f"{application.name}.new."
    assert application.command(*FORGET).returncode == 2
    done = application.command(*FORGET, "--to-prefix", prefix)
    assert done.returncode == 0, done.stderr.decode()
    counts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [count["topic"] for count in counts] == INPUTS
    assert sum(count["left_out"] for count in counts) == len(GONE)
    assert sum(count["target"] for count in counts) == sum(count["source"] for count in counts) == len(KEPT)
    directory = tmp_path / "new"
    directory.mkdir()
    new = Application(["--bootstrap-servers", bootstrap_servers, "--topic-prefix", prefix], directory, CATALOG,
                      application.name)
    new.run_until_end()
    assert_same_lines(new.snapshots(), result_without)
    topics = [prefix + topic for topic in INPUTS + ["partner-partials", "indicator-snapshots", "rejected-events", "task-checkpoints"]]
    for message in read_all(bootstrap_servers, topics):
        for part in (message.key(), message.value()):
            assert CUSTOMER.encode() not in (part or b"") and PERSON.encode() not in (part or b"")
    # What others must not lose is as it was, and so are the old topics.
    assert len(read_all(bootstrap_servers, [f"{application.name}.{topic}" for topic in INPUTS])) == len(LINES)
    # Again, with what was added since; another choice of names does not fit to what is there.
    application.import_lines(LINES[:40])
    assert application.command(*FORGET, "--to-prefix", prefix).returncode == 0
    done = application.command("forget", "--customer", "customer-8", "--to-prefix", prefix)
    assert done.returncode == 1 and "differ" in done.stderr.decode()
