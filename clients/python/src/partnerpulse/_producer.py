"""Writing events so that each is counted."""

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Final

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from ._errors import DeliveryFailure, TopicsUnusable, UndeliveredEvents
from ._events import INPUT_TOPICS, Event, key_of, topic_of

# With another partitioner events are rejected. With several requests in flight, even an idempotent producer may lose the first
# records of a partition that the broker does not lead yet (KAFKA-15591).
_REQUIRED: Final[dict[str, str | int]] = {
    "partitioner": "murmur2_random", "enable.idempotence": "true", "acks": "all", "max.in.flight": 1,
}
_SYNONYMS: Final = {
    "max.in.flight.requests.per.connection": "max.in.flight", "request.required.acks": "acks",
    "bootstrap.servers": "bootstrap.servers", "metadata.broker.list": "bootstrap.servers",
}


class EventProducer:
    """Writes events to their topics, under their keys, to their partitions.

    One thread may use it. `properties` are librdkafka's, such as `security.protocol`; those that delivery depends on cannot be
    set. Raises `TopicsUnusable` unless all input topics exist and have the same partition count.
    """

    def __init__(
        self, bootstrap_servers: str, *, topic_prefix: str = "", properties: Mapping[str, str | int] | None = None,
    ) -> None:
        properties = dict(properties or {})
        for name in properties:
            if _SYNONYMS.get(name, name) in {*_REQUIRED, "bootstrap.servers"}:
                raise ValueError(f"property {name} cannot be set")
        self._prefix = topic_prefix
        self._failures: list[DeliveryFailure] = []
        self._producer = Producer(
            {"linger.ms": 5, **properties, "bootstrap.servers": bootstrap_servers, **_REQUIRED})
        self._check_topics()

    def send(self, event: Event) -> None:
        """Hands an event over to be written; waits while too many are on their way.

        Raises `ValueError` for an event without the id that is its key, which would be rejected, and `UndeliveredEvents` if
        earlier events were not written.
        """
        topic, key = self._prefix + topic_of(event), key_of(event)
        if not key:
            raise ValueError(f"{topic}: the event has no id to be its key")
        value = event.SerializeToString()
        while True:
            try:
                self._producer.produce(topic, key=key.encode(), value=value, on_delivery=self._delivered)
                break
            except BufferError:
                self._producer.poll(0.1)
            except KafkaException as error:
                self._failures.append(DeliveryFailure(topic, key, str(error.args[0])))
                break
        self._producer.poll(0)
        self._raise_failures()

    def flush(self, timeout: float = 60) -> None:
        """Waits until all events are written. Raises `UndeliveredEvents` if some are not, or not within `timeout` seconds."""
        end = time.monotonic() + timeout
        left = self._producer.flush(timeout)
        while left and time.monotonic() < end:
            left = self._producer.flush(max(0.0, end - time.monotonic()))
        if left:
            self._failures.append(DeliveryFailure("", "", f"{left} events are not written after {timeout} s"))
        self._raise_failures()

    def __enter__(self) -> "EventProducer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None,
    ) -> None:
        # What was sent before an error of the caller's is still written.
        try:
            self.flush()
        except UndeliveredEvents:
            if kind is None:
                raise

    def _delivered(self, error: KafkaError | None, message: Message) -> None:
        # librdkafka takes a record that was overtaken for written, without an offset.
        offset = message.offset()
        reason = str(error) if error else "no offset was reported" if offset is None or offset < 0 else None
        if reason:
            key = message.key()
            text = key.decode(errors="replace") if isinstance(key, bytes) else str(key)
            self._failures.append(DeliveryFailure(message.topic() or "", text, reason))

    def _raise_failures(self) -> None:
        if self._failures:
            failures, self._failures = self._failures, []
            raise UndeliveredEvents(failures)

    def _check_topics(self) -> None:
        # All of them: asking for one that is missing might create it.
        topics = self._producer.list_topics(timeout=30).topics
        counts = {}
        for name in INPUT_TOPICS:
            found = topics.get(self._prefix + name)
            if found is None or found.error is not None:
                raise TopicsUnusable(f"topic {self._prefix + name} does not exist, or may not be described")
            counts[self._prefix + name] = len(found.partitions)
        if len(set(counts.values())) > 1:
            raise TopicsUnusable(f"the input topics differ in their partition count: {counts}")
