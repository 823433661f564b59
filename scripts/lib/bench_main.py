"""Measures the program beside what it could cost at least, and prints the ratios.

Needs KAFKA_HOME, an unpacked Kafka distribution; everything else is built, started, loaded, measured and removed again.
"""

import argparse
import os
import pathlib
import tempfile

from bench_build import allocator_of, build_bare_loop, build_product
from bench_cluster import broker
from bench_latency import measure_latency
from bench_micro import measure_memory, measure_ranking
from bench_partners import measure_market, measure_sqlite_market
from bench_replay import Replayer
from bench_report import (
    print_header,
    print_latency,
    print_markets,
    print_memory,
    print_ranking,
    print_replays,
    print_side_by_side,
    print_takeovers,
)
from bench_takeover import measure_takeover


def main():
    options = parse_arguments()
    program, micro = build_product("partner-pulse"), build_product("micro-benchmarks")
    print_header()
    with tempfile.TemporaryDirectory(prefix="partner-pulse-bench-") as directory:
        work = pathlib.Path(directory)
        with broker(work / "kafka") as servers:
            allocator = allocator_of(program)
            replayer = Replayer(options, program, build_bare_loop(work), allocator, servers, work)
            first = replayer.side_by_side(options.events, options.rounds)
            print_side_by_side(first, options, allocator)
            print_replays([first, *map(replayer.once, set(options.replay) - {options.events})])
            if options.latency_seconds:
                print_latency(measure_latency(options, program, servers, work), options)
            markets = [measure_market(options, program, each, servers, work) for each in options.partners]
            markets += [measure_sqlite_market(program, each, work) for each in options.sqlite_partners]
            if markets:
                print_markets(markets)
            if options.takeover:
                print_takeovers([measure_takeover(options, program, each, servers, work) for each in options.takeover])
    print_memory(measure_memory(micro, options.memory))
    print_ranking(measure_ranking(micro, options.ranking))


def parse_arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__.splitlines()[0])

    def add(name, default, meaning):
        parser.add_argument(f"--{name}", type=number, default=default, metavar="N", help=f"{meaning} ({default:,})")

    add("events", 1_000_000, "usage actions")
    add("rounds", 3, "times that each is run")
    add("users", 25_000, "who the usage actions are of")
    add("partitions", 4, "of every topic")
    add("threads", 1, "of each stage")
    parser.add_argument("--replay", type=numbers, default=[], metavar="N,…",
                        help="numbers of usage actions that are replayed too, once each, such as 1e6,1e7,1e8")
    parser.add_argument("--partners", type=numbers, default=[], metavar="N,…",
                        help="markets of so many partners are run from their beginning too, such as 1e3,1e4")
    parser.add_argument("--sqlite-partners", type=numbers, default=[], metavar="N,…",
                        help="the same on SQLite")
    parser.add_argument("--takeover", type=numbers, default=[], metavar="N,…",
                        help="in markets of so many partners a month begins, a member joins and one is killed, under load")
    add("rate", 1_000, "events a second while latency is measured")
    add("latency-seconds", 30, "how long latency is measured, 0 for not at all")
    parser.add_argument("--quick", action="store_true", help="a small round of everything, in about a minute")
    options = parser.parse_args()
    if "KAFKA_HOME" not in os.environ:
        parser.error("KAFKA_HOME must name an unpacked Kafka distribution")
    options.memory, options.ranking = [1_000_000, 10_000_000], [1_000, 10_000, 100_000]
    if options.quick:
        options.events, options.rounds, options.latency_seconds = 100_000, 1, 5
        options.memory, options.ranking = [100_000], [1_000, 10_000]
    # Seconds; until then the broker, a Java program, mostly compiles itself.
    options.warm_up = 2 if options.quick else 40
    return options


def number(text):
    """A whole number, also as 1e6."""
    value = float(text)
    if value != int(value) or value < 0:
        raise ValueError
    return int(value)


def numbers(text):
    return [number(part) for part in text.split(",")]


if __name__ == "__main__":
    main()
