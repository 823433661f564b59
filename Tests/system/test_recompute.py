"""A second result is computed from the beginning while the live one goes on under load, compared, and switched to."""

import json
import threading
import time

import pytest
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from prometheus_client.parser import text_string_to_metric_families

import messages
from foreign import produce, read_all
from market import PARTITIONS, Market
from ndjson import CATALOG, assert_same_lines, catalog_with_one_product, events
from page_fixtures import serve
from test_chaos import PROPERTIES, clean_result, newest_month
from waiting import SLOWNESS, wait_for
from web import EventStream


@pytest.fixture
def application(bootstrap_servers, make_application):
    application = make_application(bootstrap_servers, PROPERTIES, CATALOG)
    application.create_topics(PARTITIONS)
    return application


def recompute(application, command, *options):
    return application.command("recompute", command, "--application", application.name, *options)


# Holds REL-34.
def test_a_result_is_replaced_under_load(bootstrap_servers, make_application, application):
    prefix = application.name + "."
    load = Load(bootstrap_servers, prefix)
    live = application.start("live")
    server = serve(application)
    try:
        watcher = Watcher(server.wait_until_ready(), load.market)
        load.start()
        watcher.start()
        first = application.start("first", "--no-switch", command="recompute")
        wait_for(lambda: "recomputing" in application.log_of("first"))
        second = application.start("second", "--no-switch", command="recompute")
        wait_for(lambda: "resuming" in application.log_of("second"))
        first.kill()
        first.wait()
        first = application.start("first", "--no-switch", command="recompute")
        wait_for(lambda: "generation 2 has caught up" in application.log_of("second"), 60)
        assert shown_generation(server) == 1

        assert_same(recompute(application, "compare"))
        plant(bootstrap_servers, prefix, "nobody||||2023-01", snapshot())
        assert_differs(recompute(application, "compare"), "nobody||||2023-01")
        plant(bootstrap_servers, prefix, "nobody||||2023-01", None)
        assert_same(recompute(application, "compare"))

        switched = recompute(application, "switch")
        assert switched.returncode == 0, switched.stderr.decode()
        wait_for(lambda: shown_generation(server) == 2)
        assert load.is_alive() and live.poll() is None
        assert server.get("/readyz").status_code == 200
        watcher.see_more()
        load.finish()

        # In any order: each generation has processes of its own.
        application.run_until_end("a", "--generation", "1")
        application.run_until_end("b", "--generation", "2")
        wanted = clean_result(make_application, load.events)
        assert_same_lines(application.snapshots(), wanted)
        assert_same_lines(application.snapshots("--generation", "1"), wanted)
        for topic in ("rejected-events", "rejected-events.2"):
            assert [message.value() for message in read_all(bootstrap_servers, prefix + topic)] == [b"{"]

        assert recompute(application, "switch", "--generation", "1").returncode == 0
        wait_for(lambda: shown_generation(server) == 1)
        watcher.finish()
        refused = recompute(application, "drop", "--generation", "2")
        assert refused.returncode == 1 and b"has active members" in refused.stderr, refused.stderr
        for member in (first, second):
            application.stop(member)
        assert recompute(application, "drop", "--generation", "2").returncode == 0
        topics = AdminClient({"bootstrap.servers": bootstrap_servers})
        wait_for(lambda: not [name for name in topics.list_topics(timeout=10).topics
                              if name.startswith(prefix) and name.endswith(".2")])
        assert_same_lines(application.snapshots(), wanted)
        application.stop(live)
        assert server.stop() == 0
    finally:
        load.stopped.set()
        server.kill()


def test_another_catalog_is_switched_to_only_when_told(bootstrap_servers, make_application, application, tmp_path):
    lines = events("set-101")
    application.import_lines(lines)
    application.run_until_end()
    catalog = catalog_with_one_product(tmp_path)
    options = ("--until-end", "--compare", "--catalog", catalog, "--application", application.name,
               "--state-dir", application.directory / "state-r")
    before = application.snapshots()

    compared = application.command("recompute", *options)
    assert compared.returncode == 1 and b"not switched; use" in compared.stderr, compared.stderr
    found = {line["key"]: (line["served"], line["recomputed"]) for line in map(json.loads, compared.stdout.splitlines())}
    recomputed = application.snapshots("--generation", "2")
    assert found == differences(before, recomputed) != {}
    assert application.snapshots() == before

    assert recompute(application, "switch").returncode == 0
    assert application.snapshots() == recomputed
    # The generation that is served has its own catalog.
    mistaken = application.command(*application.run_arguments("a", "--until-end"))
    assert mistaken.returncode == 1 and b"was computed with catalog " in mistaken.stderr, mistaken.stderr


