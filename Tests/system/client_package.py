"""The Python package for clients, as an installation has it."""

import os
import shutil
import subprocess
import sys

import pytest

from program import ROOT

CLIENTS = ROOT / "clients"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The environment of a Python that has the package installed, from a wheel, and nothing of the source."""
    directory = tmp_path_factory.mktemp("package")
    # A copy, so that what a build leaves is not in the source.
    source = directory / "partner-pulse"
    shutil.copytree(CLIENTS / "python", source / "clients/python", ignore=shutil.ignore_patterns("v1", "build"))
    shutil.copytree(ROOT / "schemas", source / "schemas")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    for command in (["wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", directory, source / "clients/python"],
                    ["install", "--no-deps", "--target", directory / "site",
                     directory / "partnerpulse-0.1.0-py3-none-any.whl"]):
        done = subprocess.run([*pip, *command], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return {**os.environ, "PYTHONPATH": str(directory / "site"), "PYTHONSAFEPATH": "1", "MYPYPATH": str(directory / "site")}
