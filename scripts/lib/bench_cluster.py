"""A Kafka broker of the benchmark's own, and sets of topics on it."""

import contextlib
import shutil
import time

from confluent_kafka.admin import AdminClient

from bench_build import ROOT
from bench_process import run_quietly, say
from free_ports import free_ports

OUTPUTS = ["partner-partials", "indicator-snapshots", "indicator-scales", "rejected-events"]
CHECKPOINTS = "task-checkpoints"

# What a usage action may take on disk at the most, all segments and indexes of all topics included.
_BYTES_PER_EVENT = 100


@contextlib.contextmanager
def broker(directory):
    """Starts a broker that keeps its data in `directory`; yields its bootstrap servers."""
    script, port = ROOT / "scripts/kafka-broker", free_ports(2)
    say("starting a broker")
    run_quietly([script, "start", directory, "--port", str(port)])
    try:
        yield f"127.0.0.1:{port}"
    finally:
        run_quietly([script, "stop", directory])


def require_disk(directory, events):
    """Ends the benchmark if the disk that `directory` is on cannot take that many events."""
    free, needed = shutil.disk_usage(directory).free, events * _BYTES_PER_EVENT
    if free < needed:
        raise SystemExit(f"bench: {events:,} events may need {needed / 1e9:.0f} GB and {directory} has "
                         f"{free / 1e9:.0f} GB free; TMPDIR names another place")


class Topics:
    """All topics of the program, under a prefix of their own."""

    def __init__(self, program, servers, prefix, partitions):
        self.servers, self.prefix = servers, prefix
        self.options = ["--bootstrap-servers", servers, "--topic-prefix", prefix]
        self._create = [program, "topics", "create", "--partitions", str(partitions), *self.options]
        self._admin = AdminClient({"bootstrap.servers": servers})
        run_quietly(self._create)

    def renew_outputs(self):
        """A round must not find what the one before has published."""
        self._remove([self.prefix + name for name in [*OUTPUTS, CHECKPOINTS]])
        run_quietly(self._create)

    def remove(self):
        self._remove([name for name in self._names() if name.startswith(self.prefix)])

    def _names(self):
        return self._admin.list_topics(timeout=30).topics

    def _remove(self, names):
        for outcome in self._admin.delete_topics(names).values():
            outcome.result(30)
        while set(names) & set(self._names()):
            time.sleep(0.2)
