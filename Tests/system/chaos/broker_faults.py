"""What befalls brokers."""

import time

from confluent_kafka.admin import AdminClient

from kafka_cluster import QUIET, UNANSWERED


class BrokerFaults:
    """Runs a fault to its end: afterwards all brokers are there, and all replicas in sync."""

    def __init__(self, cluster, group):
        self._cluster = cluster
        self._group = group

    def __call__(self, fault):
        getattr(self, "_" + fault.kind.replace("-", "_"))(fault.target, fault.seconds)
        self._cluster.wait_until_whole()

    def _kill(self, target, seconds):
        self._restart([self._cluster.brokers[target]], seconds)

    def _kill_two(self, target, seconds):
        """Nothing can be written, nor anybody elected, until one is back."""
        self._restart([broker for number, broker in enumerate(self._cluster.brokers) if number != target], seconds)

    def _restart(self, brokers, seconds):
        for broker in brokers:
            broker.kill()
        time.sleep(seconds)
        for broker in brokers:
            broker.start()

    def _pause(self, target, seconds):
        """The controllers give it up if it is away for long; it comes back and thinks that it leads."""
        broker = self._cluster.brokers[target]
        broker.pause()
        time.sleep(seconds)
        broker.resume()

    _pause_past_session = _pause

    def _move_coordinators(self, target, seconds):
        """The broker that coordinates the group hands over what it coordinates and leads, and has it back later."""
        broker = self._coordinator() or self._cluster.brokers[target]
        broker.shut_down()
        time.sleep(seconds)
        broker.start()

    def _coordinator(self):
        admin = AdminClient({"bootstrap.servers": self._cluster.bootstrap_servers, "logger": QUIET})
        try:
            node = admin.describe_consumer_groups([self._group])[self._group].result(10).coordinator.id
        except UNANSWERED:
            return None
        return next((broker for broker in self._cluster.brokers if broker.node == node), None)

    def _rolling_restart(self, target, seconds):
        for broker in self._cluster.brokers:
            broker.shut_down()
            broker.start()
            self._cluster.wait_until_whole()