def test_history_that_is_gone_is_refused(bootstrap_servers, application):
    application.import_lines(events("set-101"))
    application.run_until_end()
    topic = TopicPartition(f"{application.name}.usage-actions", 0, 1)
    admin = AdminClient({"bootstrap.servers": bootstrap_servers})
    for future in admin.delete_records([topic]).values():
        future.result(20)
    before = application.snapshots()
    refused = application.command(*application.run_arguments("r", "--until-end", command="recompute"))
    assert refused.returncode == 1 and b"usage-actions-0 begins at offset 1" in refused.stderr, refused.stderr
    assert application.snapshots() == before
    assert recompute(application, "status").stdout.count(b"\n") == 1, "a generation was begun"


def test_what_nobody_computes_is_not_switched_to(application):
    application.import_lines(events("set-101"))
    application.run_until_end()
    begun = application.command(*application.run_arguments("r", "--until-end", "--no-switch", command="recompute"))
    assert begun.returncode == 0, begun.stderr
    application.import_lines(events("set-102"))
    refused = recompute(application, "switch")
    assert refused.returncode == 1 and b"lags behind the input" in refused.stderr, refused.stderr
    assert recompute(application, "switch", "--force").returncode == 0
    status = [json.loads(line) for line in recompute(application, "status").stdout.splitlines()]
    assert [line["served"] for line in status] == [False, True]
    assert all(line["read"] < line["input"] for line in status)


class Load(threading.Thread):
    """Events that keep coming; one of them is refused."""

    def __init__(self, bootstrap_servers, prefix):
        super().__init__(daemon=True)
        self._place = (bootstrap_servers, prefix)
        self.stopped = threading.Event()
        lines = [json.loads(line) for line in events("set-103")]
        self.market = Market(seed=7, **newest_month(lines))
        first = self.market.customer_events()
        self.events = first + self.market.settle(produce(*self._place, first))
        self.events += lines + self.market.stream(2000)
        produce(*self._place, self.events[len(first):])
        producer = Producer({"bootstrap.servers": bootstrap_servers})
        producer.produce(prefix + "customers", key=b"x", value=b"{")
        assert producer.flush(30) == 0

    def run(self):
        while not self.stopped.wait(0.1 * SLOWNESS):
            more = self.market.stream(20)
            produce(*self._place, more)
            self.events += more

    def finish(self):
        self.stopped.set()
        self.join()


class Watcher(threading.Thread):
    """Follows one partner's report as a page would."""

    def __init__(self, server, market):
        super().__init__(daemon=True)
        partner, self._histories = sorted(market.partner.values())[0], market.histories
        year, month = market.months[-1]
        self._key = f"{partner}||||{year}-{month + 1:02}"
        wait_for(lambda: server.get(f"/api/v1/partners/{partner}/indicators").status_code == 200)
        self._stream = EventStream(server, f"/api/v1/partners/{partner}/events?month={year}-{month + 1:02}")
        self.seen = []

    def run(self):
        while event := self._stream.next():
            self.seen.append(event[1]["components"])

    def see_more(self):
        count = len(self.seen)
        wait_for(lambda: len(self.seen) > count + 1)

    def finish(self):
        """The states that it saw came one after another, and the stream never ended."""
        assert self.is_alive()
        assert len(self.seen) > 10
        for history, names in ((self._histories.usage, ("active_users_12_months", "active_users_month")),
                               (self._histories.billing, ("billed_micros", "credited_micros"))):
            position, legal = 0, history[self._key]
            for components in self.seen:
                state = tuple((components or {}).get(name, 0) for name in names)
                assert state in legal[position:], f"{state} is not, or no longer, legal after {legal[position]}"
                position = legal.index(state, position)


def shown_generation(server):
    families = {family.name: family for family in text_string_to_metric_families(server.get("/metrics").text)}
    return families["partner_pulse_view_generation"].samples[0].value


def snapshot():
    made = messages.snapshots().IndicatorSnapshot(partner_id="nobody", month="2023-01")
    made.components.customers_added = 7
    return made.SerializeToString()


def plant(bootstrap_servers, prefix, key, value):
    producer = Producer({"bootstrap.servers": bootstrap_servers, "partitioner": "murmur2_random"})
    producer.produce(prefix + "indicator-snapshots.2", key=key, value=value)
    assert producer.flush(30) == 0


def assert_same(compared):
    assert compared.returncode == 0, (compared.stdout[:2000], compared.stderr)
    assert compared.stdout == b""


def assert_differs(compared, key):
    assert compared.returncode == 1, compared.stderr
    lines = [json.loads(line) for line in compared.stdout.splitlines()]
    assert [line["key"] for line in lines] == [key]
    assert lines[0]["served"] is None and lines[0]["recomputed"]["components"]["customers_added"] == 7


def differences(left, right):
    """The results that differ, by key, as (left, right)."""
    def by_key(lines):
        return {value["key"]: value for line in lines for value in json.loads(line).values()}

    left, right = by_key(left), by_key(right)
    return {key: (left.get(key), right.get(key)) for key in left | right if left.get(key) != right.get(key)}
