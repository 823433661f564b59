"""Writes the events of PartnerPulse to Kafka, and follows its results."""

from ._errors import DamagedGeneration, DeliveryFailure, PartnerPulseError, TopicsUnusable, UndeliveredEvents
from ._events import Event, key_of, partition_of, topic_of
from ._follower import Change, ResultFollower, ScaleChanged, ScaleRemoved, SnapshotChanged, SnapshotRemoved, Switched
from ._keys import ScaleKey, SnapshotKey
from ._producer import EventProducer

__all__ = [
    "Change", "DamagedGeneration", "DeliveryFailure", "Event", "EventProducer", "PartnerPulseError", "ResultFollower",
    "ScaleChanged", "ScaleKey", "ScaleRemoved", "SnapshotChanged", "SnapshotKey", "SnapshotRemoved", "Switched",
    "TopicsUnusable", "UndeliveredEvents", "key_of", "partition_of", "topic_of",
]
