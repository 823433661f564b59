"""Runs something under a sanitizer, and reads what the sanitizer reported."""

import contextlib
import re
import shutil
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass, field

from count_tests import count
from process_group import run_in_group
from sanitize_build import environment


@dataclass
class Outcome:
    name: str
    seconds: float
    # Why it did not end well by itself; empty if it did.
    end: str
    # By what was reported: how often.
    reports: Counter = field(default_factory=Counter)
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    @property
    def is_clean(self):
        return not self.end and not self.reports and not self.failed


def run(name, command, sanitizer, directory, limit, **variables):
    """Runs `command` for at most `limit` seconds; what it writes, and all reports, are in `directory`."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    start = time.monotonic()
    with open(directory / "output", "wb") as output:
        code = run_in_group(command, limit, env=environment(sanitizer, directory) | variables, stdout=output)
    end = f"no end within {limit} s" if code is None else f"exit code {code}" if code else ""
    return Outcome(name, time.monotonic() - start, end, reports(directory))


def run_tests(name, command, sanitizer, directory, limit, option, **variables):
    """`run` for a command that writes a JUnit report to where `option` says."""
    results = directory / "tests.xml"
    outcome = run(name, [*command, option, str(results)], sanitizer, directory, limit, **variables)
    # Whole only if all tests ran to their end.
    with contextlib.suppress(ElementTree.ParseError):
        outcome.passed, outcome.failed, outcome.skipped = count([results])
    if not outcome.passed:
        outcome.end = outcome.end or "no test passed"
    return outcome


def reports(directory):
    found = Counter()
    for path in directory.glob("report.*"):
        text = path.read_text(errors="replace")
        summaries = re.findall(r"^SUMMARY: (.*)$", text, re.MULTILINE)
        # One that broke off says something too.
        found.update(summaries or [f"a report without a summary: {path}"])
    return found
