"""Which topic an event belongs to, and under which key."""

from typing import Final, TypeAlias

from .v1 import events_pb2

Event: TypeAlias = (
    events_pb2.UsageAction | events_pb2.LicenseAssignment | events_pb2.Subscription | events_pb2.BillingLine
    | events_pb2.Instance | events_pb2.Customer | events_pb2.ExamPass | events_pb2.Affiliation | events_pb2.Partner
)

# The topic of each message, and the field that is the key of its record.
_TOPICS: Final[dict[type[Event], tuple[str, str]]] = {
    events_pb2.UsageAction: ("usage-actions", "customer_id"),
    events_pb2.LicenseAssignment: ("license-assignments", "customer_id"),
    events_pb2.Subscription: ("subscriptions", "customer_id"),
    events_pb2.BillingLine: ("billing-lines", "customer_id"),
    events_pb2.Instance: ("instances", "customer_id"),
    events_pb2.Customer: ("customers", "customer_id"),
    events_pb2.ExamPass: ("exam-passes", "person_id"),
    events_pb2.Affiliation: ("affiliations", "person_id"),
    events_pb2.Partner: ("partners", "partner_id"),
}

INPUT_TOPICS: Final = tuple(topic for topic, _ in _TOPICS.values())


def topic_of(event: Event | type[Event]) -> str:
    """The name of an event's topic, without a prefix. Raises `TypeError` for what is no event."""
    return _definition(event if isinstance(event, type) else type(event))[0]


def key_of(event: Event) -> str:
    """The id of the customer, person or partner that an event is of: the key of its record."""
    key: str = getattr(event, _definition(type(event))[1])
    return key


def partition_of(key: str | bytes, count: int) -> int:
    """The partition of a key in a topic of `count` partitions: murmur2, as Kafka's Java client has it."""
    return (_murmur2(key.encode() if isinstance(key, str) else key) & 0x7FFFFFFF) % count


def _definition(kind: type[Event]) -> tuple[str, str]:
    try:
        return _TOPICS[kind]
    except KeyError:
        raise TypeError(f"{kind.__name__} is not an event of PartnerPulse") from None


def _murmur2(data: bytes) -> int:
    multiplier, mask = 0x5BD1E995, 0xFFFFFFFF
    hash = 0x9747B28C ^ len(data)
    whole = len(data) & ~3
    for start in range(0, whole, 4):
        word = int.from_bytes(data[start:start + 4], "little") * multiplier & mask
        word = (word ^ word >> 24) * multiplier & mask
        hash = (hash * multiplier & mask) ^ word
    if rest := data[whole:]:
        hash = (hash ^ int.from_bytes(rest, "little")) * multiplier & mask
    hash = (hash ^ hash >> 13) * multiplier & mask
    return hash ^ hash >> 15
