"""Prints what was measured, as tables with the goals beside the figures."""

import os
import pathlib
import platform
import re

from bench_micro import MANY
from bench_takeover import SESSION


def print_header():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    print("Only the ratios are comparable between machines; everything else depends on this one:")
    print(f"{os.cpu_count()} processors, {model[1] if model else platform.machine()}. Broker and clients share them.")


def print_side_by_side(replay, options, allocator):
    _heading(
        "Beside a bare librdkafka loop that reads the same topic and does nothing else",
        f"{replay.events:,} usage actions of {replay.size:.0f} bytes on average (key and value, uncompressed) of "
        f"{options.users:,} users; medians, rounds: {options.rounds}; goal at 10,000,000: 1.5 times the CPU")
    columns = [("bare", replay.bare), ("bare, jemalloc", replay.bare_allocator), ("run", replay.run)]
    columns = [(name, cost) for name, cost in columns if cost]
    rows = [["", *(name for name, _ in columns), "run / bare"] + ["run / jemalloc"] * bool(allocator)]
    for name, form, value in (
        ("CPU-s per million", ".3f", lambda cost: cost.cpu / replay.events * 1e6),
        ("CPU, s", ".2f", lambda cost: cost.cpu),
        ("wall, s", ".2f", lambda cost: cost.wall),
        ("events per second", ",.0f", lambda cost: replay.events / cost.wall),
        ("peak memory, MiB", ".0f", lambda cost: cost.memory / 2**20),
    ):
        *bare, ours = [value(cost) for _, cost in columns]
        rows.append([name, *(f"{each:{form}}" for each in (*bare, ours)), *(f"{ours / each:.2f}" for each in bare)])
    _table(rows)


def print_replays(replays):
    _heading(
        "Replay by size",
        "goal: 100,000,000 take less than 120 s, and each event more costs the same; what a run costs once "
        "weighs on few")
    rows = [["events", "CPU-s per million", "per million more", "wall, s", "events per second", "peak memory, MiB",
             "loading, s"]]
    smaller = None
    for replay in sorted(replays, key=lambda replay: replay.events):
        run, millions = replay.run, replay.events / 1e6
        more = smaller and (run.cpu - smaller.run.cpu) / (millions - smaller.events / 1e6)
        rows.append([
            f"{replay.events:,}", f"{run.cpu / millions:.3f}", f"{more:.3f}" if more else "", f"{run.wall:.2f}",
            f"{replay.events / run.wall:,.0f}", f"{run.memory / 2**20:.0f}", f"{replay.loading.wall:.1f}"])
        smaller = replay
    _table(rows)


def print_latency(latency, options):
    _heading(
        "Latency from producing an event to a read_committed subscriber's snapshot that takes it in",
        f"both stages on Kafka; {latency.rate:,.0f} events a second of {latency.partners} partners, each of a new "
        f"user; {len(latency.sorted):,} events, after a warm-up of {options.warm_up} s; `run` took {latency.cpu:.2f} of a "
        "processor")
    rows = [["", "p50", "p90", "p99", "max"]]
    rows.append(["ms", *(f"{latency.percentile(percent) * 1000:.1f}" for percent in (50, 90, 99, 100))])
    rows.append(["goal", "< 100", "", "< 250", ""])
    _table(rows)


def print_markets(markets):
    _heading(
        "Markets from their beginning, by partners",
        "ten customers, a hundred users and three hundred actions per partner; goals with 10,000 on Kafka: 60 CPU-s, a peak "
        "of 1,500 MB, 1,200 MB once caught up, no failed transaction, 1.3 records written for each snapshot; on SQLite: "
        "1,500 MB and a write-ahead log of 256 MB")
    rows = [["log", "partners", "events", "snapshots", "CPU, s", "wall, s", "peak memory, MB", "caught up, MB",
             "failed transactions", "written / kept", "WAL, MB", "serve, MB", "page, ms"]]
    for each in markets:
        serving = each.serving
        rows.append([
            each.log, f"{each.partners:,}", f"{each.events:,}" if each.events else "", f"{each.kept:,}",
            f"{each.run.cpu:.1f}", f"{each.run.wall:.1f}", _megabytes(each.run.memory), _megabytes(each.caught_up),
            str(each.failed), f"{each.written / each.kept:.2f}" if each.written else "",
            _megabytes(each.wal) if each.wal else "", _megabytes(serving.memory) if serving else "",
            f"{serving.page * 1000:.1f}" if serving else ""])
    _table(rows)


def print_takeovers(takeovers):
    _heading(
        "Latency while a month begins, and while members come and go, by partners",
        f"as above, in a market of so many partners; the session of a member that is killed ends after {SESSION} s; goals "
        "with 10,000: alone p99 150 ms and at the most 500; tasks that stay, are there, or have a new month 500; a pause of 3 s when one joins, and when one is killed 3 s after "
        "its session")
    rows = [["", "partners", "p50, ms", "p99, ms", "max, ms", "restores, s"]]
    for each in takeovers:
        for phase in each.phases:
            rows.append([phase.name, f"{each.partners:,}",
                         *(f"{phase.percentile(percent) * 1000:,.0f}" for percent in (50, 99, 100)), ""])
        rows.append(["", "", "", "", "", " ".join(f"{restore:.1f}" for restore in each.restores)])
    _table(rows)


def print_memory(measured):
    _heading("Resident memory of an active (user, subscription, workload)", "goal: at most 48 bytes")
    rows = [["entries", "of each user", "bytes"]]
    rows += [[f"{each.entries:,}", str(each.places), f"{each.bytes_per_entry:.1f}"] for each in measured]
    _table(rows)


def print_ranking(ranking):
    sizes = list(ranking.publish_one)
    allowed = (max(sizes) / min(sizes)) ** 0.5
    _heading(
        "Ranking by the number of partners in the cell",
        f"goals: publishing one that has changed, from {min(sizes):,} to {max(sizes):,}, grows by no more than "
        f"{allowed:.1f}, the root of their ratio; taking in and publishing {MANY:,} takes less than 100 ms")
    rows = [["", *(f"{size:,}" for size in sizes), "growth"]]
    for name, scale, figures in (
        ("publish 1, µs", 1e6, ranking.publish_one),
        (f"publish {MANY:,}, ms", 1e3, ranking.publish_many),
        (f"take in {MANY:,}, ms", 1e3, ranking.take_in_many),
    ):
        growth = figures[max(figures)] / figures[min(figures)] if len(figures) > 1 else None
        cells = (f"{figures[size] * scale:.1f}" if size in figures else "" for size in sizes)
        rows.append([name, *cells, f"{growth:.2f}" if growth else ""])
    _table(rows)


def _megabytes(count):
    return f"{count / 1e6:,.0f}"


def _heading(title, note):
    print(f"\n{title}\n({note})\n")


def _table(rows):
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
        print("  ".join([first.ljust(widths[0]), *cells]).rstrip(), flush=True)
