"""Each fuzz target on the inputs that are kept: those that reach most of the program, and those that once failed."""

import subprocess
import sys

import pytest

from program import PROGRAM, ROOT

sys.path.insert(0, str(ROOT / "scripts/lib"))
from fuzz_run import KEPT, REGRESSIONS  # noqa: E402
from fuzz_targets import TARGETS  # noqa: E402

REPLAY = PROGRAM.with_name("replay-inputs")


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_what_is_kept_still_holds(target):
    directories = [folder for folder in (ROOT / KEPT / target.name, ROOT / REGRESSIONS / target.name) if folder.is_dir()]
    kept = sum(len(list(folder.iterdir())) for folder in directories)
    replayed = subprocess.run([REPLAY, target.name, *directories], capture_output=True, text=True, timeout=300)
    assert replayed.returncode == 0, replayed.stderr[-2000:]
    # Those, and the seeds of the target.
    assert int(replayed.stdout.split()[1]) > kept


def test_inputs_of_no_target_are_an_error():
    for arguments in ([], ["nothing", str(ROOT / KEPT)]):
        refused = subprocess.run([REPLAY, *arguments], capture_output=True, text=True)
        assert refused.returncode == 2 and "replay-inputs TARGET [DIRECTORY" in refused.stdout
