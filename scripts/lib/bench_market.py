"""A market whose every usage action changes a snapshot: each is of a user who was not active before.

A partner has one customer, so that all its actions go through one partition in order, and its snapshot's count of users
tells which of them it takes in.
"""

import time

from confluent_kafka import Producer

from bench_load import producer_settings
from contract_cross_check import message_types

# In the built-in catalogue.
_PRODUCT, _WORKLOAD = "business-central", "essentials"
_COUNTRIES = ["FR", "US", "JP", "BR"]


class NewUsersMarket:
    def __init__(self, partners):
        self.partners = partners
        self._types = message_types()
        # One moment for all events, so that none falls into another month.
        self._now = int(time.time())
        self._key = f"||||{time.strftime('%Y-%m', time.gmtime(self._now))}"

    def announce(self, servers, prefix):
        """Writes the partners, customers and subscriptions, and one action for each."""
        producer = Producer(producer_settings(servers))
        for number in range(self.partners):
            for topic, key, value in self._entities(number):
                producer.produce(prefix + topic, key=key, value=value)
            key, value = self.action(number, 0)
            producer.produce(f"{prefix}usage-actions", key=key, value=value)
        assert producer.flush(60) == 0

    def _entities(self, number):
        customer, country = f"customer-{number}", _COUNTRIES[number % len(_COUNTRIES)]
        partner = f"partner-{number}"
        yield "partners", partner, self._message("Partner", partner_id=partner, country=country, accounts=["MPN"])
        yield "customers", customer, self._message("Customer", customer_id=customer, country=country)
        yield "subscriptions", customer, self._message(
            "Subscription", customer_id=customer, subscription_id="s", product=_PRODUCT, workloads=[_WORKLOAD],
            license_program="CLOUD_SOLUTION_PROVIDER", kind="PAID", status="ACTIVE", seats=50,
            dpor_partner_id=partner)

    def action(self, partner, ordinal):
        """Key and value of the action of the partner's user number `ordinal`."""
        customer = f"customer-{partner}"
        action = self._types["UsageAction"](
            customer_id=customer, subscription_id="s", user_id=f"user-{ordinal}@{customer}.example",
            workload=_WORKLOAD, action="record.update", intentional=True)
        action.occurred_at.seconds = self._now
        return customer, action.SerializeToString()

    def users_in(self, record):
        """Partner and distinct users of twelve months, if the snapshot is one of its partners', of all products, anywhere, this month."""
        key = record.key().decode()
        if not (key.startswith("partner-") and key.endswith(self._key)) or record.value() is None:
            return None
        snapshot = self._types["IndicatorSnapshot"].FromString(record.value())
        partner = key.removesuffix(self._key).removeprefix("partner-")
        return int(partner), snapshot.components.active_users_12_months

    def _message(self, name, **fields):
        message = self._types[name](**fields)
        message.effective_at.seconds = self._now
        return message.SerializeToString()
