"""Runs the program on three brokers and in three processes, under load and under faults, in rounds.

In each round members and brokers are killed, stopped and restarted, coordinators moved, transactions held until they
time out and a member lose its disk. Then it is quiet, and all that is published is compared with what a slow
model, which shares nothing with the program, works out from the input topics. Needs KAFKA_HOME, an unpacked Kafka.
"""

import argparse
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter

from kafka_cluster import KafkaCluster

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests/system"))
from chaos.rounds import Round  # noqa: E402


def main():
    options = parse_arguments()
    numbers = [options.only] if options.only is not None else range(options.rounds)
    work = pathlib.Path(tempfile.mkdtemp(prefix="partner-pulse-chaos-"))
    print(f"seed {options.seed}, {options.seconds:g} s of faults a round, {options.rate:g} events a second", flush=True)
    cluster = KafkaCluster(work / "cluster")
    try:
        cluster.start()
        is_well = run_rounds(options, numbers, cluster, work)
    finally:
        cluster.kill()
    if not is_well:
        raise SystemExit(1)
    shutil.rmtree(work)


def run_rounds(options, numbers, cluster, work):
    events, faults, signs = 0, Counter(), Counter()
    for number in numbers:
        start, directory = time.monotonic(), work / f"round-{number}"
        try:
            outcome = Round(cluster, options.seed, number, options.seconds, options.rate, directory).run()
        except Exception as failure:
            print(f"round {number} FAILED: {type(failure).__name__}: {failure}")
            (directory / "traceback.txt").write_text(traceback.format_exc())
            print(f"logs and data are kept in {work}; the same faults again: "
                  f"scripts/chaos --seed {options.seed} --only {number}"
                  f" --seconds {options.seconds:g} --rate {options.rate:g}", flush=True)
            return False
        print(line(number, outcome, time.monotonic() - start), flush=True)
        events += len(outcome.verdict.events)
        faults += outcome.faults
        signs.update(outcome.signs)
        shutil.rmtree(directory)
    print(f"faults: {counted(faults)}\nsigns: {counted(signs)}")
    print(f"{len(numbers)} rounds, {faults.total()} faults, {events:,} events: nothing lost, doubled or taken back")
    return True


def line(number, outcome, seconds):
    verdict = outcome.verdict
    signs = counted(+outcome.signs) or "no sign of them"
    return (f"round {number} ({'static' if outcome.is_static else 'dynamic'} members): {outcome.faults.total()} faults"
            f" ({signs}); {len(verdict.events):,} events, {verdict.refused:,} refused;"
            f" {verdict.snapshots:,} snapshots and {verdict.scales:,} scales exact; {seconds:.0f} s")


def counted(counter):
    return ", ".join(f"{count} {name}" for name, count in counter.items())


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/chaos", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10, metavar="N", help="how many rounds (10)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), metavar="S",
                        help="gives the faults and events of every round (a new one)")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="the round of this number alone, as a seed gives it")
    parser.add_argument("--seconds", type=float, default=25, metavar="T", help="of faults in a round (25)")
    parser.add_argument("--rate", type=float, default=200, metavar="R", help="events a second (200)")
    options = parser.parse_args()
    if "KAFKA_HOME" not in os.environ:
        parser.error("KAFKA_HOME must name an unpacked Kafka distribution")
    return options


if __name__ == "__main__":
    main()
