"""Usage actions at a steady rate, from a process of their own so that nothing else delays them."""

import multiprocessing
import time

from confluent_kafka import Producer


class SteadyLoad:
    """Produces `records`, pairs of key and value, `rate` a second."""

    def __init__(self, servers, topic, records, rate):
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_produce, args=(theirs, servers, topic, records, rate), daemon=True)
        self._process.start()
        theirs.close()

    def times(self):
        """When each record was produced, by the monotonic clock; None while that goes on."""
        return self._connection.recv() if self._connection.poll() else None

    def stop(self):
        self._process.terminate()
        self._process.join()


def _produce(connection, servers, topic, records, rate):
    producer = Producer(producer_settings(servers))
    producer.list_topics(topic, 30)
    times, errors = [], []
    start = time.monotonic()
    for index, (key, value) in enumerate(records):
        producer.poll(0)
        while (ahead := start + index / rate - time.monotonic()) > 0:
            time.sleep(ahead)
        times.append(time.monotonic())
        producer.produce(topic, key=key, value=value, on_delivery=lambda error, _: error and errors.append(error))
    assert producer.flush(60) == 0 and not errors, errors
    connection.send(times)


def producer_settings(servers):
    """As any producer of the inputs: in order, and hashing keys as the Java client does."""
    return {"bootstrap.servers": servers, "partitioner": "murmur2_random", "enable.idempotence": True, "linger.ms": 5}
