"""What the hot paths cost, in instructions."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def test_hot_paths_cost_what_they_did():
    done = subprocess.run(["scripts/count-instructions", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
