"""Following the result that is served."""

import time
from collections.abc import Iterator, Mapping
from types import MappingProxyType, TracebackType
from typing import NamedTuple, TypeAlias

from confluent_kafka import KafkaException, Message
from google.protobuf.message import DecodeError

from ._errors import DamagedGeneration, TopicsUnusable
from ._keys import ScaleKey, SnapshotKey
from ._reader import PASSING, HistoryChanged, TopicReader
from ._values import parse
from .v1 import snapshots_pb2


class SnapshotChanged(NamedTuple):
    key: SnapshotKey
    snapshot: snapshots_pb2.IndicatorSnapshot


class SnapshotRemoved(NamedTuple):
    key: SnapshotKey


class ScaleChanged(NamedTuple):
    key: ScaleKey
    scale: snapshots_pb2.IndicatorScale


class ScaleRemoved(NamedTuple):
    key: ScaleKey


class Switched(NamedTuple):
    """Another generation is served; what follows leads from the result of the former one to its result."""

    generation: int


Change: TypeAlias = SnapshotChanged | SnapshotRemoved | ScaleChanged | ScaleRemoved | Switched


class _Result:
    """The result of a generation, as far as it has been read."""

    def __init__(self, generation: int, reader: TopicReader, prefix: str) -> None:
        self.generation = generation
        self.reader = reader
        self.snapshots: dict[SnapshotKey, snapshots_pb2.IndicatorSnapshot] = {}
        self.scales: dict[ScaleKey, snapshots_pb2.IndicatorScale] = {}
        self.damaged = 0
        self._snapshot_topic = result_topics(prefix, generation)[0]

    def read(self, timeout: float) -> list[Change]:
        changes = []
        for message in self.reader.read(timeout):
            try:
                change = self._apply(message)
            except (DecodeError, ValueError):
                self.damaged += 1
            else:
                if change:
                    changes.append(change)
        return changes

    def _apply(self, message: Message) -> Change | None:
        key, value = (message.key() or b""), message.value()
        assert isinstance(key, bytes) and (value is None or isinstance(value, bytes))
        if message.topic() == self._snapshot_topic:
            snapshot_key = SnapshotKey.parse(key.decode())
            if value is None:
                return SnapshotRemoved(snapshot_key) if self.snapshots.pop(snapshot_key, None) else None
            snapshot = self.snapshots[snapshot_key] = parse(snapshots_pb2.IndicatorSnapshot, value)
            return SnapshotChanged(snapshot_key, snapshot)
        scale_key = ScaleKey.parse(key.decode())
        if value is None:
            return ScaleRemoved(scale_key) if self.scales.pop(scale_key, None) else None
        scale = self.scales[scale_key] = parse(snapshots_pb2.IndicatorScale, value)
        return ScaleChanged(scale_key, scale)

    def since(self, former: "_Result") -> list[Change]:
        """What leads from another result to this one."""
        changes: list[Change] = [SnapshotRemoved(key) for key in former.snapshots if key not in self.snapshots]
        changes += [ScaleRemoved(key) for key in former.scales if key not in self.scales]
        changes += [SnapshotChanged(key, value) for key, value in self.snapshots.items()
                    if former.snapshots.get(key) != value]
        changes += [ScaleChanged(key, value) for key, value in self.scales.items() if former.scales.get(key) != value]
        return changes


