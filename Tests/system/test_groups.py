"""How processes share the partitions, and what the broker knows of their groups."""

import os
import pathlib
import subprocess

import pytest

from foreign import lag, members
from ndjson import CATALOG, SETS, assert_same_lines, events, expected
from program import environment
from waiting import SLOWNESS, wait_for

INPUTS = ["usage-actions", "license-assignments", "subscriptions", "billing-lines", "instances", "customers",
          "exam-passes", "affiliations", "partners"]


@pytest.fixture
def make(bootstrap_servers, make_application):
    """Makes an application with all events of a set in its topics."""

    def make(name, partitions, properties=()):
        application = make_application(bootstrap_servers, properties, CATALOG)
        application.create_topics(partitions)
        application.import_lines(events(name))
        return application

    return make


def test_threads_share_the_partitions(bootstrap_servers, make):
    application = make("set-102", 3)
    member = application.start("b", "--threads", "3")
    for stage in ("entity", "ranking"):
        def assigned():
            return sorted(
                partition.partition
                for each in members(bootstrap_servers, application.group(stage))
                for partition in each.assignment.topic_partitions)
        wait_for(lambda: len(members(bootstrap_servers, application.group(stage))) == 3)
        wait_for(lambda: assigned() == [0, 1, 2])
    application.run_until_end("a", "--threads", "3")
    application.stop(member)
    assert_same_lines(application.snapshots(), expected("set-102"))


@pytest.mark.parametrize("assignor", ["range", "roundrobin", "cooperative-sticky"])
def test_any_assignor_gives_the_same_result(make, assignor):
    application = make("set-101", 4, {"partition.assignment.strategy": assignor})
    other = application.start("b")
    application.run_until_end()
    application.stop(other)
    assert_same_lines(application.snapshots(), expected("set-101"))


def test_a_static_member_comes_back_as_itself(bootstrap_servers, make):
    """Under a session timeout that would make a test of dynamic members wait for a minute."""
    application = make("set-103", 4, {"session.timeout.ms": 60_000})
    group = application.group("entity")

    def shares():
        return {each.group_instance_id: sorted(map(str, each.assignment.topic_partitions))
                for each in members(bootstrap_servers, group)}

    a = application.start("a", "--instance-id", "a")
    b = application.start("b", "--instance-id", "b")
    wait_for(lambda: [len(share) for share in shares().values()] == [2, 2])
    before = shares()
    a.kill()
    a.wait()
    application.import_lines(events("set-103"))
    a = application.start("a", "--instance-id", "a")
    wait_for(lambda: all(each == 0 for each in lag(bootstrap_servers, group, inputs(application)).values()), 40)
    assert shares() == before
    application.stop(a)
    application.stop(b)


def inputs(application):
    return [f"{application.name}.{topic}" for topic in INPUTS]


def test_committed_positions_reach_the_ends(bootstrap_servers, make):
    application = make(SETS[-1], 3)
    application.run_until_end()
    entity = lag(bootstrap_servers, application.group("entity"), inputs(application))
    assert entity == {(topic, number): 0 for topic in inputs(application) for number in range(3)}
    ranking = lag(bootstrap_servers, application.group("ranking"), [f"{application.name}.partner-partials"])
    assert set(ranking.values()) == {0}


@pytest.mark.skipif(not environment("KAFKA_HOME"), reason="KAFKA_HOME is not set")
def test_kafkas_own_tool_sees_no_lag(bootstrap_servers, make):
    application = make("set-101", 2)
    application.run_until_end()
    tool = pathlib.Path(os.environ["KAFKA_HOME"]) / "bin/kafka-consumer-groups.sh"
    seen = subprocess.run(
        [tool, "--bootstrap-server", bootstrap_servers, "--describe", "--group", application.group("entity")],
        capture_output=True, text=True, timeout=60 * SLOWNESS, check=True)
    header, *rows = [line.split() for line in seen.stdout.splitlines() if line.strip()]
    lags = [row[header.index("LAG")] for row in rows]
    assert lags == ["0"] * (2 * len(INPUTS)), seen.stdout
