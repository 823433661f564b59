"""Results as tables: what is written is what `snapshots` says, and the queries of the docs give what they say."""

import csv
import io
import json
import re
import sqlite3

import pytest

from ndjson import CATALOG, events, expected
from program import ROOT

EXPECTED = [json.loads(line) for line in expected("set-103")]
SNAPSHOTS = [line["snapshot"] for line in EXPECTED if "snapshot" in line]
SCALES = [line["scale"] for line in EXPECTED if "scale" in line]
PARTNER = '=1+"é,1"'
KEYS = ["partner_id", "product", "workload", "country", "month"]


@pytest.fixture(scope="module")
def lines():
    """Beside those of the example set, a partner whose name and id would be formulas."""
    since = {"effectiveAt": "2020-01-01T00:00:00Z", "revision": "1"}
    strange = {
        "partners": {"partnerId": PARTNER, "name": "-2\n+3", "country": "FR", "accounts": ["CSP"]},
        "customers": {"customerId": "strange", "name": "Strange", "country": "FR"},
        "subscriptions": {
            "customerId": "strange", "subscriptionId": "s", "product": "dynamics-365", "workloads": ["finance-operations"],
            "licenseProgram": "CLOUD_SOLUTION_PROVIDER", "kind": "PAID", "status": "ACTIVE", "seats": "7",
            "dporPartnerId": PARTNER, "effectiveAt": "2026-06-01T00:00:00Z"}}
    return [*events("set-103"),
            *(json.dumps({"topic": topic, "value": since | value}).encode() for topic, value in strange.items())]


@pytest.fixture
def application(make_application):
    application = make_application(catalog=CATALOG)
    application.create_topics(2)
    application.import_lines(events("set-103"))
    application.run_until_end()
    return application


def export(application, *options, status=0):
    path = application.directory / "result.sqlite"
    done = application.command("export", "--sqlite", path, *options)
    assert done.returncode == status, done.stderr.decode()
    return path if status == 0 else done.stderr.decode()


def query(path, sql, *values):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        cursor = connection.execute(sql, values)
        return [column[0] for column in cursor.description], cursor.fetchall()


def flat(snapshot):
    """What a row is to hold."""
    row = dict(zip(KEYS, snapshot["key"].rsplit("|", 4)))
    for name, indicator in snapshot["indicators"].items():
        row[name] = indicator["value"]
        row |= {f"{name}_{part}": indicator[part] for part in ("previous", "trend", "bar")}
    return row | {f"component_{name}": number for name, number in snapshot["components"].items()}


ROWS = [flat(snapshot) for snapshot in SNAPSHOTS]


def test_ndjson_has_a_row_for_each_snapshot(application):
    found = [json.loads(line) for line in application.succeed("snapshots", "--format", "ndjson").splitlines()]
    assert len({tuple(row) for row in found}) == 1, "all have the same columns in the same order"
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT[0-9:.]+Z", row.pop("as_of")) for row in found)
    assert found == ROWS


def test_csv_is_read_as_it_is(application):
    text = application.succeed("snapshots", "--format", "csv").decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n") == 1 + len(ROWS)
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert list(rows[0]) == [*ROWS[0], "as_of"]
    for row, wanted in zip(rows, ROWS, strict=True):
        row.pop("as_of")
        for name, value in wanted.items():
            assert row[name] == ("" if value is None else str(value)), name


def test_tables_are_filtered_as_the_listing_is(application):
    partner = ROWS[0]["partner_id"]
    options = ["--partner", partner, "--month", ROWS[0]["month"], "--product", ""]
    found = application.succeed("snapshots", "--format", "ndjson", *options).splitlines()
    wanted = [row for row in ROWS if (row["partner_id"], row["month"], row["product"]) == (partner, ROWS[0]["month"], "")]
    assert [json.loads(line)["country"] for line in found] == [row["country"] for row in wanted]
    assert application.command("snapshots", "--format", "xls").returncode == 2


