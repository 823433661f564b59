"""The committed positions of groups, as brokers keep them: in a topic of their own."""

from foreign import read_all


class Positions:
    """Follows the positions of some groups; `problems` tells which of them went back."""

    def __init__(self, groups):
        self.problems = []
        self._groups = groups
        self._newest = {}

    def read(self, bootstrap_servers):
        for record in read_all(bootstrap_servers, "__consumer_offsets"):
            self(record.key(), record.value())
        return self

    def __call__(self, key, value):
        """Kafka's OffsetCommitKey, versions 0 and 1 (all others are of other things), and OffsetCommitValue."""
        if value is None or int.from_bytes(key[:2]) > 1:
            return
        group, rest = _string(key[2:])
        topic, rest = _string(rest)
        if group not in self._groups:
            return
        place = group, topic, int.from_bytes(rest[:4])
        position = int.from_bytes(value[2:10], signed=True)
        if position < self._newest.get(place, 0):
            self.problems.append(f"the position of {place} goes back from {self._newest[place]} to {position}")
        self._newest[place] = position


def _string(data):
    length = int.from_bytes(data[:2])
    return data[2:2 + length].decode(), data[2 + length:]
