"""Sees that a sanitizer, with its suppressions, reports the faults of Tests/Support/PlantedFaults."""

from sanitize_build import products
from sanitize_run import run

# What must be said of each; nothing where there is no fault.
EXPECTED = {
    "address": {
        "use-after-free": "heap-use-after-free", "overflow": "heap-buffer-overflow", "leak": "leaked in", "lock": "",
        "copy": ""},
    "thread": {
        "race": " race ", "race-in-kafka-callback": " race ", "race-in-server-callback": " race ", "lock": "",
        "copy": ""},
}


def missed(sanitizer, directory):
    """A line for each fault that was not reported, and for what was reported without one."""
    lines = []
    for fault, expected in EXPECTED[sanitizer].items():
        command = [products(sanitizer) / "planted-faults", fault]
        outcome = run(fault, command, sanitizer, directory / fault, 60)
        said = " ".join(outcome.reports)
        if (expected not in said) if expected else not outcome.is_clean:
            lines.append(
                f"planted {fault}: expected {expected or 'nothing'}, reported {said or 'nothing'} {outcome.end}")
    return lines
