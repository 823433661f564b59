"""The API over an embedded log, as foreign clients see it."""

import csv
import io
import json
import os
import subprocess
import sys
import time

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ndjson import CATALOG, EXAMPLES, expected
from program import ROOT, Application
from waiting import SLOWNESS, wait_for
from web import EventStream, WebServer

pytestmark = pytest.mark.xdist_group("web")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A server over the example set, with the aggregator inside."""
    directory = tmp_path_factory.mktemp("web")
    application = Application(["--data", str(directory / "log.db")], directory, CATALOG)
    application.succeed("import", EXAMPLES / "set-103.events.ndjson")
    application.run_until_end()
    server = WebServer(directory, "--data", directory / "log.db", "--catalog", CATALOG,
                       "--listen", "127.0.0.1:0", "--minimum-partners", "2").wait_until_ready()
    server.application = application
    yield server
    server.kill()


def test_it_keeps_to_its_description(served):
    done = subprocess.run(
        [os.path.join(os.path.dirname(sys.executable), "schemathesis"), "run", ROOT / "docs/openapi.yaml",
         "--url", served.url, "--exclude-operation-id", "followIndicators",
         "--exclude-operation-id", "followChanges", "--seed", "1", "--max-examples", "25",
         # That a workload needs a product is nothing that a schema of parameters can say.
         "--exclude-checks", "positive_data_acceptance", "--no-color"],
        capture_output=True, text=True, timeout=120 * SLOWNESS, cwd=served.application.directory)
    assert done.returncode == 0, done.stdout[-6000:]


def test_reports_are_what_is_published(served):
    lines = [json.loads(line) for line in expected("set-103")]
    snapshots = [line["snapshot"] for line in lines if "snapshot" in line]
    assert snapshots
    for snapshot in snapshots[::97]:
        partner, product, workload, country, month = snapshot["key"].rsplit("|", 4)
        filters = {"product": product, "workload": workload, "country": country, "month": month}
        report = served.get(f"/api/v1/partners/{partner}/indicators", params=filters).json()
        assert report["components"] == snapshot["components"]
        for indicator in report["indicators"]:
            wanted = snapshot["indicators"][indicator["indicator"]]
            assert {name: indicator[name] for name in ("value", "previous", "trend")} == {
                name: wanted[name] for name in ("value", "previous", "trend")}
            assert indicator["segment"] == wanted["bar"]


def test_tables_hold_the_same(served):
    partner = served.get("/api/v1/partners").json()["partners"][0]
    report = served.get(f"/api/v1/partners/{partner}/indicators").json()
    answer = served.get(f"/api/v1/partners/{partner}/indicators.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["indicator"] for row in rows] == [each["indicator"] for each in report["indicators"]]
    for row, indicator in zip(rows, report["indicators"]):
        value = indicator["value"]
        assert (float(row["value"]) if row["value"] else None) == value


def test_explanations_add_up_to_what_is_published(served):
    snapshots = [line["snapshot"] for line in map(json.loads, expected("set-103")) if "snapshot" in line]
    for snapshot in snapshots[::499]:
        partner, product, workload, country, month = snapshot["key"].rsplit("|", 4)
        filters = {"product": product, "workload": workload, "country": country, "month": month}
        answer = explanation(served, partner, {**filters, "limit": 10000})
        assert answer["total"] == snapshot["components"]
        assert sum(count["facts"] for count in answer["counts"]) == len(answer["facts"])
        for component, value in answer["total"].items():
            assert sum(fact["counts"].get(component, 0) for fact in answer["facts"]) == value


def explanation(served, partner, query):
    """Asks until the facts are read."""
    deadline = time.monotonic() + 60 * SLOWNESS
    while time.monotonic() < deadline:
        answer = served.get(f"/api/v1/partners/{partner}/explain", params=query)
        if answer.status_code not in (202, 503):
            assert answer.status_code == 200, answer.text
            return answer.json()
        time.sleep(float(answer.headers["Retry-After"]) / 10)
    raise AssertionError("it is never explained")


def test_what_is_known_is_not_sent_again(served):
    path = "/api/v1/scales"
    first = served.get(path)
    assert served.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_events_follow_what_is_published_and_resume(served):
    partner, other = served.get("/api/v1/partners").json()["partners"][:2]
    path = f"/api/v1/partners/{partner}/events"
    stream = EventStream(served, path)
    first_id, first = stream.next()
    assert first == served.get(f"/api/v1/partners/{partner}/indicators").json()
    start = time.monotonic()
    publish_revenue(served, partner, "one")
    second_id, second = stream.next()
    assert time.monotonic() - start < 5 * SLOWNESS
    assert second_id != first_id
    assert second == served.get(f"/api/v1/partners/{partner}/indicators").json()
    assert second["components"]["billed_micros"] > first["components"]["billed_micros"]
    stream.close()
    resumed = EventStream(served, path, last_event_id=first_id)
    assert resumed.next() == (second_id, second)
    resumed.close()
    # What it knows is what there is: nothing comes until something changes.
    resumed = EventStream(served, path, last_event_id=second_id)
    publish_revenue(served, partner, "two")
    third_id, _ = resumed.next()
    assert third_id not in (first_id, second_id)
    resumed.close()
    assert EventStream(served, f"/api/v1/partners/{other}/events").next()[1]["partner"] == other


def publish_revenue(served, partner, line):
    """A customer of the partner's pays in the newest month."""
    def event(topic, **value):
        return json.dumps({"topic": topic, "value": value}).encode()

    month = served.get(f"/api/v1/partners/{partner}/months").json()["months"][-1]
    served.application.import_lines([
        event("subscriptions", customerId="web-customer", subscriptionId="s", product=catalog_product(),
              licenseProgram="CLOUD_SOLUTION_PROVIDER", kind="PAID", status="ACTIVE", seats="1",
              dporPartnerId=partner, effectiveAt="2020-01-01T00:00:00Z", revision="1"),
        event("billing-lines", customerId="web-customer", subscriptionId="s", lineId=line, revision="1",
              licenseProgram="CLOUD_SOLUTION_PROVIDER", amountMicros="5000000000", currency="USD",
              billedAt=f"{month}-01T00:00:00Z")])


