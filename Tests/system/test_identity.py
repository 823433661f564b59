"""Ids are the bytes that they are: what differs by Unicode normalization alone is different everywhere."""

import csv
import html
import io
import json
import re
import signal
import subprocess
import time
from urllib.parse import quote

import pytest

from model import Catalog, result
from program import PATIENCE, PROGRAM, Application
from waiting import SLOWNESS, wait_for
from web import EventStream, TokenIssuer, WebServer

COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"
# Each is another one, or what another one begins with, to who takes texts for sequences of "characters".
IDS = [COMPOSED, DECOMPOSED, "cafe", DECOMPOSED + "\u0301", COMPOSED + "\u0301", "\u212b", "\u00c5", "A\u030a", "A"]
# What tables hold with care.
STRANGE = [
    'a"\u0301,=1+2', 'a"', "=1+2", "'=1+2", "=\u03011+2", "\u0301=1+2", "\uff1d1+2", "\ufeff=1+2", "\n=1+2", "\r\n@x", "\t+1",
    " -1", "a,\u0301b", "a\n\u0301b", "l1\r\nl2", "a;b", "'", "a|b"]
PARTNERS = IDS + STRANGE
MONTH = "2026-11"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    directory = tmp_path_factory.mktemp("identity")
    products = [{"id": product, "name": f"Product {number}", "workloads": [
        {"id": workload, "name": f"Work {number}.{place}", "exams": [COMPOSED] if place else [DECOMPOSED]}
        for place, workload in enumerate((COMPOSED, DECOMPOSED))]}
        for number, product in enumerate((COMPOSED, DECOMPOSED))]
    catalog = directory / "catalog.json"
    catalog.write_text(json.dumps({"reportingCurrency": "USD", "excludedPartnerCountries": [], "products": products}))
    application = Application(["--data", str(directory / "log.db")], directory, catalog)
    application.events = events()
    application.import_lines([json.dumps(event).encode() for event in application.events])
    application.run_until_end()
    application.result = result(Catalog(catalog), [(event["topic"], event["value"]) for event in application.events])
    yield application
    application.kill_all()


def events():
    """Each partner has a name, customers, users, subscriptions and lines of its own, and numbers that are its own."""
    made = []

    def add(topic, **value):
        made.append({"topic": topic, "value": value})

    for number, partner in enumerate(PARTNERS):
        at = {"effectiveAt": "2026-01-01T00:00:00Z", "revision": "1"}
        add("partners", partnerId=partner, name=f"Name {number}", country="FR", accounts=["CSP"], **at)
        # Customers, subscriptions and users are told apart by their bytes as well.
        customer = f"{number} {partner}"
        add("customers", customerId=customer, country="FR", **at)
        for product in (COMPOSED, DECOMPOSED):
            for subscription in (COMPOSED + product, DECOMPOSED + product):
                add("subscriptions", customerId=customer, subscriptionId=subscription, product=product,
                    workloads=[COMPOSED] if product == COMPOSED else [COMPOSED, DECOMPOSED], kind="PAID", status="ACTIVE",
                    licenseProgram="CLOUD_SOLUTION_PROVIDER", seats=str(10 + number), dporPartnerId=partner, **at)
                for line in (COMPOSED, DECOMPOSED):
                    add("billing-lines", customerId=customer, subscriptionId=subscription, lineId=line + subscription,
                        licenseProgram="CLOUD_SOLUTION_PROVIDER", currency="USD", amountMicros=str(10**6 * (number + 1)),
                        billedAt="2026-11-02T00:00:00Z", revision="1")
                for user in IDS[: number % len(IDS) + 1]:
                    add("usage-actions", customerId=customer, subscriptionId=subscription, userId=user,
                        workload=DECOMPOSED, action="x", intentional=True, occurredAt="2026-11-03T00:00:00Z")
                    add("license-assignments", customerId=customer, subscriptionId=subscription, userId=user, assigned=True,
                        **at)
        for person in (COMPOSED, DECOMPOSED):
            add("affiliations", personId=person + customer, partnerId=partner, country="FR", **at)
            add("exam-passes", personId=person + customer, exam=person, passedAt="2026-02-01T00:00:00Z", revision="1")
    return made


@pytest.fixture(scope="module")
def served(world):
    server = WebServer(
        world.directory, *world.log, *world.catalog, "--no-run", "--listen", "127.0.0.1:0").wait_until_ready()
    # The names come by themselves, a moment after the result.
    wait_for(lambda: f"Name {len(PARTNERS) - 1}" in server.get("/").text)
    yield server
    server.kill()


def snapshot(world, partner, product="", workload="", country=""):
    return world.result["snapshots"]["|".join([partner, product, workload, country, MONTH])]


def path(partner, resource):
    return f"/api/v1/partners/{quote(partner, safe='')}/{resource}"


def test_the_result_is_that_of_the_model(world):
    found = {}
    for line in map(json.loads, world.snapshots()):
        if "snapshot" in line:
            found[line["snapshot"].pop("key")] = line["snapshot"]
    assert found == world.result["snapshots"]
    assert {key.rsplit("|", 4)[0] for key in found} == set(PARTNERS)


def test_listings_are_in_the_order_of_bytes(world, served):
    keys = [json.loads(line)["snapshot"]["key"] for line in world.snapshots("--month", MONTH) if b'"snapshot"' in line]
    fields = [[part.encode() for part in key.rsplit("|", 4)] for key in keys]
    assert fields == sorted(fields)
    assert served.get("/api/v1/partners").json()["partners"] == sorted(PARTNERS, key=str.encode)
    after = served.get("/api/v1/partners", params={"after": DECOMPOSED, "limit": 1}).json()
    assert after["partners"] == [sorted(PARTNERS, key=str.encode)[sorted(PARTNERS, key=str.encode).index(DECOMPOSED) + 1]]


