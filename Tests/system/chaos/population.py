"""Made-up events of few customers, so that they collide: with corrections, disorder, repetitions and refusals."""

import calendar

PARTNERS = [f"partner-{number}" for number in range(8)]
CUSTOMERS = [f"customer-{number}" for number in range(12)]
PERSONS = [f"person-{number}" for number in range(10)]
USERS = [f"user-{number}" for number in range(8)]
# The last of each is in no catalog.
PRODUCTS = {
    "dynamics-365": ["customer-engagement", "finance-operations"],
    "business-central": ["essentials", "premium"],
    "power-platform": ["power-apps"],
}
EXAMS = ["MB-200", "MB-300", "MB-800", "MB-820", "AZ-900"]
PROGRAMS = ["ENTERPRISE_AGREEMENT", "CLOUD_SOLUTION_PROVIDER", "WEB_DIRECT", "OPEN"]
COUNTRIES = ["FR", "BE", "US", "DE", "CN", ""]
# What is to be refused.
DAMAGE = [
    ("usage-actions", "userId", ""), ("subscriptions", "seats", "-1"), ("billing-lines", "currency", "EUR"),
    ("customers", "country", "fr"), ("customers", "effectiveAt", "1999-12-31T23:59:59Z"),
    ("subscriptions", "seats", str(10**7 + 1)), ("billing-lines", "amountMicros", str(-10**15 - 1)),
    ("usage-actions", "userId", "u" * 513), ("partners", "name", "n" * 1025),
    ("subscriptions", "effectiveAt", "2200-01-01T00:00:00Z"), ("instances", "environment", "ENVIRONMENT_UNSPECIFIED"),
]
# Months since year 0: the newest event time goes from the one to the other.
_FIRST_MONTH, _LAST_MONTH = 2024 * 12 + 5, 2025 * 12 + 2


class Population:
    """An endless stream of events, {"topic": …, "value": …}, that `random` alone decides."""

    def __init__(self, random, length):
        """`length` is the number of events after which the newest month is reached."""
        self._random = random
        self._length = length
        self._count = 0
        self._recent = []
        self._makers = {
            "usage-actions": (self._usage, 40), "billing-lines": (self._billing_line, 15),
            "subscriptions": (self._subscription, 15), "license-assignments": (self._assignment, 10),
            "instances": (self._instance, 6), "customers": (self._customer, 3), "exam-passes": (self._exam_pass, 5),
            "affiliations": (self._affiliation, 3), "partners": (self._partner, 3),
        }

    def first(self):
        """Enough to begin with: who everybody is, and what they have."""
        for topic, count in (("partners", 20), ("customers", 24), ("affiliations", 20), ("subscriptions", 60)):
            for _ in range(count):
                yield self._make(topic)

    def next(self):
        self._count += 1
        if self._recent and self._random.random() < 0.1:
            return self._random.choice(self._recent)
        if self._random.random() < 0.03:
            topic, field, value = self._random.choice(DAMAGE)
            event = self._make(topic)
            return {"topic": topic, "value": event["value"] | {field: value}}
        topics = list(self._makers)
        event = self._make(self._random.choices(topics, [self._makers[topic][1] for topic in topics])[0])
        self._recent = [*self._recent[-200:], event]
        return event

    def _make(self, topic):
        return {"topic": topic, "value": self._makers[topic][0]()}

    def _instant(self):
        """Mostly of late; at times long ago, at the edges of a month, or before all that still counts."""
        newest = _FIRST_MONTH + min(self._count, self._length) * (_LAST_MONTH - _FIRST_MONTH) // self._length
        month = newest - int(self._random.choice([0, 1, 3, 12, 40]) * self._random.random())
        year, index = divmod(month, 12)
        day = self._random.choice([1, self._random.randint(1, 28), calendar.monthrange(year, index + 1)[1]])
        time = self._random.choice(["00:00:00", "23:59:59.999999999", f"{self._random.randrange(24):02}:30:00"])
        return f"{year}-{index + 1:02}-{day:02}T{time}Z"

    def _step(self):
        return {"effectiveAt": self._instant(), "revision": str(self._random.randint(1, 4))}

    def _of_customer(self):
        return {"customerId": self._random.choice(CUSTOMERS), "subscriptionId": f"s-{self._random.randrange(4)}"}

    def _workload(self):
        return self._random.choice([each for workloads in PRODUCTS.values() for each in workloads])

    def _usage(self):
        return self._of_customer() | {
            "userId": self._random.choice(USERS), "workload": self._workload(), "action": "record.update",
            "intentional": self._random.random() < 0.9, "occurredAt": self._instant()}

    def _billing_line(self):
        line = self._of_customer() | {
            "lineId": f"line-{self._random.randrange(30)}", "revision": str(self._random.randint(1, 9)),
            "licenseProgram": self._random.choice(PROGRAMS), "currency": "USD", "billedAt": self._instant(),
            "amountMicros": str(self._random.randint(-10**9, 3 * 10**9)), "contractStart": self._instant(),
            "offCloud": self._random.random() < 0.05, "voided": self._random.random() < 0.1}
        return line

    def _subscription(self):
        product = self._random.choice(list(PRODUCTS))
        workloads = PRODUCTS[product]
        return self._of_customer() | self._step() | {
            "product": product, "workloads": self._random.sample(workloads, self._random.randint(1, len(workloads))),
            "licenseProgram": self._random.choice(PROGRAMS),
            "kind": self._random.choice(["PAID", "PAID", "PAID", "TRIAL", "INTERNAL_USE", "PUBLIC_SECTOR"]),
            "status": self._random.choice(["ACTIVE", "ACTIVE", "ACTIVE", "IN_GRACE", "SUSPENDED", "CANCELLED"]),
            "seats": str(self._random.choice([0, 1, 5, 10, 25])),
            "dporPartnerId": self._random.choice([*PARTNERS, "", "partner-unknown"])}

    def _assignment(self):
        return self._of_customer() | self._step() | {
            "userId": self._random.choice(USERS), "assigned": self._random.random() < 0.8}

    def _instance(self):
        return self._of_customer() | self._step() | {
            "instanceId": f"org-{self._random.randrange(2)}", "workload": self._workload(),
            "environment": self._random.choice(["PRODUCTION", "PRODUCTION", "SANDBOX"]),
            "deployed": self._random.random() < 0.8}

    def _customer(self):
        name = self._random.choice(CUSTOMERS)
        return self._step() | {"customerId": name, "name": name, "country": self._random.choice(COUNTRIES)}

    def _exam_pass(self):
        value = {"personId": self._random.choice(PERSONS), "exam": self._random.choice(EXAMS),
                 "passedAt": self._instant(), "revoked": self._random.random() < 0.1,
                 "revision": str(self._random.randint(1, 5))}
        return value | ({"expiresAt": self._instant()} if self._random.random() < 0.3 else {})

    def _affiliation(self):
        return self._step() | {
            "personId": self._random.choice(PERSONS), "partnerId": self._random.choice([*PARTNERS, ""]),
            "country": self._random.choice(COUNTRIES)}

    def _partner(self):
        name = self._random.choice(PARTNERS)
        return self._step() | {
            "partnerId": name, "name": name, "country": self._random.choice(["FR", "FR", *COUNTRIES]),
            "accounts": self._random.choice([["MPN"], ["CSP"], ["MPN", "CSP"], ["CSP"], []])}
