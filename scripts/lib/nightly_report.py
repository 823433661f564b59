"""The report of scripts/nightly, in Markdown."""

import os
import platform
import subprocess

SUMMARY_LINES = 5
FAILURE_LINES = 60


def report(outcomes, rest, started, seed):
    """Of what has run, and of what has not (`rest`) if it was stopped."""
    failed = [outcome for outcome in outcomes if outcome.failed]
    verdict = f"{len(failed)} of {len(outcomes)} steps failed" if failed else f"no step of {len(outcomes)} failed"
    if rest:
        verdict += f"; stopped before the end of {len(rest)}"
    lines = [
        f"# Nightly run of {started:%Y-%m-%d %H:%M} UTC: {verdict}", "",
        f"Commit {commit()}, seed {seed}, {os.cpu_count()} cores, {platform.machine()}.", "",
        "| step | command | result | runs | time | log |", "| --- | --- | --- | --- | --- | --- |"]
    lines += [row(outcome) for outcome in outcomes]
    lines += [f"| {step.name} | `{' '.join(step.command)}` | not run | 0 | | |" for step in rest]
    for outcome in outcomes:
        if outcome.log:
            lines += ["", f"## {outcome.step.name.capitalize()}: {outcome.result}", "", *tail(outcome)]
    return "\n".join(lines) + "\n"


def row(outcome):
    minutes, seconds = divmod(round(outcome.seconds), 60)
    command = " ".join(outcome.step.command)
    log = f"[log]({os.path.basename(outcome.log)})" if outcome.log else ""
    return (f"| {outcome.step.name} | `{command}` | {outcome.result} | {outcome.runs} | {minutes} min {seconds} s"
            f" | {log} |")


def tail(outcome):
    with open(outcome.log, encoding="utf-8", errors="replace") as file:
        lines = [line.rstrip() for line in file if line.strip()]
    return [f"    {line}" for line in lines[-(FAILURE_LINES if outcome.failed else SUMMARY_LINES):]]


def commit():
    asked = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True)
    return asked.stdout.strip() or "unknown"