@pytest.mark.parametrize("partner", PARTNERS)
def test_commands_pick_out_one_partner(world, partner):
    for line in world.snapshots(f"--partner={partner}"):
        assert json.loads(line)["snapshot"]["key"].rsplit("|", 4)[0] == partner
    explained = json.loads(world.succeed("explain", partner, "--format=json", f"--month={MONTH}", *world.catalog))
    assert explained["partner"] == partner
    wanted = snapshot(world, partner)["components"]
    assert {name: wanted[name] for name in explained["total"]} == explained["total"]


def test_tail_picks_out_partners(world):
    wanted = [DECOMPOSED, "A\u030a"]
    count = sum(key.rsplit("|", 4)[0] in wanted for key in world.result["snapshots"])
    with subprocess.Popen(
            [PROGRAM, "tail", "--from-beginning", *(f"--partner={each}" for each in wanted), *world.log],
            stdout=subprocess.PIPE) as process:
        lines = [json.loads(process.stdout.readline()) for _ in range(count)]
        time.sleep(0.5 * SLOWNESS)  # as long as it takes to see that no more come
        process.send_signal(signal.SIGINT)
        lines += map(json.loads, process.stdout.readlines())
        assert process.wait(PATIENCE) == 0
    assert len(lines) == count
    assert {line["snapshot"]["key"].rsplit("|", 4)[0] for line in lines} == set(wanted)


@pytest.mark.parametrize("partner", PARTNERS)
def test_the_api_tells_of_one_partner(world, served, partner):
    for product in ("", COMPOSED, DECOMPOSED):
        filters = {"product": product} if product else {}
        report = served.get(path(partner, "indicators"), params=filters).json()
        assert report["partner"] == partner
        assert report["filters"]["product"] == (product or None)
        assert report["components"] == snapshot(world, partner, product)["components"]
    cells = served.get(path(partner, "cells")).json()["cells"]
    assert {(each["product"], each["workload"]) for each in cells} == {
        (None, None), *((product, workload) for product in (COMPOSED, DECOMPOSED) for workload in (None, COMPOSED, DECOMPOSED))}
    stream = EventStream(served, path(partner, "events"))
    assert stream.next()[1]["partner"] == partner
    stream.close()
    wait_for(lambda: served.get(path(partner, "explain")).status_code == 200)
    assert served.get(path(partner, "explain")).json()["partner"] == partner


@pytest.mark.parametrize("partner", PARTNERS)
def test_tables_can_be_read(world, served, partner):
    table = served.get(path(partner, "indicators.csv"), params={"product": DECOMPOSED}).content.decode()
    rows = list(csv.reader(io.StringIO(table, newline=""), strict=True))
    assert len(rows) == 8
    assert {len(row) for row in rows} == {31}
    wanted = snapshot(world, partner, DECOMPOSED)["indicators"]
    for row in rows[1:]:
        # An apostrophe before what might be a formula; the text itself is left as it is.
        assert row[0].removeprefix("'") == partner or row[0] == partner
        assert row[1:5] == [MONTH, DECOMPOSED, "", ""]
        value = wanted[row[5]]["value"]
        assert row[6] == "" if value is None else float(row[6]) == value
        assert not re.match("[=+@\\-\t\r\n\uff1d]", row[0])


def test_different_partners_have_different_fields(served):
    fields = [
        next(csv.reader(io.StringIO(served.get(path(partner, "indicators.csv")).content.decode().split("\r\n", 1)[1], newline="")))[0]
        for partner in PARTNERS]
    assert len(set(fields)) == len(PARTNERS)


@pytest.mark.parametrize("number, partner", list(enumerate(PARTNERS)))
def test_the_page_tells_of_one_partner(served, number, partner):
    page = served.get("/", params={"partner": partner, "product": DECOMPOSED}).text
    assert f'<strong dir="auto">Name {number}</strong>' in page
    subject = re.search('<strong dir="auto">.*?</strong><span dir="auto">(.*?)</span>', page, re.DOTALL)[1]
    assert html.unescape(subject).replace("\r", "") == partner.replace("\r", "")
    chosen = [html.unescape(value) for value in re.findall('<option value="([^"]*)" selected', page)]
    assert chosen[0] == partner
    # Nobody has chosen a month.
    assert chosen[1] == DECOMPOSED
    assert "Product 1" in page


def test_a_token_is_for_one_partner(world):
    issuer = TokenIssuer()
    keys = issuer.write(world.directory / "jwks.json")
    server = WebServer(
        world.directory, *world.log, *world.catalog, "--no-run", "--listen", "127.0.0.1:0", "--jwks", keys,
        "--issuer", issuer.issuer, "--audience", issuer.audience)
    try:
        server.wait_until_ready()
        for own, other in [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED), ("cafe", DECOMPOSED), ("\u212b", "\u00c5")]:
            token = issuer.token(partner=own)
            assert server.get("/api/v1/partners", token).json()["partners"] == [own]
            assert server.get(path(own, "indicators"), token).json()["partner"] == own
            for resource in ("indicators", "indicators.csv", "history.csv", "events", "months", "cells", "explain",
                             "difference", "revisions"):
                assert server.get(path(other, resource), token).status_code == 403
    finally:
        server.kill()
