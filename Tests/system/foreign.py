"""A foreign client of the log: what any other program on the same Kafka would do, by confluent-kafka."""

import json
import threading

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

# The field of an event's JSON that is its record's key.
_KEYS = {"partners": "partnerId", "exam-passes": "personId", "affiliations": "personId"}


def produce(bootstrap_servers, prefix, events, pace=lambda index: None):
    """Writes events ({"topic": …, "value": …}) as JSON values; returns the partition that each went to."""
    producer = Producer({
        "bootstrap.servers": bootstrap_servers, "partitioner": "murmur2_random", "enable.idempotence": True,
        # With more, the first request to a partition may be overtaken by the second one and lost (KAFKA-15591).
        "max.in.flight": 1, "linger.ms": 5,
    })
    partitions = [None] * len(events)

    def delivered(index):
        def report(error, message):
            assert error is None, error
            partitions[index] = message.partition()
        return report

    for index, event in enumerate(events):
        pace(index)
        topic, value = event["topic"], event["value"]
        producer.produce(
            prefix + topic, key=value[_KEYS.get(topic, "customerId")], value=json.dumps(value),
            on_delivery=delivered(index))
        producer.poll(0)
    assert producer.flush(60) == 0
    assert None not in partitions
    return partitions


def partitions_of(client, topic):
    return [TopicPartition(topic, number) for number in client.list_topics(topic, 10).topics[topic].partitions]


class Subscriber(threading.Thread):
    """Reads a topic from its beginning, `read_committed`, and keeps all that it sees as (key, value), in order."""

    def __init__(self, bootstrap_servers, topic):
        super().__init__(daemon=True)
        self.records = []
        self._topic = topic
        self._stopped = threading.Event()
        self._consumer = Consumer({
            "bootstrap.servers": bootstrap_servers, "group.id": "unused", "isolation.level": "read_committed",
            "enable.auto.commit": False,
        })
        assigned = partitions_of(self._consumer, topic)
        for partition in assigned:
            partition.offset = OFFSET_BEGINNING
        self._consumer.assign(assigned)

    def run(self):
        while not self._stopped.is_set():
            for message in self._consumer.consume(1000, 0.1):
                assert message.error() is None, message.error()
                self.records.append((message.key().decode(), message.value()))

    def finish(self):
        """Reads up to the end of now and returns the records."""
        self._stopped.set()
        self.join()
        for partition in partitions_of(self._consumer, self._topic):
            end = self._consumer.get_watermark_offsets(partition, timeout=10)[1]
            while True:
                # The position passes transaction markers too.
                position = self._consumer.position([partition])[0].offset
                if position >= end or end == 0:
                    break
                for message in self._consumer.consume(1000, 0.1):
                    assert message.error() is None, message.error()
                    self.records.append((message.key().decode(), message.value()))
        self._consumer.close()
        return self.records


def read_all(bootstrap_servers, topics, properties=()):
    """All records of a topic, or of several, that a `read_committed` reader sees now, as confluent-kafka's messages."""
    consumer = Consumer({
        "bootstrap.servers": bootstrap_servers, "group.id": "unused", "isolation.level": "read_committed",
        "enable.auto.commit": False, "enable.partition.eof": True, **dict(properties),
    })
    assigned = [
        each for topic in ([topics] if isinstance(topics, str) else topics) for each in partitions_of(consumer, topic)]
    for partition in assigned:
        partition.offset = OFFSET_BEGINNING
    consumer.assign(assigned)
    records, ended = [], set()
    while len(ended) < len(assigned):
        for message in consumer.consume(1000, 0.1):
            if message.error():
                assert message.error().code() == KafkaError._PARTITION_EOF, message.error()
                ended.add((message.topic(), message.partition()))
            else:
                records.append(message)
    consumer.close()
    return records


def lag(bootstrap_servers, group, topics):
    """How many offsets a group has to go, by topic and partition."""
    consumer = Consumer({"bootstrap.servers": bootstrap_servers, "group.id": group, "isolation.level": "read_committed"})
    lags = {}
    for topic in topics:
        for committed in consumer.committed(partitions_of(consumer, topic), 10):
            end = consumer.get_watermark_offsets(committed, timeout=10)[1]
            lags[committed.topic, committed.partition] = end - max(committed.offset, 0)
    consumer.close()
    return lags


def members(bootstrap_servers, group):
    """The members of a group that the broker knows."""
    admin = AdminClient({"bootstrap.servers": bootstrap_servers})
    return admin.describe_consumer_groups([group])[group].result(10).members
