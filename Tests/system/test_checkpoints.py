"""Checkpoints lie in the log: any member goes on from them, whatever disk it has, and what is wrong with one harms nothing."""

import pytest
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import ConfigResource, ResourceType

from foreign import partitions_of, read_all
from ndjson import CATALOG, assert_same_lines, events, expected
from test_topics import admin, done  # noqa: F401
from waiting import wait_for

INPUTS = ["usage-actions", "license-assignments", "subscriptions", "billing-lines", "instances", "customers",
          "exam-passes", "affiliations", "partners"]
LINES = events("set-101")


@pytest.fixture
def application(bootstrap_servers, make_application):
    application = make_application(bootstrap_servers, catalog=CATALOG)
    application.create_topics(2)
    return application


def delete_inputs(admin, application):
    """Deletes all input that there is, as a retention would; only what is new can be read from then on."""
    partitions = [each for topic in INPUTS for each in partitions_of(admin, f"{application.name}.{topic}")]
    done(admin.delete_records([TopicPartition(each.topic, each.partition, -1) for each in partitions]))


def run(application, member):
    outcome = application.command(*application.run_arguments(member, "--until-end"))
    return outcome.returncode, outcome.stderr.decode()


def half_way(application):
    """Half of the events are in the result, and in checkpoints."""
    application.import_lines(LINES[:len(LINES) // 2])
    application.run_until_end("a")


def finish(application, member="another"):
    """A member with an empty disk takes in the rest. Returns what it says."""
    application.import_lines(LINES[len(LINES) // 2:])
    status, text = run(application, member)
    assert status == 0, text
    assert_same_lines(application.snapshots(), expected("set-101"))
    return text


# Holds REL-31.
def test_another_member_goes_on_though_the_input_is_gone(application, admin):  # noqa: F811
    half_way(application)
    delete_inputs(admin, application)
    text = finish(application)
    for stage in ("entity", "ranking"):
        for task in (0, 1):
            assert f"{stage}: task {task} is restored from its checkpoint" in text
    assert "not used" not in text


def test_a_member_that_is_killed_is_followed_from_its_checkpoint(bootstrap_servers, application):
    application.import_lines(LINES[:len(LINES) // 2])
    member = application.start("a", "--checkpoint-interval", "0.5")
    topic = f"{application.name}.task-checkpoints"

    def manifests():
        keys = {record.key().decode() for record in read_all(bootstrap_servers, topic)}
        return {key.split("/")[0] for key in keys if key.count("/") == 1}

    wait_for(lambda: manifests() == {f"{stage}-{task}" for stage in ("entity", "ranking") for task in (0, 1)})
    wait_for(lambda: len(application.snapshots()) > 100)
    application.import_lines(LINES[len(LINES) // 2:-1])
    member.kill()
    member.wait()
    application.import_lines(LINES[-1:])
    text = run(application, "b")[1]
    assert_same_lines(application.snapshots(), expected("set-101"))
    assert text.count("is restored from its checkpoint") == 4, text


def test_a_member_restores_its_tasks_before_it_joins(application):
    half_way(application)
    first = application.start("a")
    wait_for(lambda: application.log_of("a").count("is restored from its checkpoint") == 4)
    second = application.start("b")
    wait_for(lambda: application.log_of("b").count("is restored from what was restored before joining") == 2)
    assert application.log_of("b").count("before joining, in") == 2
    application.import_lines(LINES[len(LINES) // 2:])
    for process in (first, second):
        application.stop(process)
    application.run_until_end("c")
    assert_same_lines(application.snapshots(), expected("set-101"))


# Holds REL-30.
def test_damaged_and_lost_checkpoints_are_not_used(bootstrap_servers, application, admin):  # noqa: F811
    half_way(application)
    topic = f"{application.name}.task-checkpoints"
    producer = Producer({"bootstrap.servers": bootstrap_servers})
    for record in read_all(bootstrap_servers, topic):
        stage = record.key().decode().split("-")[0]
        # A chunk of one stage has other bytes, and the manifest of the other one is another program's.
        is_chunk = record.key().decode().count("/") == 2
        if is_chunk == (stage == "entity"):
            producer.produce(topic, key=record.key(), value=b"foreign", partition=record.partition())
    assert producer.flush(30) == 0
    text = finish(application)
    assert text.count("is not used") == 4 and text.count("is restored from the beginning") == 4, text
    assert "entity-0 is not used: it is damaged" in text

    done(admin.delete_topics([topic]))
    wait_for(lambda: topic not in admin.list_topics(timeout=10).topics)
    application.create_topics(2)
    application.import_lines(LINES[:1])
    status, text = run(application, "third")
    # It may be done before the tasks that have nothing to read are restored.
    assert status == 0 and "is restored from the beginning" in text and "its checkpoint of" not in text, text
    assert_same_lines(application.snapshots(), expected("set-101"))


# Holds REL-52.
def test_without_checkpoints_input_that_is_gone_is_refused(application, admin):  # noqa: F811
    half_way(application)
    delete_inputs(admin, application)
    topic = f"{application.name}.task-checkpoints"
    done(admin.delete_topics([topic]))
    wait_for(lambda: topic not in admin.list_topics(timeout=10).topics)
    application.create_topics(2)
    application.import_lines(LINES[len(LINES) // 2:])
    before = application.snapshots()
    status, text = run(application, "another")
    assert status == 1 and "its records from offset 0 on are needed" in text, text
    assert application.snapshots() == before


# Holds REL-52.
def test_topics_with_a_retention_say_what_is_no_longer_possible(bootstrap_servers, make_application, admin):  # noqa: F811
    application = make_application(bootstrap_servers, catalog=CATALOG)
    application.succeed("topics", "create", "--partitions", 2, "--retention", 30)
    # The same again changes nothing; something else is refused.
    application.succeed("topics", "create", "--partitions", 2, "--retention", 30)
    other = application.command("topics", "create", "--partitions", 2, "--retention", 7)
    assert other.returncode == 1 and b"retention.ms 2592000000, not 604800000" in other.stderr
    for topic in INPUTS:
        settings = admin.describe_configs([ConfigResource(ResourceType.TOPIC, f"{application.name}.{topic}")])
        found = next(iter(settings.values())).result(30)
        assert found["retention.ms"].value == str(30 * 24 * 3600 * 1000)
        assert found["message.timestamp.type"].value == "LogAppendTime"
    half_way(application)
    delete_inputs(admin, application)
    text = finish(application)
    assert "`recompute` and `topics copy` are not possible, and `explain` is incomplete" in text
    for command in (["recompute", *application.run_arguments("c", command="recompute")[1:]],
                    ["topics", "copy", "--to-prefix", f"{application.name}.copy.", "--partitions", 3]):
        refused = application.command(*command)
        assert refused.returncode == 1 and b"begins at offset" in refused.stderr, refused.stderr


def test_a_file_has_no_retention(make_application):
    application = make_application()
    refused = application.command("topics", "create", "--retention", 30)
    assert refused.returncode == 2 and b"--retention" in refused.stderr
    application.create_topics(2)
    application.import_lines(LINES)
    application.run_until_end()
    assert (application.states / "state-a" / "entity-0.checkpoint").stat().st_size > 1000
