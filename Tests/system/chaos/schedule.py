"""Which faults a round has: a pure function of the seed and the number of the round."""

import random
from typing import NamedTuple

# What a member is told; faults and rounds go by these. Milliseconds; the session's is the shortest that brokers allow.
SESSION_TIMEOUT = 6_000
TRANSACTION_TIMEOUT = 5_000

# For each kind of fault, how long it lasts, in seconds, at the least and at the most.
MEMBER_FAULTS = {
    "kill": (0, 2),
    "kill-all": (0, 1),
    "pause": (1, 4),
    "pause-past-session": (8, 10),
    "pause-in-transaction": (7, 9),
    "replace": (2, 4),
    "rolling-restart": (0, 1),
    "empty-disk": (0, 3),
}
BROKER_FAULTS = {
    "kill": (1, 4),
    "kill-two": (1, 2),
    "pause": (1, 2),
    "pause-past-session": (5, 8),
    "move-coordinators": (1, 3),
    "rolling-restart": (0, 0),
}
# So many of each a round is likely to get to in its time; the next one begins with those after them. After some rounds it
# goes one further, so that static and dynamic members meet all of them.
_STRIDE = 3
_ROUNDS_OF_A_SHIFT = 4


class Fault(NamedTuple):
    """After `pause` seconds, it befalls member or broker number `target` for `seconds`."""

    kind: str
    target: int
    pause: float
    seconds: float

    def __str__(self):
        return f"{self.pause:.1f} s later {self.kind} of {self.target}, {self.seconds:.1f} s"


class Schedule(NamedTuple):
    """Two sequences of faults, which run beside each other until the time is over."""

    is_static: bool
    members: list
    brokers: list


def schedule(seed, number):
    chance = random.Random(f"{seed}/{number}/faults")
    return Schedule(
        is_static=number % 2 == 0,
        members=_faults(seed, number, "members", MEMBER_FAULTS, chance),
        brokers=_faults(seed, number, "brokers", BROKER_FAULTS, chance))


def _faults(seed, number, name, kinds, chance):
    """All kinds of faults once each, in an order of the seed's."""
    order = random.Random(f"{seed}/{name}").sample(list(kinds), len(kinds))
    first = (number * _STRIDE + number // _ROUNDS_OF_A_SHIFT) % len(order)
    return [
        Fault(kind, chance.randrange(3), chance.uniform(0.5, 2), chance.uniform(*kinds[kind]))
        for kind in order[first:] + order[:first]]
