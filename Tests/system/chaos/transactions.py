"""Whether a transaction is open."""

from confluent_kafka import IsolationLevel, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from kafka_cluster import QUIET


class OpenTransactions:
    """Compares where `read_committed` readers must stop with where topics end."""

    def __init__(self, bootstrap_servers, topics, partitions):
        self._servers = bootstrap_servers
        self._partitions = [TopicPartition(topic, number) for topic in topics for number in range(partitions)]

    def any(self):
        """Raises what is UNANSWERED if the brokers do not tell."""
        stable = self._ends(IsolationLevel.READ_COMMITTED)
        end = self._ends(IsolationLevel.READ_UNCOMMITTED)
        return any(stable[each] < end[each] for each in stable)

    def _ends(self, isolation_level):
        # A new client each time: one that has asked before asks in the leader's epoch of then for ever.
        admin = AdminClient({"bootstrap.servers": self._servers, "logger": QUIET})
        asked = admin.list_offsets(
            {partition: OffsetSpec.latest() for partition in self._partitions},
            isolation_level=isolation_level, request_timeout=3)
        return {(each.topic, each.partition): future.result(5).offset for each, future in asked.items()}
