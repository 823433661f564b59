"""scripts/sanitize: runs the tests under AddressSanitizer (with LeakSanitizer) or ThreadSanitizer."""

import argparse
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

from free_ports import free_ports
from sanitize_build import SANITIZERS, build, products
from sanitize_faults import missed
from sanitize_run import run_tests

SYSTEM = "system"


def arguments(names):
    parser = argparse.ArgumentParser(
        prog="sanitize", description="Builds with a sanitizer, and runs the Swift tests, a target at a time, and the"
        " system tests, but for those of chaos and of the page in a browser.",
        epilog="First it sees that planted faults are reported. Tests on Kafka use the broker that"
        " PARTNERPULSE_BOOTSTRAP_SERVERS names, or one that is started where KAFKA_HOME is set; else they are skipped."
        " Exit code 1 if anything is reported, a test fails or does not end, or a planted fault is missed.")
    parser.add_argument("sanitizer", choices=SANITIZERS)
    parser.add_argument("--target", action="append", choices=names, metavar="T", help=f"one of {', '.join(names)}; all")
    parser.add_argument("--seconds", type=int, default=3600, help="for a target at most (default: an hour)")
    return parser.parse_args()


@contextlib.contextmanager
def broker():
    """Starts a broker for the tests if there is none and one can be; stops it."""
    if os.environ.get("PARTNERPULSE_BOOTSTRAP_SERVERS") or not os.environ.get("KAFKA_HOME"):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="partner-pulse-sanitize-") as directory:
        port = free_ports(2)
        subprocess.run(["scripts/kafka-broker", "start", directory, "--port", str(port)], check=True)
        os.environ["PARTNERPULSE_BOOTSTRAP_SERVERS"] = f"127.0.0.1:{port}"
        try:
            yield
        finally:
            subprocess.run(["scripts/kafka-broker", "stop", directory], check=True)


def run_target(name, sanitizer, directory, limit):
    built = products(sanitizer)
    if name == SYSTEM:
        command = [sys.executable, "-m", "pytest", "Tests/system", "-p", "no:cacheprovider"]
        # Most of their time they wait.
        command += ["--numprocesses", "4", "--dist", "loadgroup"]
        command += [f"--ignore-glob=*/{files}" for files in ("test_*chaos.py", "test_page*.py")]
        program = str(built / "partner-pulse")
        return run_tests(name, command, sanitizer, directory, limit, "--junit-xml", PARTNERPULSE_PROGRAM=program)
    command = [built / "partner-pulsePackageTests.xctest", "--testing-library", "swift-testing"]
    command += ["--filter", rf"^{name}\."]
    return run_tests(name, command, sanitizer, directory, limit, "--xunit-output")


def line(outcome):
    tests = f"{outcome.passed:>6} passed{outcome.failed:>4} failed{outcome.skipped:>4} skipped"
    return (f"{outcome.name:<20}{tests}{outcome.reports.total():>5} reports{outcome.seconds:>7.0f} s"
            f"  {'clean' if outcome.is_clean else 'NOT CLEAN'}{outcome.end and ': ' + outcome.end}")


def main():
    names = sorted(path.name for path in pathlib.Path("Tests").glob("*Tests")) + [SYSTEM]
    chosen = arguments(names)
    os.environ["PARTNERPULSE_PYTHON"] = sys.executable
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # Through all that stops what was started.
    work = pathlib.Path(f".build/{chosen.sanitizer}-work").resolve()
    build(chosen.sanitizer)
    unseen = missed(chosen.sanitizer, work / "planted")
    if unseen:
        sys.exit("\n".join(unseen))
    print("every planted fault is reported, and nothing else", flush=True)
    failed = []
    with broker():
        for name in chosen.target or names:
            outcome = run_target(name, chosen.sanitizer, work / name, chosen.seconds)
            print(line(outcome), flush=True)
            for report, times in outcome.reports.most_common():
                print(f"  {times} times {report}")
            if not outcome.is_clean:
                failed.append(name)
                print(f"  see {work / name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
