"""What a market of a thousand partners costs in records and transactions; never in time, which is the machine's."""

import pytest
from confluent_kafka import Consumer

from foreign import partitions_of, read_all

MARKET = ["--partners", "1000", "--customers", "5000", "--users", "20000", "--actions", "60000", "--months", "24",
          "--until", "2026-11-20"]
RESULT = ["partner-partials", "indicator-snapshots", "indicator-scales"]


@pytest.fixture
def application(bootstrap_servers, make_application):
    application = make_application(bootstrap_servers)
    application.create_topics(2)
    application.succeed("generate", *MARKET)
    return application


def offsets(bootstrap_servers, topic):
    """How many offsets the topic's partitions have: one for each record, and one for each end of a transaction."""
    consumer = Consumer({"bootstrap.servers": bootstrap_servers, "group.id": "counts"})
    ends = [consumer.get_watermark_offsets(partition, 30)[1] for partition in partitions_of(consumer, topic)]
    consumer.close()
    return sum(ends)


def test_a_market_is_published_about_once_and_in_bounded_transactions(bootstrap_servers, application):
    run = application.command(*application.run_arguments("a", "--until-end"))
    assert run.returncode == 0, run.stderr.decode()
    assert "commit failed" not in run.stderr.decode()
    kept = len(application.snapshots())
    assert kept > 200_000
    written = sum(offsets(bootstrap_servers, f"{application.name}.{topic}") for topic in RESULT)
    assert written <= 1.4 * kept
    # Each transaction leaves a marker in each partition that it writes to.
    snapshots = f"{application.name}.indicator-snapshots"
    markers = offsets(bootstrap_servers, snapshots) - len(read_all(bootstrap_servers, snapshots))
    assert 5 < markers <= 2 * 60
