"""A log that is not set up as results need it is refused, by name."""

import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import (
    AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewPartitions, NewTopic)

from ndjson import CATALOG, events
from waiting import wait_for


@pytest.fixture
def application(bootstrap_servers, make_application):
    return make_application(bootstrap_servers, catalog=CATALOG)


@pytest.fixture
def admin(bootstrap_servers):
    return AdminClient({"bootstrap.servers": bootstrap_servers})


def done(futures):
    return [future.result(20) for future in futures.values()]


# The controller answers before the broker knows; what follows waits until it does.


def set_topic(admin, topic, name, value):
    entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
    done(admin.incremental_alter_configs([resource]))
    wait_for(lambda: done(admin.describe_configs([resource]))[0][name].value == value)


def set_partitions(admin, topic, count):
    if topic in admin.list_topics().topics:
        done(admin.create_partitions([NewPartitions(topic, count)]))
    else:
        done(admin.create_topics([NewTopic(topic, count, config={"retention.ms": "-1"})]))
    wait_for(lambda: topic in admin.list_topics().topics and len(admin.list_topics(topic).topics[topic].partitions) == count)


def delete(admin, topic):
    done(admin.delete_topics([topic], operation_timeout=20))
    wait_for(lambda: topic not in admin.list_topics().topics)


def assert_refused(outcome, *words):
    """It failed (and was not used wrongly), saying so in words that name the trouble."""
    text = outcome.stderr.decode()
    assert outcome.returncode == 1, text
    assert all(word in text for word in words), text
    assert not outcome.stdout


def run(application):
    return application.command(*application.run_arguments("a", "--until-end"))


def test_a_missing_topic_is_named(application, admin):
    assert_refused(run(application), f"{application.name}.usage-actions")
    application.create_topics(3)
    delete(admin, f"{application.name}.instances")
    assert_refused(run(application), f"{application.name}.instances")


def test_inputs_with_different_partition_counts_are_named(application, admin):
    set_partitions(admin, f"{application.name}.billing-lines", 2)
    created = application.command("topics", "create", "--partitions", "3")
    assert_refused(created, f"{application.name}.billing-lines", "2", "3")
    # Nothing was made beside it.
    assert_refused(run(application), f"{application.name}.usage-actions")
    set_partitions(admin, f"{application.name}.billing-lines", 3)
    application.create_topics(3)
    set_partitions(admin, f"{application.name}.affiliations", 4)
    assert_refused(run(application), "affiliations", "4", "3")


@pytest.mark.parametrize("topic, policy", [
    ("usage-actions", "compact"), ("partners", "compact,delete"), ("partner-partials", "delete"),
    ("indicator-snapshots", "compact,delete"),
])
def test_a_wrong_cleanup_policy_is_named(application, admin, topic, policy):
    application.create_topics(1)
    set_topic(admin, f"{application.name}.{topic}", "cleanup.policy", policy)
    for outcome in (run(application), application.command("topics", "create", "--partitions", "1")):
        assert_refused(outcome, f"{application.name}.{topic}", "cleanup.policy", policy)


def test_input_that_is_thrown_away_in_time_is_warned_of(application, admin):
    application.create_topics(1)
    set_topic(admin, f"{application.name}.customers", "retention.ms", "604800000")
    outcome = run(application)
    assert outcome.returncode == 0
    assert f"{application.name}.customers has retention.ms 604800000" in outcome.stderr.decode()


def test_topics_that_exist_as_wanted_are_left_alone(application):
    application.create_topics(3)
    application.import_lines(events("set-101"))
    application.create_topics(3)
    application.run_until_end()
    assert application.snapshots()


# Holds REL-9.
def test_input_that_is_gone_is_refused_and_not_left_out(application, admin):
    application.create_topics(1)
    application.import_lines(events("set-101"))
    topic = f"{application.name}.usage-actions"
    done(admin.delete_records([TopicPartition(topic, 0, 5)]))
    assert_refused(run(application), "usage-actions-0")
    assert application.snapshots() == []
