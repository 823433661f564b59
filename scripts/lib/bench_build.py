"""Builds what the benchmark runs."""

import pathlib
import re
import subprocess
import sys

from bench_process import run_quietly, say

ROOT = pathlib.Path(__file__).resolve().parents[2]


def build_product(name):
    """Builds an executable of the package; returns its path."""
    say(f"building {name}")
    command = ["swift", "build", "--package-path", ROOT, "-c", "release", "--product", name]
    subprocess.run(command, check=True, stdout=sys.stderr)
    return pathlib.Path(run_quietly([*command, "--show-bin-path"]).strip()) / name


def build_bare_loop(directory):
    binary = directory / "read_topic"
    flags = run_quietly(["pkg-config", "--cflags", "--libs", "rdkafka"]).split()
    run_quietly(["cc", "-O2", "-o", binary, ROOT / "Benchmarks/Baseline/read_topic.c", *flags])
    return binary


def allocator_of(program):
    """The path of the allocator that a program is linked to; None for the system's own."""
    found = re.search(r"libjemalloc\.so\S* => (\S+)", run_quietly(["ldd", program]))
    return found and found[1]
