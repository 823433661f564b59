"""The model that chaos is judged by gives the examples' results, which were worked out by others."""

import json

import pytest

from model import Catalog, refusal, result
from ndjson import CATALOG, SETS, events, expected

_DAY = 24 * 3600 * 10**9


@pytest.mark.parametrize("name", SETS)
def test_the_examples(name):
    catalog = Catalog(CATALOG)
    lines = [json.loads(line) for line in events(name)]
    # Later than any event.
    record_time = 4 * 10**18
    assert not [line for line in lines if refusal(line["topic"], line["value"], catalog.currency, record_time)]
    found = result(catalog, [(line["topic"], line["value"]) for line in lines])
    wanted = {"snapshots": {}, "scales": {}}
    for line in map(json.loads, expected(name)):
        if "snapshot" in line:
            wanted["snapshots"][line["snapshot"].pop("key")] = line["snapshot"]
        else:
            wanted["scales"][line["scale"]["key"]] = line["scale"]["scales"]
    assert found["scales"] == wanted["scales"]
    assert found["snapshots"] == wanted["snapshots"]


def test_no_events():
    assert result(Catalog(CATALOG), []) == {"snapshots": {}, "scales": {}}


_USAGE = {"customerId": "c", "subscriptionId": "s", "userId": "u", "occurredAt": "2026-01-01T00:00:00Z"}
_SUBSCRIPTION = {
    "effectiveAt": "2026-01-01T00:00:00Z", "licenseProgram": "OPEN", "kind": "PAID", "status": "ACTIVE"}
_LINE = {"lineId": "l", "billedAt": "2026-01-01T00:00:00Z", "licenseProgram": "OPEN", "currency": "USD"}
_JANUARY = 1_767_225_600 * 10**9


@pytest.mark.parametrize("topic, change, record_time, is_refused", [
    ("usage-actions", {}, _JANUARY, False),
    ("usage-actions", {"userId": ""}, _JANUARY, True),
    ("usage-actions", {"occurredAt": None}, _JANUARY, True),
    ("usage-actions", {"occurredAt": "1999-12-31T23:59:59.999999999Z"}, _JANUARY, True),
    ("usage-actions", {"occurredAt": "2000-01-01T00:00:00Z"}, _JANUARY, False),
    ("usage-actions", {}, _JANUARY - _DAY, False),
    ("usage-actions", {}, _JANUARY - _DAY - 1, True),
    ("customers", {"effectiveAt": "2026-01-01T00:00:00Z", "country": "fr"}, _JANUARY, True),
    ("customers", {"effectiveAt": "2026-01-01T00:00:00Z", "country": ""}, _JANUARY, False),
    ("instances", {"effectiveAt": "2026-01-01T00:00:00Z", "instanceId": "i"}, _JANUARY, True),
    ("usage-actions", {"userId": "u" * 512, "action": "a" * 1024}, _JANUARY, False),
    ("usage-actions", {"userId": "u" * 513}, _JANUARY, True),
    ("usage-actions", {"workload": "\u00e9" * 257}, _JANUARY, True),
    ("usage-actions", {"action": "a" * 1025}, _JANUARY, True),
    ("subscriptions", _SUBSCRIPTION | {"seats": "10000000"}, _JANUARY, False),
    ("subscriptions", _SUBSCRIPTION | {"seats": "10000001"}, _JANUARY, True),
    ("subscriptions", _SUBSCRIPTION | {"seats": "-1"}, _JANUARY, True),
    ("subscriptions", _SUBSCRIPTION | {"workloads": ["w" * 513]}, _JANUARY, True),
    ("billing-lines", _LINE | {"amountMicros": str(-10**15)}, _JANUARY, False),
    ("billing-lines", _LINE | {"amountMicros": str(10**15 + 1)}, _JANUARY, True),
])
def test_refusals(topic, change, record_time, is_refused):
    assert bool(refusal(topic, _USAGE | change, "USD", record_time)) == is_refused