def test_an_export_holds_all_of_the_result(application):
    path = export(application)
    columns, rows = query(path, f"SELECT * FROM snapshots ORDER BY {', '.join(KEYS)}")
    found = [dict(zip(columns, row)) for row in rows]
    assert all(row.pop("as_of") for row in found)
    assert found == sorted(ROWS, key=lambda row: [row[key].encode() for key in KEYS])
    wanted = [
        (*scale["key"].split("|"), each["indicator"], each["partners"], bar["bar"], bar["partners"], bar["min"], bar["max"])
        for scale in SCALES for each in scale["scales"] for bar in each["bars"]]
    assert sorted(query(path, "SELECT * FROM scales")[1], key=repr) == sorted(
        ((p, w, c, m, *rest) for p, w, c, m, *rest in wanted), key=repr)
    assert query(path, "SELECT count(*) FROM indicators")[1] == [(7 * len(ROWS),)]
    assert query(path, "SELECT value, bar FROM indicators WHERE partner_id = ? AND month = ? AND product = '' "
                 "AND workload = '' AND country = '' AND indicator = 'customers_added'",
                 ROWS[0]["partner_id"], ROWS[0]["month"])[1] == [
                     (ROWS[0]["customers_added"], ROWS[0]["customers_added_bar"])]
    columns, [about] = query(path, "SELECT * FROM about")
    about = dict(zip(columns, about))
    assert (about["generation"], about["snapshots"], about["scales"]) == (1, len(SNAPSHOTS), len(SCALES))
    assert about["newest_event"] == max(
        json.loads(line)["as_of"] for line in application.succeed("snapshots", "--format", "ndjson").splitlines())
    assert query(path, "PRAGMA integrity_check")[1] == [("ok",)]
    plan = query(path, "EXPLAIN QUERY PLAN SELECT * FROM snapshots WHERE month = '2026-11' AND product = ''")[1]
    assert "USING INDEX snapshots_by_cell" in plan[0][-1]


def test_texts_are_those_of_the_events(make_application, lines):
    application = make_application(catalog=CATALOG)
    application.create_topics(2)
    application.import_lines(lines)
    application.run_until_end()
    assert (PARTNER, "-2\n+3", "FR") in query(export(application), "SELECT * FROM partners")[1]
    text = application.succeed("snapshots", "--format", "csv", "--partner", PARTNER).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    # Spreadsheets must not calculate it.
    assert rows and {row["partner_id"] for row in rows} == {"'" + PARTNER}
    found = application.succeed("snapshots", "--format", "ndjson", "--partner", PARTNER).splitlines()
    assert {json.loads(line)["partner_id"] for line in found} == {PARTNER}


def test_a_file_appears_whole_or_not_at_all(application):
    assert "--sqlite is missing" in application.command("export").stderr.decode()
    path = export(application)
    before = path.read_bytes()
    assert "already exists" in export(application, status=1)
    assert path.read_bytes() == before
    path.write_bytes(b"another file")
    export(application, "--overwrite")
    assert query(path, "SELECT count(*) FROM snapshots")[1] == [(len(ROWS),)]
    missing = application.command("export", "--sqlite", application.directory / "nowhere/result.sqlite")
    assert missing.returncode == 1 and b"nowhere/result.sqlite" in missing.stderr
    assert "generation 7" in export(application, "--generation", "7", "--overwrite", status=1)
    assert not list(application.directory.glob("result.sqlite.*"))


def test_an_export_is_of_one_generation(application):
    application.succeed(*application.run_arguments("b", "--until-end", "--no-switch", command="recompute"))
    second = export(application, "--generation", "2")
    assert query(second, "SELECT generation FROM about")[1] == [(2,)]
    first = export(application, "--overwrite")
    assert query(first, "SELECT generation FROM about")[1] == [(1,)]


def queries():
    """Each query of the docs, and the result that they show."""
    text = (ROOT / "docs/ANALYSIS.md").read_text()
    return re.findall(r"```sql\n(.*?)```\n\n```text\n(.*?)```", text, re.DOTALL)


def shown(columns, rows):
    cells = [columns, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(columns))]
    return "".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() + "\n" for row in cells)


def test_the_queries_of_the_docs_give_what_they_say(application):
    path = export(application)
    assert len(queries()) == 5
    for sql, result in queries():
        columns, rows = query(path, sql)
        assert rows, sql
        assert shown(columns, rows) == result, sql
