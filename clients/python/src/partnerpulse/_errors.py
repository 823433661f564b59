"""What can go wrong that a program should know of."""

from typing import NamedTuple


class PartnerPulseError(Exception):
    """Any error of this package."""


class TopicsUnusable(PartnerPulseError):
    """A topic is missing, or the input topics differ in their partition count."""


class DamagedGeneration(PartnerPulseError):
    """A record of topic `generations` cannot be read, so which result is served is unknown."""


class DeliveryFailure(NamedTuple):
    """An event that is not in its topic."""

    topic: str
    key: str
    reason: str


class UndeliveredEvents(PartnerPulseError):
    """Events that brokers did not accept. Writing them again is harmless: a repeated event changes nothing."""

    def __init__(self, failures: list[DeliveryFailure]) -> None:
        first = failures[0]
        more = f", and {len(failures) - 1} more" if len(failures) > 1 else ""
        super().__init__(f"{first.topic}: the event of {first.key!r} was not written: {first.reason}{more}")
        self.failures = failures
