"""A market whose every usage action changes a snapshot: each is of a user who was not active before.

A partner has one customer, so that all its actions go through one partition in order, and the count of users in its snapshot of
its country tells which of them it takes in.
"""

import time

from confluent_kafka import Producer

from bench_load import producer_settings
from contract_cross_check import message_types
from kafka_partition import partition_of

# In the built-in catalog.
_PRODUCT, _WORKLOAD = "business-central", "essentials"
_COUNTRIES = ["FR", "US", "JP", "BR", "BE", "IT", "ES", "CA"]


class NewUsersMarket:
    def __init__(self, partners, moment=None):
        """`moment`, in seconds, is that of all events, so that none falls into another month."""
        self.partners = partners
        self._types = message_types()
        self._now = int(moment or time.time())
        month = time.strftime("%Y-%m", time.gmtime(self._now))
        self._partners = {f"partner-{number}|||{_country(number)}|{month}": number for number in range(partners)}

    def tasks(self, number, partitions):
        """The tasks, of the entity and of the ranking stage, that a partner's actions go through."""
        return (partition_of(f"customer-{number}".encode(), partitions),
                partition_of(f"||{_country(number)}".encode(), partitions))

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
        customer, country = f"customer-{number}", _country(number)
        partner = f"partner-{number}"
        yield "partners", partner, self._message("Partner", partner_id=partner, country=country, accounts=["MPN"])
        yield "customers", customer, self._message("Customer", customer_id=customer, country=country)
        yield "subscriptions", customer, self._message(
            "Subscription", customer_id=customer, subscription_id="s", product=_PRODUCT, workloads=[_WORKLOAD],
            license_program="CLOUD_SOLUTION_PROVIDER", kind="PAID", status="ACTIVE", seats=50,
            dpor_partner_id=partner)

    def action(self, partner, ordinal, moment=None):
        """Key and value of the action of the partner's user number `ordinal`, at another moment if there is one."""
        customer = f"customer-{partner}"
        action = self._types["UsageAction"](
            customer_id=customer, subscription_id="s", user_id=f"user-{ordinal}@{customer}.example",
            workload=_WORKLOAD, action="record.update", intentional=True)
        action.occurred_at.seconds = int(moment or self._now)
        return customer, action.SerializeToString()

    def users_in(self, record):
        """Partner and distinct users of twelve months, if the snapshot is one of its partners' in its country, this month."""
        partner = self._partners.get(record.key().decode())
        if partner is None or record.value() is None:
            return None
        snapshot = self._types["IndicatorSnapshot"].FromString(record.value())
        return partner, snapshot.components.active_users_12_months

    def _message(self, name, **fields):
        message = self._types[name](**fields)
        message.effective_at.seconds = self._now
        return message.SerializeToString()


def _country(number):
    return _COUNTRIES[number % len(_COUNTRIES)]
