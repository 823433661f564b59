"""Runs one step of scripts/nightly."""

import time
from dataclasses import dataclass

from process_group import run_in_group


@dataclass
class Outcome:
    step: object
    # "passed", "FAILED (why)" or "left out (why)".
    result: str
    seconds: float = 0
    runs: int = 0
    log: str = ""

    @property
    def failed(self):
        return self.result.startswith("FAILED")


def run(step, directory):
    """Runs a step, as often as it says; what it writes is in a log in `directory`."""
    if step.left_out:
        return Outcome(step, f"left out ({step.left_out})")
    log = directory / f"{step.name.replace(' ', '-')}.log"
    start, runs, command = time.monotonic(), 0, list(step.command)
    with open(log, "wb") as output:
        while True:
            output.write(f"$ {' '.join(command)}\n".encode())
            output.flush()
            # It is asked to end first, through all that stops what it has started, brokers among it.
            code = run_in_group(command, step.limit - (time.monotonic() - start), grace=60, stdout=output)
            seconds, runs = time.monotonic() - start, runs + 1
            if code != 0:
                why = f"no end within {step.limit:.0f} s" if code is None else f"exit code {code}"
                return Outcome(step, f"FAILED ({why})", seconds, runs, str(log))
            if step.repeat_for is None or seconds >= step.repeat_for:
                return Outcome(step, "passed", seconds, runs, str(log))
            seed, seeds = command.index("--seed") + 1, command.index("--seeds") + 1
            command[seed] = str(int(command[seed]) + int(command[seeds]))