class ResultFollower:
    """Keeps the result that is served in memory, and tells what changes.

    One thread may use it. It follows the topic `generations`: after a switch it first reads the result of the new generation
    beside the former one, and then shows it as a whole. `properties` are librdkafka's, such as `security.protocol`. Raises
    `TopicsUnusable` if the topics of the result do not exist.
    """

    def __init__(
        self, bootstrap_servers: str, *, topic_prefix: str = "", properties: Mapping[str, str | int] | None = None,
    ) -> None:
        self._servers, self._prefix, self._properties = bootstrap_servers, topic_prefix, dict(properties or {})
        self._served = 1
        self._successor: _Result | None = None
        # Whether what is shown must be read again from the beginning.
        self._is_outdated = False
        self._generations = self._open_generations()
        try:
            while self._generations and not self._generations.is_complete:
                self._follow_generations(self._generations, 0.1)
            self._shown = self._open(self._served)
        except BaseException:
            self._close_generations()
            raise

    @property
    def generation(self) -> int:
        """The number of the generation that is shown."""
        return self._shown.generation

    @property
    def is_complete(self) -> bool:
        """Whether all that was published at the start has been read. Until then the result is a part."""
        return self._shown.reader.is_complete

    @property
    def snapshots(self) -> Mapping[SnapshotKey, snapshots_pb2.IndicatorSnapshot]:
        """The snapshots that there are now. Neither they nor their messages may be modified."""
        return MappingProxyType(self._shown.snapshots)

    @property
    def scales(self) -> Mapping[ScaleKey, snapshots_pb2.IndicatorScale]:
        """The scales that there are now. Neither they nor their messages may be modified."""
        return MappingProxyType(self._shown.scales)

    @property
    def damaged(self) -> int:
        """How many records of the result could not be decoded; what they replace stays."""
        return self._shown.damaged

    def poll(self, timeout: float = 1.0) -> list[Change]:
        """What has changed since the last call; waits for up to `timeout` seconds if nothing has.

        Raises `confluent_kafka.KafkaException` for errors that do not pass, and `DamagedGeneration`.
        """
        end = time.monotonic() + timeout
        changes: list[Change] = []
        while True:
            if self._generations:
                self._follow_generations(self._generations, 0)
            changes += self._step(0.0 if self._successor else min(0.1, max(0.0, end - time.monotonic())))
            if changes or time.monotonic() >= end:
                return changes

    def wait_until_complete(self, timeout: float = 60.0) -> None:
        """Reads until `is_complete`. Raises `TimeoutError` if that takes more than `timeout` seconds."""
        end = time.monotonic() + timeout
        while not self.is_complete:
            if time.monotonic() >= end:
                raise TimeoutError(f"the result is not read after {timeout} s")
            self.poll(0.1)

    def __iter__(self) -> Iterator[Change]:
        """Changes as they come, without end."""
        while True:
            yield from self.poll()

    def close(self) -> None:
        self._close_generations()
        self._shown.reader.close()
        self._drop_successor()

    def __enter__(self) -> "ResultFollower":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None,
    ) -> None:
        self.close()

    def _step(self, timeout: float) -> list[Change]:
        changes: list[Change] = []
        if not self._is_outdated:
            try:
                changes += self._shown.read(timeout)
            except HistoryChanged:
                # The program publishes the whole result again, or another generation takes over.
                self._is_outdated = True
        if self._successor and self._successor.generation != self._served:
            # Another switch came meanwhile.
            self._drop_successor()
        if self._successor is None and (self._is_outdated or self._served != self.generation):
            try:
                self._successor = self._open(self._served)
            except TopicsUnusable:
                # They may be known a moment later.
                time.sleep(0.1)
            except KafkaException as error:
                if error.args[0].code() not in PASSING:
                    raise
        if self._successor:
            try:
                self._successor.read(0.1)
            except HistoryChanged:
                self._drop_successor()
            else:
                changes += self._switch(self._successor)
        return changes

    def _switch(self, successor: _Result) -> list[Change]:
        if not successor.reader.is_complete:
            return []
        former, self._shown, self._successor = self._shown, successor, None
        self._is_outdated = False
        former.reader.close()
        changes: list[Change] = [] if former.generation == successor.generation else [Switched(successor.generation)]
        return changes + successor.since(former)

    def _follow_generations(self, reader: TopicReader, timeout: float) -> None:
        for message in reader.read(timeout):
            if message.key() != b"served":
                continue
            value = message.value()
            try:
                record = snapshots_pb2.GenerationRecord.FromString(value if isinstance(value, bytes) else b"")
            except DecodeError:
                record = snapshots_pb2.GenerationRecord()
            if not 1 <= record.number <= 999_999_999:
                raise DamagedGeneration(f"record {message.offset()} of {message.topic()} names no generation")
            self._served = record.number

    def _open_generations(self) -> TopicReader | None:
        try:
            return TopicReader(self._servers, [self._prefix + "generations"], self._properties)
        except TopicsUnusable:
            # A log without this topic has the first generation only.
            return None

    def _open(self, generation: int) -> _Result:
        topics = result_topics(self._prefix, generation)
        return _Result(generation, TopicReader(self._servers, topics, self._properties), self._prefix)

    def _drop_successor(self) -> None:
        if self._successor:
            self._successor.reader.close()
            self._successor = None

    def _close_generations(self) -> None:
        if self._generations:
            self._generations.close()


def result_topics(prefix: str, generation: int) -> list[str]:
    """The topics of a generation's snapshots and scales."""
    suffix = "" if generation == 1 else f".{generation}"
    return [f"{prefix}indicator-snapshots{suffix}", f"{prefix}indicator-scales{suffix}"]
