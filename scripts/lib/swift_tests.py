"""swift_tests.py REPORTS: runs the Swift tests, each target in a process of its own, and writes JUnit reports there.

A test that waits holds one of the few threads that Swift runs tests on. The targets that mostly wait therefore run one after the
other beside the others, which keep the processor busy.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".build/release/partner-pulsePackageTests.xctest"
# For brokers, connections and other programs.
WAITING = ["KafkaLogTests", "HTTPServerTests", "HTTPClientTests", "CommandLineTests", "PartnerPulseClientTests"]


def targets():
    found = sorted(path.name for path in (ROOT / "Tests").glob("*Tests"))
    unknown = set(WAITING) - set(found)
    assert not unknown, f"there is no Tests/{', '.join(unknown)}"
    return WAITING, [name for name in found if name not in WAITING]


def run(target, reports):
    """Whether the tests of a target passed. What they leave in the temporary directory is removed."""
    command = [PROGRAM, "--testing-library", "swift-testing", "--filter", rf"^{target}\.",
               "--xunit-output", reports / f"{target}.xml"]
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        process = subprocess.run(
            command, cwd=ROOT, env=os.environ | {"NO_COLOR": "1", "TMPDIR": temporary}, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace")
    lines = process.stdout.splitlines()
    summary = next((line for line in reversed(lines) if "Test run with" in line), f"ended with code {process.returncode}")
    failed = process.returncode != 0 or "Test run with 0 tests" in summary
    if failed:
        # Not what began and what passed.
        print(*(line for line in lines if not line.startswith(("◇", "✔"))), sep="\n")
    print(f"{target}: {time.monotonic() - start:.0f} s; {summary[2:]}", flush=True)
    return not failed


def main():
    reports = pathlib.Path(sys.argv[1])
    reports.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor() as pool:
        lanes = [pool.submit(lambda names: [run(name, reports) for name in names], names) for names in targets()]
        return 0 if all(passed for lane in lanes for passed in lane.result()) else 1


if __name__ == "__main__":
    sys.exit(main())
