"""Texts, amounts and seats are bounded, and within their bounds every sum is exact or loudly refused."""

import json

import pytest

from ndjson import CATALOG

_AMOUNT = 10**15
# As many of the greatest lines as 63 bits hold.
_MOST = (2**63 - 1) // _AMOUNT


@pytest.fixture(params=["SQLite", "Kafka"])
def application(request, make_application):
    servers = request.getfixturevalue("bootstrap_servers") if request.param == "Kafka" else None
    application = make_application(servers, catalog=CATALOG)
    application.create_topics(2)
    return application


def line(topic, **value):
    return json.dumps({"topic": topic, "value": value}).encode()


def market(partner="acme"):
    return [
        line("partners", partnerId=partner, accounts=["CSP"], effectiveAt="2024-01-01T00:00:00Z"),
        line("subscriptions", customerId="c", subscriptionId="s", product="business-central", licenseProgram="OPEN",
             kind="PAID", status="ACTIVE", seats="1", dporPartnerId=partner, effectiveAt="2024-01-01T00:00:00Z"),
    ]


def billing(number, amount, month, **more):
    return line(
        "billing-lines", customerId="c", subscriptionId="s", lineId=str(number), licenseProgram="OPEN",
        amountMicros=str(amount), currency="USD", billedAt=f"2025-{month:02}-05T00:00:00Z", **more)


def snapshot(application, month, partner="acme"):
    lines = application.snapshots("--partner", partner, "--month", month, "--product", "", "--country", "")
    assert len(lines) == 1
    return json.loads(lines[0])["snapshot"]


def rejected(application):
    return [json.loads(each)["reason"] for each in application.succeed("rejected").splitlines()]


# Holds REL-41.
def test_what_is_out_of_bounds_is_refused(application):
    application.import_lines([
        *market(), billing("a", 2**63 - 1, 10), billing("b", -2**63, 10), billing("c", _AMOUNT, 10),
        line("subscriptions", customerId="c", subscriptionId="t", product="business-central", licenseProgram="OPEN",
             kind="PAID", status="ACTIVE", seats=str(2**63 - 1), dporPartnerId="acme",
             effectiveAt="2025-10-01T00:00:00Z"),
        line("partners", partnerId="p" * 513, accounts=["CSP"], effectiveAt="2024-01-01T00:00:00Z"),
    ])
    application.run_until_end()
    found = snapshot(application, "2025-10")
    assert found["components"]["billed_micros"] == _AMOUNT
    assert found["components"]["credited_micros"] == 0
    assert found["components"]["seats_added"] == 0
    assert sorted(rejected(application)) == [
        "amount_out_of_range", "amount_out_of_range", "seats_out_of_range", "text_too_long"]


# Holds REL-41, SEM-58, SEM-67.
def test_the_longest_ids_are_published(application):
    partner = "\u00e9" * 256
    application.import_lines([*market(partner), billing("l" * 512, 5_000_000, 10)])
    application.run_until_end()
    assert snapshot(application, "2025-10", partner)["indicators"]["net_new_revenue"]["value"] == 5
    assert rejected(application) == []


# Holds REL-15, SEM-68.
def test_a_sum_that_leaves_63_bits_ends_the_run_before_it_is_published(application):
    # In twelve months as much as fits, each month by itself far less.
    months = range(1, 13)
    lines = [billing(number, _AMOUNT, months[number % 12]) for number in range(_MOST)]
    application.import_lines([*market(), *lines])
    application.run_until_end()
    assert snapshot(application, "2025-12")["components"]["billed_micros"] == _MOST * _AMOUNT
    before = application.snapshots()
    application.import_lines([billing("more", _AMOUNT, 6)])
    for _ in range(2):
        done = application.command(*application.run_arguments("a", "--until-end"))
        assert done.returncode == 1
        message = done.stderr.decode()
        assert "SUM_OUT_OF_RANGE" in message and 'billed_micros of partner "acme"' in message
        assert application.snapshots() == before


# Holds REL-15.
def test_a_month_that_leaves_63_bits_ends_the_run_before_it_is_published(application):
    application.import_lines([*market(), *(billing(number, -_AMOUNT, 12) for number in range(_MOST + 1))])
    done = application.command(*application.run_arguments("a", "--until-end"))
    assert done.returncode == 1
    assert 'credited_micros of partner "acme"' in done.stderr.decode()
    assert application.snapshots() == []
