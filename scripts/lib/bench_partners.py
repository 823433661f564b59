"""Runs markets of many partners from their beginning, and serves their results."""

import contextlib
import pathlib
import re
import shutil
import statistics
import subprocess
import threading
import time
import urllib.request
from dataclasses import dataclass

from confluent_kafka import Consumer, TopicPartition

from bench_cluster import CHECKPOINTS, OUTPUTS, Topics, require_disk
from bench_process import Cost, Run, run_quietly, say
from free_ports import free_ports

# Usage actions of a partner.
ACTIONS = 300
# Pages that are requested, of as many partners.
_PAGES = 200
# How long `serve` may take to read a result, in seconds.
_PATIENCE = 600


@dataclass
class Serving:
    """Resident bytes of `serve` once it has read a result, and the median of seconds for a page."""

    memory: int
    page: float


@dataclass
class Market:
    """What a market of so many partners cost from its beginning."""

    log: str
    partners: int
    run: Cost
    # Resident bytes when everything was published.
    caught_up: int
    # Transactions that were not committed.
    failed: int
    # Snapshots.
    kept: int
    # Events; and records written: partials, snapshots, scales and rejected events. None on SQLite.
    events: int | None = None
    written: int | None = None
    # The largest write-ahead log, in bytes. None on Kafka.
    wal: int | None = None
    serving: Serving | None = None


def measure_market(options, program, partners, servers, work):
    """On Kafka."""
    topics = Topics(program, servers, f"market-{partners}.", options.partitions)
    load_market(program, partners, topics.options, work)
    state = work / f"market-{partners}"
    cost, watched = _run(program, [
        "--state-dir", state, "--threads", str(options.threads), *topics.options])
    shutil.rmtree(state)
    kept = _lines([program, "snapshots", *topics.options])
    ends = _ends(servers, topics.prefix)
    written = sum(ends.pop(name) for name in OUTPUTS)
    del ends["generations"], ends[CHECKPOINTS]
    serving = _serve(program, topics.options)
    topics.remove()
    return Market("Kafka", partners, cost, watched.memory, watched.failed, kept, sum(ends.values()), written,
                  serving=serving)


def measure_sqlite_market(program, partners, work):
    directory = work / f"sqlite-market-{partners}"
    directory.mkdir()
    data = directory / "market.db"
    options = ["--data", data]
    load_market(program, partners, options, work)
    cost, watched = _run(program, options, wal=pathlib.Path(f"{data}-wal"))
    kept = _lines([program, "snapshots", *options])
    shutil.rmtree(directory)
    return Market("SQLite", partners, cost, watched.memory, watched.failed, kept, wal=watched.wal)


def load_market(program, partners, options, work):
    """Ten customers, a hundred users and three hundred actions per partner, over two years, into a log on the disk of `work`."""
    require_disk(work, 3 * ACTIONS * partners)
    say(f"loading a market of {partners:,} partners")
    run_quietly([
        program, "generate", "--partners", str(partners), "--customers", str(10 * partners), "--users",
        str(100 * partners), "--actions", str(ACTIONS * partners), "--months", "24", *options,
    ])


def _run(program, options, wal=None):
    say("running it")
    address = f"127.0.0.1:{free_ports(1)}"
    run = Run([program, "run", "--until-end", "--metrics", address, *options])
    watched = _Watch(run.process.pid, address, wal)
    try:
        run.process.stdout.read()
        return run.finish(), watched
    finally:
        run.kill()
        watched.stop()


def _serve(program, options):
    say("serving its result")
    address = f"127.0.0.1:{free_ports(1)}"
    process = subprocess.Popen([program, "serve", "--listen", address, *options], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not _read(f"http://{address}/readyz"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("bench: the result is not served")
            time.sleep(0.1)
        memory = _resident(process.pid)
        return Serving(memory, statistics.median(_pages(address)))
    finally:
        process.terminate()
        process.wait()


def _pages(address):
    """The seconds that the page of each of some partners took."""
    partners = sorted(set(re.findall(r'href="[^"]*[?&]partner=([^"&]+)', _read(f"http://{address}/partners"))))
    for number in range(_PAGES):
        partner = partners[number % len(partners)]
        start = time.monotonic()
        if not _read(f"http://{address}/?partner={partner}"):
            raise SystemExit(f"bench: no page of {partner}")
        yield time.monotonic() - start


class _Watch:
    """Looks at a process five times a second. What it has seen last counts, and of the write-ahead log the most."""

    def __init__(self, pid, address, wal):
        self.memory, self.failed, self.wal = 0, 0, 0
        self._pid, self._address, self._wal = pid, address, wal
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self):
        self._ended.set()
        self._thread.join()

    def _watch(self):
        while not self._ended.wait(0.2):
            self.memory = _resident(self._pid) or self.memory
            outcomes = re.findall(r'partner_pulse_commits_total\{.*outcome="(\w+)".*\} (\S+)',
                                  _read(f"http://{self._address}/metrics"))
            self.failed = sum(int(float(count)) for outcome, count in outcomes if outcome != "committed") or self.failed
            if self._wal and self._wal.exists():
                self.wal = max(self.wal, self._wal.stat().st_size)


def _read(address):
    """What is at an address; nothing if it does not answer with success."""
    try:
        with urllib.request.urlopen(address, timeout=30) as response:
            return response.read().decode()
    except OSError:
        return ""


def _resident(pid):
    """The resident bytes of a process; 0 if it has ended."""
    with contextlib.suppress(OSError):
        if found := re.search(r"VmRSS:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text()):
            return int(found[1]) * 1024
    return 0


def _ends(servers, prefix):
    """How many offsets each topic has, by its name without the prefix."""
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "bench"})
    topics = consumer.list_topics(timeout=30).topics
    return {
        name.removeprefix(prefix): sum(
            consumer.get_watermark_offsets(TopicPartition(name, partition), 30)[1] for partition in topic.partitions)
        for name, topic in topics.items() if name.startswith(prefix)
    }


def _lines(command):
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        return sum(1 for _ in process.stdout)
