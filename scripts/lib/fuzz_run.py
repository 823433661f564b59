"""Runs one fuzz target for a while, and tells what came of it."""

import os
import re
import subprocess
import time
from dataclasses import dataclass

from fuzz_build import PROGRAM, environment

KEPT = "Fuzzing/Corpus"
REGRESSIONS = "Fuzzing/Regressions"
WORK = ".build/fuzz-work"


@dataclass
class Outcome:
    target: str
    runs: int
    coverage: int
    inputs: int
    seconds: float
    # Of a processor core, which others may have had.
    core_seconds: float
    # Empty if nothing was found.
    crash: str
    log: str

    @property
    def failed(self):
        return self.crash != ""


def corpora(target):
    """The inputs that are there: those of earlier runs here, the kept ones, and what once crashed."""
    own = f"{WORK}/corpus/{target.name}"
    os.makedirs(own, exist_ok=True)
    return [own] + [path for path in (f"{KEPT}/{target.name}", f"{REGRESSIONS}/{target.name}") if os.path.isdir(path)]


def options(target):
    chosen = [f"-max_len={target.longest}", "-timeout=60", "-rss_limit_mb=4096", "-print_final_stats=1"]
    if target.dictionary:
        chosen.append(f"-dict=Fuzzing/Dictionaries/{target.dictionary}.dict")
    return chosen


def fuzz(target, seconds):
    os.makedirs(f"{WORK}/crashes", exist_ok=True)
    log = f"{WORK}/{target.name}.log"
    command = [PROGRAM, *corpora(target), *options(target), f"-max_total_time={seconds}"]
    command.append(f"-artifact_prefix={WORK}/crashes/{target.name}-")
    start = time.monotonic()
    with open(log, "w", encoding="utf-8") as output:
        process = subprocess.Popen(command, env=environment(target), stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return read(
        target, log, process.returncode, time.monotonic() - start, usage.ru_utime + usage.ru_stime)


def read(target, log, code, seconds, core_seconds):
    with open(log, encoding="utf-8", errors="replace") as file:
        text = file.read()

    def last(pattern):
        found = re.findall(pattern, text)
        return int(found[-1]) if found else 0

    crash = ""
    if code != 0:
        written = re.findall(r"Test unit written to (\S+)", text)
        crash = written[-1] if written else f"exit code {code}"
    return Outcome(
        target.name, max(last(r"number_of_executed_units: (\d+)"), last(r"^#(\d+)")), last(r"cov: (\d+)"),
        last(r"corp: (\d+)"), seconds, core_seconds, crash, log)


def replay(target, path):
    """Runs one input; the exit code says whether it crashes."""
    command = [PROGRAM, path, "-timeout=60", "-rss_limit_mb=4096"]
    return subprocess.run(command, env=environment(target, allocation_depth=30)).returncode
