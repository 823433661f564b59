"""The alerts and the dashboard speak of what the program exposes, and of what docs/OPERATIONS.md explains."""

import json
import pathlib
import re
import shutil
import subprocess
import sys

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from ndjson import CATALOG, events
from program import ROOT, Application
from waiting import wait_for
from web import TokenIssuer, WebServer

MONITORING = ROOT / "deploy/prometheus"
RULE_FILES = sorted((MONITORING / "rules").glob("*.yml"))
RULES = [rule for path in RULE_FILES for group in yaml.safe_load(path.read_text())["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((ROOT / "deploy/grafana/dashboards/partner-pulse.json").read_text())
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", [])]
# What a scrape adds.
SCRAPE_LABELS = {"job", "instance"}

pytestmark = pytest.mark.xdist_group("monitoring")


def promtool(*arguments):
    # scripts/setup puts it beside the tests' Python.
    program = shutil.which("promtool") or pathlib.Path(sys.executable).with_name("promtool")
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def exposed(tmp_path_factory):
    """The metrics of a server with an aggregator, each with its labels; None for one without a sample yet."""
    directory = tmp_path_factory.mktemp("monitoring")
    lines = [*events("set-101"), b'{"topic": "customers", "key": "c", "value": {"customerId": "c"}}']
    Application(["--data", "log.db"], directory).import_lines(lines)
    issuer = TokenIssuer()
    server = WebServer(
        directory, "--data", "log.db", "--catalog", CATALOG, "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0",
        "--jwks", issuer.write(directory / "jwks.json"), "--issuer", issuer.issuer, "--audience", issuer.audience,
        "--access-log", directory / "access.log")
    token = issuer.token("partner-administrator")

    def metrics():
        return server.get("/metrics", token).text

    try:
        server.wait_until_ready().get("/", token)
        assert re.search(r"metrics on http://\S+/metrics", server.log.read_text())
        wait_for(lambda: "partner_pulse_rejected_events_total{" in metrics())
        wait_for(lambda: "partner_pulse_lag_records{" in metrics())
        families = list(text_string_to_metric_families(metrics()))
        assert server.stop() == 0
    finally:
        server.kill()
    # The parser takes the suffix off the name of a counter.
    return {
        family.name + "_total" * (family.type == "counter"):
            set().union(*(sample.labels for sample in family.samples)) - {"le"} if family.samples else None
        for family in families}


def documented():
    """The metrics in docs/SERVING.md, each with its labels."""
    text = (ROOT / "docs/SERVING.md").read_text().split("\n## Metrics\n")[1]
    names = re.findall(r"`(\w+)(?:\{([\w,]+)\})?`", " ".join(re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)))
    return {f"partner_pulse_{name}": set(labels.split(",")) - {""} for name, labels in names}


def metrics_of(expression):
    """The metrics of the program in a query, each with the labels that the query asks of it by a selector."""
    return {
        (name, label)
        for name, selector in re.findall(r"(?<![\w:])(partner_pulse_\w+)(?:\{([^}]*)\})?", expression)
        for label in [None, *re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector)]}


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.name)
def test_rules_are_valid(path):
    status, text = promtool("check", "rules", path)
    assert status == 0, text


def test_configuration_is_valid_and_names_the_rules():
    status, text = promtool("check", "config", MONITORING / "prometheus.yml")
    assert status == 0 and "2 rule files found" in text, text


def test_alerts_fire_when_they_should():
    status, text = promtool("test", "rules", ROOT / "Tests/system/prometheus/alerts.test.yml")
    assert status == 0, text


def test_every_alert_is_tested():
    tested, fired = set(), set()
    for case in yaml.safe_load((ROOT / "Tests/system/prometheus/alerts.test.yml").read_text())["tests"]:
        for alert in case["alert_rule_test"]:
            (fired if alert.get("exp_alerts") else tested).add(alert["alertname"])
    assert tested == fired == {rule["alert"] for rule in RULES if "alert" in rule}


def test_queries_speak_of_metrics_that_exist(exposed):
    asked = [each for query in [*(rule["expr"] for rule in RULES), *QUERIES] for each in metrics_of(query)]
    assert len(asked) > 50
    for name, label in asked:
        metric = re.sub(r"_(bucket|sum|count)$", "", name)
        assert metric in exposed, f"{name} is not exposed"
        assert label is None or label in documented()[metric] | SCRAPE_LABELS, f"{name} has no label {label}"


def test_queries_use_recorded_series_that_exist():
    recorded = {rule["record"] for rule in RULES if "record" in rule}
    for query in [rule["expr"] for rule in RULES] + QUERIES:
        assert set(re.findall(r"\w+:\w+:\w+", query)) <= recorded, query
    # What nobody uses is in nobody's interest.
    assert recorded - set(re.findall(r"\w+:\w+:\w+", " ".join([rule["expr"] for rule in RULES] + QUERIES))) == set()


def test_dashboard_queries_are_valid(tmp_path):
    rules = [{"record": f"panel:{number}", "expr": query.replace("$__rate_interval", "5m")}
             for number, query in enumerate(QUERIES)]
    path = tmp_path / "dashboard.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    status, text = promtool("check", "rules", path)
    assert status == 0, text


def test_dashboard_panels_do_not_overlap():
    taken = set()
    for panel in DASHBOARD["panels"]:
        where = panel["gridPos"]
        cells = {(x, y) for x in range(where["x"], where["x"] + where["w"])
                 for y in range(where["y"], where["y"] + where["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_each_metric_is_documented_with_its_labels(exposed):
    assert exposed.keys() == documented().keys()
    for name, labels in exposed.items():
        assert labels is None or labels == documented()[name], name
    # Restores and views of this server are done.
    assert {name for name, labels in exposed.items() if labels is None} <= {
        "partner_pulse_restore_offsets", "partner_pulse_checkpoint_bytes", "partner_pulse_checkpoint_timestamp_seconds"}


def test_each_alert_has_its_section():
    text = (ROOT / "docs/OPERATIONS.md").read_text()
    sections = re.findall(r"^### (PartnerPulse\w+)$", text, re.MULTILINE)
    assert sections == [rule["alert"] for rule in RULES if "alert" in rule]
