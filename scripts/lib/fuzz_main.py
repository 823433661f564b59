"""scripts/fuzz: finds inputs that crash the program or break what must hold of it."""

import argparse
import os
import shutil
import signal
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed

from fuzz_build import build
from fuzz_corpus import merge, write_seeds
from fuzz_run import REGRESSIONS, fuzz, replay
from fuzz_targets import TARGETS


def arguments():
    parser = argparse.ArgumentParser(
        prog="fuzz", description="Fuzzes what reads bytes from outside, with libFuzzer and AddressSanitizer.",
        epilog="Exit code 1 if an input crashed; it is kept, and the command that replays it is printed.")
    names = [target.name for target in TARGETS]
    parser.add_argument("--target", action="append", choices=names, metavar="T", help=f"one of {', '.join(names)}; all")
    parser.add_argument("--seconds", type=int, default=3600, help="for each target (default: an hour)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="targets at a time (default: the cores)")
    parser.add_argument("--idle", action="store_true", help="take only what processor time other programs leave")
    parser.add_argument("--replay", metavar="FILE", help="run the target on this input alone")
    parser.add_argument("--seeds", action="store_true", help="write each target's seeds into its inputs first")
    parser.add_argument("--merge", action="store_true", help="minimise all inputs into Fuzzing/Corpus, and end")
    return parser.parse_args()


def report(outcomes):
    print(f"{'target':<20}{'runs':>12}{'edges':>8}{'inputs':>8}{'seconds':>9}{'of a core':>11}{'runs/s':>9}  result")
    for outcome in outcomes:
        pace = outcome.runs / max(outcome.core_seconds, 1e-9)
        print(
            f"{outcome.target:<20}{outcome.runs:>12}{outcome.coverage:>8}{outcome.inputs:>8}{outcome.seconds:>9.0f}"
            f"{outcome.core_seconds:>11.0f}{pace:>9.0f}  {'CRASHED' if outcome.failed else 'nothing found'}")
    for outcome in outcomes:
        if outcome.failed:
            print(f"\n{outcome.target}: {outcome.crash}; the end of {outcome.log}:")
            with open(outcome.log, encoding="utf-8", errors="replace") as log:
                print("".join(log.readlines()[-60:]))
            if os.path.exists(outcome.crash):
                print(f"replay: scripts/fuzz --target {outcome.target} --replay {outcome.crash}")
                print(f"once it is mended, move it to {REGRESSIONS}/{outcome.target}/")


def fuzz_all(targets, chosen):
    print(f"{len(targets)} targets, {chosen.seconds} s each, {chosen.jobs} at a time", flush=True)
    outcomes = []
    with ThreadPoolExecutor(max(1, chosen.jobs)) as pool:
        running = [pool.submit(fuzz, target, chosen.seconds) for target in targets]
        try:
            for done in as_completed(running):
                outcome = done.result()
                outcomes.append(outcome)
                print(f"{outcome.target}: {outcome.crash or 'nothing found'}", flush=True)
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
    outcomes.sort(key=lambda outcome: [target.name for target in targets].index(outcome.target))
    report(outcomes)
    return 1 if any(outcome.failed for outcome in outcomes) else 0


def main():
    chosen = arguments()
    targets = [target for target in TARGETS if not chosen.target or target.name in chosen.target]
    if shutil.which("swift") is None:
        sys.exit("there is no swift in PATH")
    # A shell has what it runs in the background ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if chosen.idle:
        # Not niceness, which swift build takes from its compilers where it may.
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    build()
    if chosen.replay:
        if len(targets) != 1:
            sys.exit("--replay needs one --target")
        return replay(targets[0], chosen.replay)
    if chosen.seeds:
        for target in targets:
            write_seeds(target)
    if chosen.merge:
        for target in targets:
            number, size = merge(target)
            print(f"{target.name}: {number} inputs, {size} bytes")
        return 0
    return fuzz_all(targets, chosen)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
