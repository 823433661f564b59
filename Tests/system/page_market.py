"""Twelve partners whose indicators are easily worked out; the current month is June 2025.

Partner number k was billed k thousand dollars in May and in June, has one customer with 10 k seats, k users and 2 k
assigned seats. Number 5 is the one that the tests look at: it has a second customer, in Belgium, with another product.
Number 6 lost seats in June and has none assigned. The tenth has a Chinese name, the eleventh an Arabic one, the twelfth an
unpleasant id and name.
"""

import json

PARTNERS = [f"partner-{number:02}" for number in range(1, 12)] + ["<b onclick=alert(1)>\"twelfth\"&'</b>"]
NAMES = [f"Société {number:02}" for number in range(1, 10)] + ["上海云科技有限公司", "شركة النور (دبي)", "Twelve & Söhne <i>"]
FIFTH, SIXTH, CHINESE, ARABIC, TWELFTH = (PARTNERS[index] for index in (4, 5, 9, 10, 11))


def events():
    """The market's events, as lines for `import`."""
    made = []
    for number, partner in enumerate(PARTNERS, start=1):
        made += _partner(partner) + _customer(number, partner)
    made += _subscription("c-5b", "s", FIFTH, "finance-operations", ["finance"], 20, "2025-06-03", "BE")
    made += [_bill("c-5b", "s", "1", 700, "2025-06-05")]
    made += [_seats("c-6", SIXTH, 45, "2025-06-07", 2)]
    return [json.dumps(event).encode() for event in made]


def sale(line, dollars, number=5):
    """One more billing line of a partner's customer."""
    return json.dumps(_bill(f"c-{number}", "s", line, dollars, "2025-06-20")).encode()


def _customer(number, partner):
    name = f"c-{number}"
    made = _subscription(name, "s", partner, "customer-engagement", ["sales"], 10 * number, "2025-03-03", "FR")
    made += [_bill(name, "s", month, 1000 * number, f"2025-{month}-05") for month in ("05", "06")]
    for user in range(number):
        made.append(_event(
            "usage-actions", customerId=name, subscriptionId="s", userId=f"u-{user}", workload="sales",
            action="record.update", intentional=True, occurredAt="2025-06-10T08:00:00Z"))
    for user in range(2 * number if number != 6 else 0):
        made.append(_event(
            "license-assignments", customerId=name, subscriptionId="s", userId=f"u-{user}", assigned=True,
            effectiveAt="2025-04-01T00:00:00Z", revision="1"))
    for instance in range(number):
        made.append(_event(
            "instances", customerId=name, subscriptionId="s", instanceId=f"i-{instance}", workload="sales",
            environment="PRODUCTION", deployed=True, effectiveAt="2025-04-01T00:00:00Z", revision="1"))
    return made


def _partner(partner):
    person = f"person of {partner}"
    return [
        _event("partners", partnerId=partner, name=NAMES[PARTNERS.index(partner)], country="FR", accounts=["CSP"],
               effectiveAt="2023-01-01T00:00:00Z", revision="1"),
        _event("affiliations", personId=person, partnerId=partner, country="FR",
               effectiveAt="2023-01-01T00:00:00Z", revision="1"),
        _event("exam-passes", personId=person, exam="MB-210", passedAt="2025-01-10T00:00:00Z", revision="1"),
    ]


def _subscription(customer, subscription, partner, product, workloads, seats, day, country):
    return [
        _event("customers", customerId=customer, name=customer, country=country,
               effectiveAt="2023-01-01T00:00:00Z", revision="1"),
        _seats(customer, partner, seats, day, 1, product, workloads, subscription),
    ]


def _seats(customer, partner, seats, day, revision, product="customer-engagement", workloads=("sales",),
           subscription="s"):
    return _event(
        "subscriptions", customerId=customer, subscriptionId=subscription, product=product,
        workloads=list(workloads), licenseProgram="CLOUD_SOLUTION_PROVIDER", kind="PAID", status="ACTIVE",
        seats=str(seats), dporPartnerId=partner, effectiveAt=f"{day}T00:00:00Z", revision=str(revision))


def _bill(customer, subscription, line, dollars, day):
    return _event(
        "billing-lines", customerId=customer, subscriptionId=subscription, lineId=line, revision="1",
        licenseProgram="CLOUD_SOLUTION_PROVIDER", amountMicros=str(dollars * 1_000_000), currency="USD",
        billedAt=f"{day}T00:00:00Z")


def _event(topic, **value):
    return {"topic": topic, "value": value}
