"""Builds the program and its tests with a sanitizer, and makes the environment in which they run."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

SANITIZERS = ("address", "thread")
OURS = pathlib.Path(__file__).parent.resolve() / "sanitizers"

# Since all is several times slower: fewer random cases than usual, and more patience. Who sets one has their own.
SLOWER = {"PARTNERPULSE_PROPERTY_SETS": "500", "PARTNERPULSE_SIMULATION_SEEDS": "50", "PARTNERPULSE_SLOWNESS": "10"}


def products(sanitizer):
    """The directory of what was built."""
    return pathlib.Path(f".build/{sanitizer}/release").resolve()


def toolchain():
    """The directory of Swift's own clang and symbolizer."""
    swift = shutil.which("swift")
    if swift is None:
        sys.exit("there is no swift in PATH")
    return pathlib.Path(swift).resolve().parent


def build(sanitizer):
    variables = os.environ | {"PARTNERPULSE_SANITIZING": "1", "PARTNERPULSE_SYSTEM_MALLOC": "1"}
    command = ["swift", "build", "-c", "release", "--build-tests", "--build-path", f".build/{sanitizer}"]
    command += ["--sanitize", sanitizer, "-Xswiftc", "-gline-tables-only"]
    if sanitizer == "thread":
        command += ["-Xlinker", str(interposed())]
    run(command, env=variables)


def interposed():
    """An object file that tells ThreadSanitizer of the threads, locks and reference counts that it does not know."""
    sources = sorted(OURS.glob("*.c"))
    # Named after what is in it, since swift build links anew only if its arguments change.
    content = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    path = pathlib.Path(f".build/thread/interposed-{content[:16]}.o").resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    run([toolchain() / "clang", "-O2", "-fPIC", "-Wall", "-r", *sources, "-o", path])
    return path


def run(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{done.stdout}\ndoes not build")


def environment(sanitizer, directory):
    """In which a process, and those that it starts, leave their reports in files `directory/report.PID`."""
    # Files, since tests keep what a process writes to standard error to themselves.
    common = f"log_path={directory}/report:external_symbolizer_path={toolchain()}/llvm-symbolizer"
    chosen = {"SWIFT_BACKTRACE": "enable=no"}  # Swift's own crash handler would stand between.
    if sanitizer == "address":
        chosen["ASAN_OPTIONS"] = common
        chosen["LSAN_OPTIONS"] = f"suppressions={OURS}/leaks.supp:print_suppressions=0"
    else:
        chosen["TSAN_OPTIONS"] = common
    return SLOWER | os.environ | chosen
