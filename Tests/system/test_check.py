"""`check` tells what is wrong with a configuration, and changes nothing."""

import json
import os
import subprocess

import pytest
from confluent_kafka.admin import AclBinding, AclOperation, AclPermissionType, ResourcePatternType, ResourceType

from ndjson import CATALOG, events
from program import PATIENCE, PROGRAM, environment
from rights import documented, rights
from test_acls import USER, broker  # noqa: F401
from test_topics import admin, set_partitions, set_topic  # noqa: F401
from web import TokenIssuer


def check(application, command, *options, environment=None):
    """What was tried: the verdict and the finding for each subject; and the exit status."""
    done = subprocess.run(
        list(map(str, [PROGRAM, "check", command, *application.log, *options])), capture_output=True, text=True,
        timeout=PATIENCE, cwd=application.directory, env=os.environ | (environment or {}))
    findings = {}
    for line in done.stdout.splitlines():
        verdict, rest = line.split(None, 1)
        subject, finding = rest.split(": ", 1)
        findings.setdefault(subject, []).append((verdict, finding))
    wrong = sum(verdict == "wrong" for each in findings.values() for verdict, _ in each)
    assert done.returncode == (1 if wrong else 0), done.stderr
    assert (f"{wrong} of " in done.stderr) == (wrong > 0)
    return findings


def wrong(findings):
    return {subject for subject, found in findings.items() if any(verdict == "wrong" for verdict, _ in found)}


@pytest.fixture
def embedded(make_application):
    application = make_application(catalog=CATALOG)
    application.create_topics(2)
    application.import_lines(events("set-101")[:200])
    application.run_until_end()
    return application


def listing(application):
    return {path: path.stat().st_mtime_ns for path in application.directory.rglob("*")} | {
        path: path.stat().st_mtime_ns for path in application.directory.parent.glob("*.db*")}


def test_a_sqlite_log_is_checked_and_not_changed(embedded):
    before = listing(embedded)
    for command in ("run", "recompute", "serve", "import"):
        options = [] if command == "import" else ["--catalog", CATALOG]
        found = check(embedded, command, *options)
        assert wrong(found) == set()
        assert found["topic usage-actions"] == [("ok", "2 partitions")]
    assert listing(embedded) == before
    assert check(embedded, "run", "--catalog", CATALOG)["definition of the result"] == [("ok", "the same")]


def test_what_is_wrong_is_told(embedded, tmp_path, make_application):
    # Another catalog than the result was computed with.
    assert wrong(check(embedded, "run")) == {"definition of the result"}
    assert wrong(check(embedded, "run", "--catalog", tmp_path / "none.json")) == {"catalog"}
    keys = tmp_path / "keys.json"
    tokens = ["--catalog", CATALOG, "--jwks", keys, "--issuer", "i", "--audience", "a"]
    assert wrong(check(embedded, "serve", *tokens)) == {"keys of tokens"}
    keys.write_text(json.dumps({"keys": []}))
    assert wrong(check(embedded, "serve", *tokens)) == {"keys of tokens"}
    TokenIssuer().write(keys)
    assert check(embedded, "serve", *tokens)["keys of tokens"] == [("ok", "2 keys")]
    missing = make_application()
    found = check(missing, "run")
    assert wrong(found) == {"log"} and "topics create" in found["log"][0][1]
    # The options are those of the command, from wherever they come.
    found = check(embedded, "run", environment={"PARTNER_PULSE_CATALOG": CATALOG, "PARTNER_PULSE_GENERATION": "7"})
    assert wrong(found) == {"generation"}


def test_a_directory_that_cannot_be_made_is_told(embedded):
    # A file is in the way, for root too.
    assert wrong(check(embedded, "run", "--catalog", CATALOG, "--state-dir", f"{CATALOG}/state")) == {"--state-dir"}


