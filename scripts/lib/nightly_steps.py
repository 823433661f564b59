"""What scripts/nightly runs, each step with a command of its own."""

import os
from dataclasses import dataclass

from fuzz_targets import TARGETS

# A round of chaos with 25 s of faults takes about so long, with its start, its wait for quiet and its verification.
CHAOS_ROUND_SECONDS = 90
# So many seeds take a minute on two cores, more or less; the simulation runs as many times as fit into its time.
SIMULATION_BATCH = 500
# Targets that are small and have a thread of a C library each.
QUICK_TARGETS = ("HTTPServerTests", "CompressionTests")


@dataclass
class Step:
    name: str
    command: list[str]
    # Repeated, with `--seed` raised by `--seeds`, until so many seconds have passed; once if None.
    repeat_for: float | None = None
    # Killed after so many seconds.
    limit: float = 4 * 3600
    # Why it cannot be run; empty if it can.
    left_out: str = ""


def steps(minutes, quick, seed):
    """The simulation, chaos and fuzzing take about `minutes` each; the sanitizers as long as the tests take."""
    seconds = minutes * 60
    cores = os.cpu_count() or 1
    fuzzing = max(1, int(seconds * cores / len(TARGETS)))
    batch = 50 if quick else SIMULATION_BATCH
    rounds = max(1, round(seconds / CHAOS_ROUND_SECONDS))
    chaos = ["scripts/chaos", "--rounds", str(rounds), "--seed", str(seed)] + (["--seconds", "8"] if quick else [])
    targets = [word for name in QUICK_TARGETS for word in ("--target", name)] if quick else []
    planted = [] if quick else [Step("planted bugs", ["scripts/simulate", "--planted"])]
    return [
        Step("simulation", ["scripts/simulate", "--seed", str(seed), "--seeds", str(batch)], repeat_for=seconds),
        *planted,
        Step("chaos", chaos, left_out="" if os.environ.get("KAFKA_HOME") else "KAFKA_HOME is not set"),
        *([] if quick else [Step("tests in full", ["scripts/test", "--full"])]),
        Step("fuzzing", ["scripts/fuzz", "--seconds", str(fuzzing)]),
        Step("address sanitizer", ["scripts/sanitize", "address", *targets]),
        Step("thread sanitizer", ["scripts/sanitize", "thread", *targets]),
    ]
