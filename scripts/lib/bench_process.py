"""Runs other programs for the benchmark and says what they cost."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass


@dataclass
class Cost:
    """What a process took: seconds, seconds of processor time, bytes at the most."""

    wall: float
    cpu: float
    memory: int


class Run:
    """A process that has been started and whose cost counts; its standard output is `process.stdout`."""

    def __init__(self, command, preload=None):
        environment = {**os.environ, "LD_PRELOAD": preload} if preload else None
        self._name = command[0]
        self._start = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)

    def finish(self):
        """Waits for the end, which must be a good one, and returns the cost."""
        _, status, usage = os.wait4(self.process.pid, 0)
        wall = time.monotonic() - self._start
        self.process.stdout.close()
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode != 0:
            raise SystemExit(f"bench: {self._name} ended with {self.process.returncode}")
        return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)

    def kill(self):
        if self.process.returncode is None:
            self.process.kill()
            self.process.wait()


def timed(command, preload=None):
    """Runs a command to its end; returns its cost and its standard output."""
    run = Run(command, preload)
    try:
        output = run.process.stdout.read()
        return run.finish(), output.decode()
    finally:
        run.kill()


def run_quietly(command, **environment):
    """Runs a command whose output matters only if it fails; returns its standard output."""
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})
    if done.returncode != 0:
        raise SystemExit(f"bench: {command[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)
