"""The fuzz targets (Fuzzing/Targets), the dictionary of each and the longest input that is worth trying."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    name: str
    longest: int
    dictionary: str | None = None


TARGETS = [
    Target("messages", 512, "json"),
    # Some thirty records: with twice as many a run takes three times as long.
    Target("events", 1024),
    Target("partials", 1024),
    Target("results", 2048),
    Target("ndjson", 2048, "json"),
    Target("csv", 2048, "json"),
    Target("catalog", 1024, "json"),
    Target("entity-checkpoint", 4096),
    Target("ranking-checkpoint", 4096),
    Target("requests", 1024, "http"),
    Target("http", 1024, "http"),
    Target("tokens", 1024, "tokens"),
    Target("keys", 2048, "tokens"),
]
