"""The keys of what is published."""

from typing import NamedTuple


class SnapshotKey(NamedTuple):
    """One partner under some filters in a month; an empty filter means all."""

    partner: str
    product: str
    workload: str
    country: str
    month: str

    @classmethod
    def parse(cls, key: str) -> "SnapshotKey":
        """Reads `partner|product|workload|country|month`. Only a partner's id may hold a bar."""
        parts = key.rsplit("|", 4)
        if len(parts) != 5:
            raise ValueError(f"{key!r} is not the key of a snapshot")
        return cls(*parts)

    def __str__(self) -> str:
        return "|".join(self)


class ScaleKey(NamedTuple):
    """Some filters in a month, over all partners; an empty filter means all."""

    product: str
    workload: str
    country: str
    month: str

    @classmethod
    def parse(cls, key: str) -> "ScaleKey":
        """Reads `product|workload|country|month`."""
        parts = key.split("|")
        if len(parts) != 4:
            raise ValueError(f"{key!r} is not the key of a scale")
        return cls(*parts)

    def __str__(self) -> str:
        return "|".join(self)
