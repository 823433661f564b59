"""Reading topics from their beginning, as whoever sees only committed records."""

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Final

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Message, TopicPartition

from ._errors import TopicsUnusable

# It joins no group and commits nothing.
_REQUIRED: Final[dict[str, str | bool]] = {
    "group.id": "partnerpulse-follower", "isolation.level": "read_committed", "enable.auto.commit": False,
    "enable.auto.offset.store": False, "enable.partition.eof": True, "auto.offset.reset": "error",
}

_LOSSES: Final = {
    KafkaError._AUTO_OFFSET_RESET, KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC,
    KafkaError._UNKNOWN_PARTITION,
}

# librdkafka looks for the coordinator of a group even for who is in none.
_OF_GROUPS: Final = {
    KafkaError.GROUP_AUTHORIZATION_FAILED, KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS, KafkaError.NOT_COORDINATOR,
}

# Brokers are away, a topic that is new has no leader yet, or one that moves has another.
PASSING: Final = {
    KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.LEADER_NOT_AVAILABLE, KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError.REQUEST_TIMED_OUT, KafkaError._TRANSPORT, KafkaError._TIMED_OUT, KafkaError._ALL_BROKERS_DOWN,
}


class HistoryChanged(Exception):
    """A topic lost records, or is another one or none: what was read from it may be wrong."""


class TopicReader:
    """Reads all partitions of some topics. Raises `TopicsUnusable` if one does not exist."""

    def __init__(self, bootstrap_servers: str, topics: list[str], properties: Mapping[str, str | int]) -> None:
        for name in properties:
            if name in {*_REQUIRED, "bootstrap.servers", "metadata.broker.list"}:
                raise ValueError(f"property {name} cannot be set")
        self._consumer = Consumer({**properties, "bootstrap.servers": bootstrap_servers, **_REQUIRED})
        try:
            self._ends = self._assign(topics)
        except BaseException:
            self._consumer.close()
            raise

    @property
    def is_complete(self) -> bool:
        """Whether all that was there at the start has been read."""
        return not self._ends

    def read(self, timeout: float) -> list[Message]:
        """What comes next, in the order of each partition; waits for up to `timeout` seconds."""
        messages = []
        for message in self._consumer.consume(10_000, timeout):
            place = (message.topic() or "", message.partition() or 0)
            error = message.error()
            if error is None:
                messages.append(message)
                if (message.offset() or 0) + 1 >= self._ends.get(place, 1 << 63):
                    del self._ends[place]
            elif error.code() == KafkaError._PARTITION_EOF:
                self._ends.pop(place, None)
            elif error.code() in _LOSSES:
                raise HistoryChanged(str(error))
            elif error.code() not in _OF_GROUPS:
                raise KafkaException(error)
        return messages

    def close(self) -> None:
        self._consumer.close()

    def __enter__(self) -> "TopicReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None,
    ) -> None:
        self.close()

    def _assign(self, topics: list[str]) -> dict[tuple[str, int], int]:
        known = self._consumer.list_topics(timeout=30).topics
        partitions = []
        for topic in topics:
            found = known.get(topic)
            if found is None or found.error is not None:
                raise TopicsUnusable(f"topic {topic} does not exist, or may not be described")
            partitions += [TopicPartition(topic, number, OFFSET_BEGINNING) for number in found.partitions]
        ends = {}
        for partition in partitions:
            first, end = self._watermarks(partition)
            if end > first:
                ends[partition.topic, partition.partition] = end
        self._consumer.assign(partitions)
        return ends

    def _watermarks(self, partition: TopicPartition) -> tuple[int, int]:
        deadline = time.monotonic() + 30
        while True:
            try:
                return self._consumer.get_watermark_offsets(partition, timeout=30) or (0, 0)
            except KafkaException as error:
                if error.args[0].code() not in PASSING or time.monotonic() >= deadline:
                    raise
                time.sleep(0.1)
