"""Runs one step of scripts/nightly."""

import os
import select
import signal
import subprocess
import time
from dataclasses import dataclass


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
            code = wait(command, output, step.limit - (time.monotonic() - start))
            seconds, runs = time.monotonic() - start, runs + 1
            if code != 0:
                why = f"no end within {step.limit:.0f} s" if code is None else f"exit code {code}"
                return Outcome(step, f"FAILED ({why})", seconds, runs, str(log))
            if step.repeat_for is None or seconds >= step.repeat_for:
                return Outcome(step, "passed", seconds, runs, str(log))
            seed, seeds = command.index("--seed") + 1, command.index("--seeds") + 1
            command[seed] = str(int(command[seed]) + int(command[seeds]))


def wait(command, output, seconds):
    """The exit code; None if it did not end in time. However it ends, nothing that it started goes on."""
    # A handler that raises within Popen() loses the process, and within its wait() the lock of that.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_SETMASK, mask))
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        with os.fdopen(os.pidfd_open(process.pid)) as end:
            select.select([end], [], [], max(seconds, 0))
        return process.poll()
    finally:
        if process.poll() is None:
            # Through all that stops what it has started, brokers among it.
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
