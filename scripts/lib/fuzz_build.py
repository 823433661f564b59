"""Builds the fuzz targets, and makes the environment in which they run."""

import os
import subprocess
import sys

BUILD_PATH = ".build/fuzz"
PROGRAM = f"{BUILD_PATH}/release/fuzz"


def build():
    environment = os.environ | {"PARTNERPULSE_FUZZING": "1", "PARTNERPULSE_SYSTEM_MALLOC": "1"}
    # Release, since that is what runs; traps and overflow checks stay in. Of several -sanitize only the last one
    # counts, and --sanitize knows one at a time, but makes an executable without a main.
    command = ["swift", "build", "-c", "release", "--build-path", BUILD_PATH, "--product", "fuzz"]
    command += ["--sanitize", "fuzzer", "-Xswiftc", "-sanitize=fuzzer,address"]
    with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as builder:
        try:
            said, _ = builder.communicate()
        except KeyboardInterrupt:
            # It has had the signal too, and ends its compilers unless it is killed.
            builder.wait()
            raise
    if "unsupported option '-sanitize=fuzzer'" in said:
        sys.exit("NOTHING WAS FUZZED: this Swift toolchain comes without libFuzzer; the ones of swift.org have it")
    if builder.returncode != 0:
        sys.exit(f"{said}\nNOTHING WAS FUZZED: the fuzz targets do not build")


def environment(target, allocation_depth=0, **more):
    """`allocation_depth`: the calls to note for each allocation, which takes a third of the time."""
    # Swift's own crash handler would stand between a crash and libFuzzer.
    chosen = {"PARTNERPULSE_FUZZ_TARGET": target.name, "SWIFT_BACKTRACE": "enable=no"}
    # Swift packs pointers where LeakSanitizer does not look for them; memory that grows is seen by libFuzzer's limit.
    chosen["ASAN_OPTIONS"] = f"detect_leaks=0:malloc_context_size={allocation_depth}"
    return os.environ | chosen | more
