"""Makes and minimises the inputs that are kept in the repository."""

import os
import shutil
import subprocess
import tempfile

from fuzz_build import PROGRAM, environment
from fuzz_run import KEPT, corpora, options


def write_seeds(target):
    """Puts the target's own seeds among the inputs of the runs here."""
    own = corpora(target)[0]
    subprocess.run([PROGRAM], env=environment(target, PARTNERPULSE_FUZZ_SEEDS=own), check=True)


def merge(target):
    """Keeps of all inputs the smallest that reach what they reach together. Returns their number and size."""
    with tempfile.TemporaryDirectory() as merged:
        command = [PROGRAM, "-merge=1", merged, *corpora(target), *options(target)]
        subprocess.run(command, env=environment(target), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        kept = f"{KEPT}/{target.name}"
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(merged, kept)
    sizes = [os.path.getsize(f"{kept}/{name}") for name in os.listdir(kept)]
    return len(sizes), sum(sizes)
