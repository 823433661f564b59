"""scripts/nightly: runs the long tests one after the other, and writes one report."""

import argparse
import datetime
import pathlib
import random
import signal
import sys

from nightly_report import report
from nightly_run import run
from nightly_steps import steps


def arguments(names):
    parser = argparse.ArgumentParser(
        prog="nightly", description="Runs the simulation, its planted bugs, chaos, all tests in full, fuzzing and both sanitizers, one after"
        " the other, and writes report.md. A step that fails stops no other.",
        epilog="Chaos needs KAFKA_HOME; without it, it is left out. Exit code 1 if a step failed or was stopped.")
    parser.add_argument("--minutes", type=float, default=60, metavar="M",
                        help="of the simulation, of chaos and of fuzzing, each; the others take as long as they take (60)")
    parser.add_argument("--quick", action="store_true",
                        help="a minute of these three, no planted bugs, and two test targets under the sanitizers")
    parser.add_argument("--only", action="append", metavar="STEP", choices=names, help=f"one of: {', '.join(names)}; all")
    parser.add_argument("--seed", type=int, default=random.randrange(1, 10**9), metavar="S",
                        help="of the simulation and of chaos (a new one, which the report names)")
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path(".build/nightly"), metavar="DIR",
                        help="where the report and the logs go (.build/nightly)")
    chosen = parser.parse_args()
    if chosen.minutes <= 0:
        parser.error("--minutes must be greater than 0")
    return chosen


def run_all(chosen, seed, directory):
    """Runs the steps, and writes the report after each of them, so that one that is stopped has left one."""
    directory.mkdir(parents=True, exist_ok=True)
    started = datetime.datetime.now(datetime.UTC)
    outcomes, rest = [], list(chosen)

    def write():
        (directory / "report.md").write_text(report(outcomes, rest, started, seed))

    try:
        while rest:
            print(f"{rest[0].name}: {' '.join(rest[0].command)}", flush=True)
            outcome = run(rest[0], directory)
            outcomes.append(outcome)
            rest.pop(0)
            print(f"{outcome.step.name}: {outcome.result}, {outcome.seconds:.0f} s", flush=True)
            write()
    finally:
        write()
        print(f"see {directory / 'report.md'}", flush=True)
    return 1 if any(outcome.failed for outcome in outcomes) else 0


def main():
    options = arguments([step.name for step in steps(1, False, 1)])
    minutes = 1 if options.quick else options.minutes
    chosen = [step for step in steps(minutes, options.quick, options.seed)
              if not options.only or step.name in options.only]
    # Through all that stops what was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    return run_all(chosen, options.seed, options.output)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
