"""Which events are refused."""

import re

from model.instants import instant

# The ids that an event must have.
_IDS = {
    "usage-actions": ["customerId", "subscriptionId", "userId"],
    "license-assignments": ["customerId", "subscriptionId", "userId"],
    "subscriptions": ["customerId", "subscriptionId"],
    "billing-lines": ["customerId", "subscriptionId", "lineId"],
    "instances": ["customerId", "subscriptionId", "instanceId"],
    "customers": ["customerId"],
    "exam-passes": ["personId", "exam"],
    "affiliations": ["personId"],
    "partners": ["partnerId"],
}
_TIMES = {"usage-actions": "occurredAt", "billing-lines": "billedAt", "exam-passes": "passedAt"}
# The enums that an event must have; the first value of each is the unspecified one, which JSON leaves out.
_ENUMS = {
    "subscriptions": ["kind", "status", "licenseProgram"],
    "billing-lines": ["licenseProgram"],
    "instances": ["environment"],
}
# Texts are bounded in bytes of UTF-8; currency and country have rules of their own.
_TEXTS = ["customerId", "subscriptionId", "userId", "lineId", "instanceId", "personId", "partnerId", "dporPartnerId",
          "product", "workload", "exam"]
_LONGEST_ID = 512
_LONGEST_NAME = 1024
_LARGEST_AMOUNT = 10**15
_MOST_SEATS = 10**7
_YEAR_2000 = instant("2000-01-01T00:00:00Z")
_DAY = 24 * 3600 * 10**9

TOPICS = list(_IDS)


def time_of(topic, value):
    """The event time; None if it is missing."""
    text = value.get(_TIMES.get(topic, "effectiveAt"))
    return None if text is None else instant(text)


def refusal(topic, value, currency, record_time):
    """Why an event is refused; None if it is not. `record_time` is the record's own timestamp in nanoseconds."""
    if not all(value.get(name) for name in _IDS[topic]):
        return "a required id is missing"
    ids = [value.get(name) or "" for name in _TEXTS] + value.get("workloads", [])
    names = [value.get("name") or "", value.get("action") or ""]
    if max(map(_size, ids)) > _LONGEST_ID or max(map(_size, names)) > _LONGEST_NAME:
        return "a text is too long"
    time = time_of(topic, value)
    if time is None:
        return "a required instant is missing"
    if time < _YEAR_2000:
        return "an event time before 2000"
    if time > record_time + _DAY:
        return "an event time more than 24 hours after the record's"
    enums = [value.get(name) for name in _ENUMS.get(topic, [])] + value.get("accounts", [])
    if any(not each or str(each).endswith("UNSPECIFIED") for each in enums):
        return "an unspecified enum"
    if int(value.get("seats", 0)) < 0:
        return "negative seats"
    if int(value.get("seats", 0)) > _MOST_SEATS:
        return "too many seats"
    if topic == "billing-lines":
        if abs(int(value.get("amountMicros", 0))) > _LARGEST_AMOUNT:
            return "an amount out of range"
        if value.get("currency") != currency:
            return "another currency"
        if value["licenseProgram"] == "ENTERPRISE_AGREEMENT" and value.get("contractStart") is None:
            return "an ENTERPRISE_AGREEMENT line without contract_start"
    if not re.fullmatch(r"([A-Z]{2})?", value.get("country", "")):
        return "a country that is neither empty nor two capital letters"
    return None


def _size(text):
    return len(text.encode())