def test_a_cluster_is_checked_and_not_changed(bootstrap_servers, make_application, admin):  # noqa: F811
    application = make_application(bootstrap_servers, catalog=CATALOG)
    found = check(application, "run")
    assert {"topic " + application.name + ".usage-actions", "topic " + application.name + ".task-checkpoints"} <= wrong(found)
    assert "topics create" in found[f"topic {application.name}.usage-actions"][0][1]
    names = set(admin.list_topics(timeout=10).topics)
    assert not any(name.startswith(application.name + ".") for name in names)
    application.create_topics(2)
    options = ["--catalog", CATALOG, "--application", application.name]
    found = check(application, "run", *options)
    assert wrong(found) == set()
    assert found["definition of the result"] == [("ok", "none yet")]
    assert found[f"group {application.name}.{application.name}-entity"] == [("ok", "allowed; it has committed nothing")]
    assert found["writing"][0][0] == "skipped"
    application.import_lines(events("set-101")[:200])
    application.run_until_end()
    found = check(application, "run", *options)
    assert wrong(found) == set()
    assert found["definition of the result"] == [("ok", "the same")]


def test_wrong_settings_and_partition_counts_are_told(bootstrap_servers, make_application, admin):  # noqa: F811
    application = make_application(bootstrap_servers)
    application.create_topics(2)
    prefix = application.name + "."
    set_topic(admin, prefix + "customers", "cleanup.policy", "compact")
    set_topic(admin, prefix + "partners", "retention.ms", "1000")
    set_partitions(admin, prefix + "exam-passes", 3)
    found = check(application, "run")
    assert wrong(found) == {f"topic {prefix}customers"}
    assert "must have delete" in found[f"topic {prefix}customers"][0][1]
    assert "kafka-configs.sh" in found[f"topic {prefix}customers"][0][1]
    assert any("retention.ms 1000" in finding for verdict, finding in found["topic"] if verdict == "warning")
    set_topic(admin, prefix + "customers", "cleanup.policy", "delete")
    found = check(application, "run")
    assert wrong(found) == {"partition counts"} and "topics copy" in found["partition counts"][0][1]


def test_no_broker_is_told(make_application):
    application = make_application()
    application.log = ["--bootstrap-servers", "127.0.0.1:1"]
    found = check(application, "import")
    assert wrong(found) == {"log"} and "check that the brokers are up" in found["log"][0][1]
    assert all(found[subject][0][0] in ("wrong", "skipped") for subject in found)


@pytest.mark.skipif(not environment("KAFKA_HOME"), reason="KAFKA_HOME is not set")
@pytest.mark.xdist_group("acls")
def test_a_missing_permission_is_told(broker, tmp_path):  # noqa: F811
    application = broker.open_application(tmp_path)
    application.create_topics(2)
    prefix = application.name + "."
    granted = [right for row in documented()["run"] for right in rights(row, prefix, application.name)]
    guarded = broker.guarded(application)
    options = ["--catalog", CATALOG, "--application", application.name]

    def found_with(rights):
        broker.set([right.binding(USER) for right in rights])
        return check(guarded, "run", *options)

    found = found_with(granted)
    assert wrong(found) == set()
    assert any("DescribeConfigs" in finding for _, finding in found["topic"])
    for kind, name, subject in (
            ("TOPIC", "exam-passes", f"reading {prefix}exam-passes"),
            ("GROUP", f"{application.name}-ranking", f"group {prefix}{application.name}-ranking")):
        left = [each for each in granted
                if not (each.operation == "READ" and each.resource == kind and each.name == prefix + name)]
        assert len(left) == len(granted) - 1
        # So that the topic itself can be seen.
        seen = AclBinding(ResourceType.TOPIC, prefix, ResourcePatternType.PREFIXED, f"User:{USER}", "*",
                          AclOperation.DESCRIBE, AclPermissionType.ALLOW)
        broker.set([right.binding(USER) for right in left] + [seen])
        found = check(guarded, "run", *options)
        assert wrong(found) == {subject}
        assert "docs/RIGHTS.md" in found[subject][0][1]
