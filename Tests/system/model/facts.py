"""What all events together say: the timelines of entities, and single facts."""

import bisect

from model.instants import end, instant, month_of
from model.refusal import time_of

_STEPS = {
    "subscriptions": ("customerId", "subscriptionId"),
    "license-assignments": ("customerId", "subscriptionId", "userId"),
    # The examples count equal instance ids of two subscriptions of one customer as two instances.
    "instances": ("customerId", "subscriptionId", "instanceId"),
    "customers": ("customerId",),
    "partners": ("partnerId",),
    "affiliations": ("personId",),
}
_FACTS = {"billing-lines": ("customerId", "lineId"), "exam-passes": ("personId", "exam")}


class Facts:
    """Takes accepted events, as (topic, value) in the order of the log."""

    def __init__(self, events):
        self.current_month = max((month_of(time_of(*event)) for event in events), default=None)
        self.usage = [value for topic, value in events if topic == "usage-actions"]
        timelines = {topic: {} for topic in _STEPS}
        facts = {topic: {} for topic in _FACTS}
        for topic, value in events:
            revision = int(value.get("revision", 0))
            if topic in _STEPS:
                # Same order key, other content: the later record in the log wins.
                steps = timelines[topic].setdefault(_key(value, _STEPS[topic]), {})
                steps[instant(value["effectiveAt"]), revision] = value
            elif topic in _FACTS:
                facts[topic].setdefault(_key(value, _FACTS[topic]), {})[revision] = value
        self._timelines = {
            topic: {key: sorted(steps.items(), key=lambda step: step[0]) for key, steps in entities.items()}
            for topic, entities in timelines.items()}
        self.lines, self.passes = (
            [revisions[max(revisions)] for revisions in facts[topic].values()]
            for topic in ("billing-lines", "exam-passes"))
        self._states = {}

    def keys(self, topic):
        return self._timelines[topic].keys()

    def state(self, topic, key, month):
        """The last step before the end of the month; None if there is none."""
        if (topic, key, month) not in self._states:
            steps = self._timelines[topic].get(key, [])
            count = bisect.bisect_left(steps, end(month), key=lambda step: step[0][0])
            self._states[topic, key, month] = steps[count - 1][1] if count else None
        return self._states[topic, key, month]

    def states(self, topic, month):
        """The states of all entities that have one, as (key, state)."""
        for key in self.keys(topic):
            state = self.state(topic, key, month)
            if state is not None:
                yield key, state


def _key(value, names):
    return tuple(value[name] for name in names)
