"""Steady load: events at an even rate, whatever happens to the brokers."""

import threading
import time

from confluent_kafka import Producer

from chaos.encoding import as_json, as_protobuf, key
from chaos.population import Population
from kafka_cluster import QUIET

# Neither JSON nor protobuf.
_GARBAGE = [b"{ this is no JSON", b"\x0a\xff"]


class Load(threading.Thread):
    """A producer that gives up nothing, while in the context. `random` decides what it writes."""

    def __init__(self, bootstrap_servers, prefix, random, rate, seconds):
        super().__init__(daemon=True)
        self._producer = Producer({
            "bootstrap.servers": bootstrap_servers, "logger": QUIET, "partitioner": "murmur2_random",
            "enable.idempotence": True, "max.in.flight": 1, "linger.ms": 5,
        })
        self._prefix = prefix
        self._random = random
        self._rate = rate
        self._population = Population(random, int(rate * seconds))
        self._is_over = threading.Event()
        self.sent = 0
        # What the brokers have acknowledged, by topic, partition and offset.
        self.acknowledged = {}
        self._delivered = 0
        self._failure = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()

    def run(self):
        try:
            for event in self._population.first():
                self._send(event)
            start, count = time.monotonic(), 0
            while not self._is_over.is_set():
                self._send(self._population.next())
                count += 1
                while (early := start + count / self._rate - time.monotonic()) > 0:
                    self._producer.poll(early)
                self._producer.poll(0)
            self._producer.flush(120)
        except Exception as failure:
            self._failure = failure

    def finish(self):
        """Writes no more, and waits until all is delivered."""
        self._is_over.set()
        self.join()
        if self._failure:
            raise self._failure
        assert self._delivered == self.sent, f"{self.sent - self._delivered} events could not be written"

    def _send(self, event):
        if self._random.random() < 0.01:
            value = self._random.choice(_GARBAGE)
        else:
            value = self._random.choice([as_json, as_protobuf])(event)
        self._producer.produce(self._prefix + event["topic"], key=key(event), value=value, on_delivery=self._report)
        self.sent += 1

    def _report(self, error, message):
        if error is None:
            self._delivered += 1
            # The broker does not tell where an event is that it had already.
            if message.offset() >= 0:
                place = message.topic().removeprefix(self._prefix), message.partition(), message.offset()
                self.acknowledged[place] = message.value()
        else:
            self._failure = self._failure or RuntimeError(f"an event could not be written: {error}")