def catalog_product():
    return json.loads(CATALOG.read_text())["products"][0]["id"]


def test_metrics_are_in_prometheus_format(served):
    def ask():
        return {family.name: family for family in text_string_to_metric_families(served.get("/metrics").text)}

    served.get("/api/v1/scales")
    publish_revenue(served, served.get("/api/v1/partners").json()["partners"][0], "three")
    # Entries are those of the tasks that have committed since the start.
    wait_for(lambda: sum(sample.value for sample in ask()["partner_pulse_state_entries"].samples) > 100)
    families = ask()
    requests_ = families["partner_pulse_http_requests"]
    assert any(sample.labels == {"route": "api_scales", "status": "200"} and sample.value >= 1
               for sample in requests_.samples)
    for name in ("lag_records", "commit_seconds", "record_to_commit_seconds", "event_to_snapshot_seconds",
                 "checkpoint_bytes", "state_bytes", "restore_seconds", "commit_bytes", "rebalances", "rejected_events", "expired_events", "view_snapshots"):
        assert f"partner_pulse_{name}" in families, name
    for family in families.values():
        if family.type == "histogram":
            check_histogram(family)


def check_histogram(family):
    buckets = {}
    for sample in family.samples:
        if sample.name.endswith("_bucket"):
            labels = tuple(sorted((k, v) for k, v in sample.labels.items() if k != "le"))
            buckets.setdefault(labels, []).append((float(sample.labels["le"]), sample.value))
    for counts in buckets.values():
        assert counts == sorted(counts) and counts[-1][0] == float("inf")
        assert [count for _, count in counts] == sorted(count for _, count in counts)


def test_a_stop_ends_streams_and_exits_well(served, tmp_path):
    server = WebServer(
        tmp_path, "--data", served.application.log[1], "--catalog", CATALOG, "--no-run", "--listen", "127.0.0.1:0")
    server.wait_until_ready()
    partner = server.get("/api/v1/partners").json()["partners"][0]
    stream = EventStream(server, f"/api/v1/partners/{partner}/events")
    assert stream.next()
    start = time.monotonic()
    code = server.stop()
    # The stream ends as HTTP has it: a cut one would raise.
    assert stream.next() is None
    assert code == 0, server.log.read_text()
    assert time.monotonic() - start < 5 * SLOWNESS


@pytest.mark.xdist_group("web-kafka")
def test_over_kafka_with_the_aggregator_elsewhere(bootstrap_servers, make_application):
    application = make_application(bootstrap_servers, catalog=CATALOG)
    application.create_topics(2)
    application.import_lines((EXAMPLES / "set-102.events.ndjson").read_bytes().splitlines())
    running = WebServer(application.directory, *application.run_arguments("a", "--metrics", "127.0.0.1:0"),
                        *application.log, command=())
    server = WebServer(
        application.directory, *application.log, *application.catalog, "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0")
    try:
        wait_for_lag(running, 0)
        server.wait_until_ready()
        end = time.monotonic() + 60 * SLOWNESS
        while server.get("/api/v1/scales").json()["month"] is None:
            assert time.monotonic() < end
        wanted = [json.loads(line)["snapshot"] for line in expected("set-102") if b'"snapshot"' in line][-1]
        partner, product, workload, country, month = wanted["key"].rsplit("|", 4)
        filters = {"product": product, "workload": workload, "country": country, "month": month}
        path = f"/api/v1/partners/{partner}/indicators"
        while server.get(path, params=filters).json()["components"] != wanted["components"]:
            assert time.monotonic() < end
            time.sleep(0.1)
        assert server.stop() == 0 and running.stop() == 0
    finally:
        server.kill()
        running.kill()


def wait_for_lag(server, wanted):
    end = time.monotonic() + 60 * SLOWNESS
    while True:
        families = {family.name: family for family in text_string_to_metric_families(server.get("/metrics").text)}
        # Nothing is known of the lag before the log has answered.
        samples = families["partner_pulse_lag_records"].samples if "partner_pulse_lag_records" in families else []
        groups = {sample.labels["group"] for sample in samples}
        # Markers of transactions take offsets too, so that what is behind the last one may look like a lag of one.
        if len(groups) == 2 and all(sample.value <= wanted + 1 for sample in samples):
            taken = {sample.labels["stage"]: sample.value for sample in families["partner_pulse_records"].samples}
            if taken["entity"] > 0 and taken["ranking"] > 0:
                return
        assert time.monotonic() < end, samples
        time.sleep(0.5)
