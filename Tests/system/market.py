"""A small market whose every state is known beforehand, for telling whether a subscriber ever sees an older one.

A partner's customers are all in one partition, so that what is published for the partner follows one partition of
usage actions and one of billing lines, each in its order. The states that each may take, in order, are worked out here.
"""

import random
from collections import defaultdict

PARTITIONS = 4
PRODUCT = "dynamics-365"
WORKLOADS = ["customer-engagement", "finance-operations"]
COUNTRIES = ["FR", "BE", "US"]


class Market:
    """Events of `customers` customers; the months are the twelve up to `year`-`month`."""

    def __init__(self, seed, year, month, customers=24):
        self.random = random.Random(seed)
        self.months = [divmod(year * 12 + month - 1 - back, 12) for back in range(11, -1, -1)]
        self.customers = [f"pulse-customer-{number}" for number in range(customers)]
        self.country = {name: self.random.choice(COUNTRIES) for name in self.customers}
        self.partner = {}
        self.histories = Histories(self.months)

    def customer_events(self):
        return [_event("customers", customerId=name, name=name, country=self.country[name],
                       effectiveAt="2020-01-01T00:00:00Z", revision="1") for name in self.customers]

    def settle(self, partitions):
        """Gives every customer a partner of its own partition; returns the events that say so."""
        events = []
        for name, partition in zip(self.customers, partitions):
            self.partner[name] = f"pulse-partner-{partition}-{self.random.randrange(2)}"
            events.append(_event(
                "subscriptions", customerId=name, subscriptionId="s", product=PRODUCT, workloads=WORKLOADS,
                licenseProgram="CLOUD_SOLUTION_PROVIDER", kind="PAID", status="ACTIVE", seats="10",
                dporPartnerId=self.partner[name], effectiveAt="2020-01-01T00:00:00Z", revision="1"))
        for partner in sorted(set(self.partner.values())):
            events.append(_event(
                "partners", partnerId=partner, name=partner, country="FR", accounts=["CSP"],
                effectiveAt="2020-01-01T00:00:00Z", revision="1"))
        return events

    def stream(self, count):
        """Usage actions, billing lines and their corrections; the histories follow."""
        return [self._usage() if self.random.random() < 0.7 else self._billing() for _ in range(count)]

    def _usage(self):
        customer, workload = self.random.choice(self.customers), self.random.choice(WORKLOADS)
        user, month = f"user-{self.random.randrange(40)}", self.random.choice(self.months)
        self.histories.used(self.partner[customer], self.country[customer], workload, (customer, user), month)
        return _event("usage-actions", customerId=customer, subscriptionId="s", userId=user, workload=workload,
                      action="record.update", intentional=True, occurredAt=self._instant(month))

    def _billing(self):
        customer, line = self.random.choice(self.customers), f"line-{self.random.randrange(60)}"
        month, amount = self.random.choice(self.months), self.random.choice([-1, 1]) * self.random.randrange(1, 10**9)
        is_voided = self.random.random() < 0.3
        revision = self.histories.billed(
            self.partner[customer], self.country[customer], (customer, line), month, 0 if is_voided else amount)
        return _event("billing-lines", customerId=customer, subscriptionId="s", lineId=line, revision=str(revision),
                      licenseProgram="CLOUD_SOLUTION_PROVIDER", amountMicros=str(amount), currency="USD",
                      billedAt=self._instant(month), voided=is_voided)

    def _instant(self, month):
        # On the first day, so that no event is much newer than the newest of the example set that it is mixed with.
        return f"{month[0]}-{month[1] + 1:02}-01T{self.random.randrange(24):02}:00:00Z"


class Histories:
    """For each snapshot key, the states that usage and billing go through, in order."""

    def __init__(self, months):
        self._months = months
        self._users = defaultdict(lambda: defaultdict(set))
        self._lines = {}
        self._amounts = defaultdict(lambda: defaultdict(lambda: [0, 0]))
        self.usage = defaultdict(lambda: [(0, 0)])
        self.billing = defaultdict(lambda: [(0, 0)])

    def used(self, partner, country, workload, user, month):
        for cell in _cells(country, [workload]):
            users = self._users[partner, cell]
            if user in users[month]:
                continue
            users[month].add(user)
            for later in self._months[self._months.index(month):]:
                trailing = set().union(*(users[each] for each in self._trailing(later)))
                _advance(self.usage[_key(partner, cell, later)], (len(trailing), len(users[later])))

    def billed(self, partner, country, line, month, amount):
        revision, old_month, old_amount = self._lines.get(line, (0, month, 0))
        self._lines[line] = (revision + 1, month, amount)
        for cell in _cells(country, WORKLOADS):
            amounts = self._amounts[partner, cell]
            for when, what, sign in ((old_month, old_amount, -1), (month, amount, 1)):
                amounts[when][what < 0] += sign * abs(what)
            for later in self._months:
                trailing = [amounts[each] for each in self._trailing(later)]
                state = (sum(each[0] for each in trailing), sum(each[1] for each in trailing))
                _advance(self.billing[_key(partner, cell, later)], state)
        return revision + 1

    def _trailing(self, month):
        return self._months[:self._months.index(month) + 1]


def _event(topic, **value):
    return {"topic": topic, "value": value}


def _cells(country, workloads):
    sides = [("", ""), (PRODUCT, "")] + [(PRODUCT, workload) for workload in workloads]
    return [(*side, where) for side in sides for where in ("", country)]


def _key(partner, cell, month):
    return "|".join([partner, *cell, f"{month[0]}-{month[1] + 1:02}"])


def _advance(history, state):
    if history[-1] != state:
        history.append(state)
