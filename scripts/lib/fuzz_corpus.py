"""Makes and minimises the inputs that are kept in the repository."""

import hashlib
import heapq
import os
import re
import shutil
import subprocess
import tempfile

from fuzz_build import PROGRAM, environment
from fuzz_run import KEPT, corpora, options

# For each target; every run, and so every test, starts with all of them.
MOST_KEPT = 200


def write_seeds(target):
    """Puts the target's own seeds among the inputs of the runs here."""
    own = corpora(target)[0]
    subprocess.run([PROGRAM], env=environment(target, PARTNERPULSE_FUZZ_SEEDS=own), check=True)


def merge(target):
    """Keeps those of all inputs, at most MOST_KEPT, that reach the most edges. Returns their number and size."""
    with tempfile.TemporaryDirectory() as work:
        reached = edges(target, corpora(target), work)
        contents = []
        for path in cover(reached):
            with open(path, "rb") as file:
                contents.append(file.read())
    kept = f"{KEPT}/{target.name}"
    shutil.rmtree(kept, ignore_errors=True)
    os.makedirs(kept)
    for content in contents:
        with open(f"{kept}/{hashlib.sha1(content).hexdigest()}", "wb") as file:
            file.write(content)
    return len(contents), sum(map(len, contents))


def edges(target, directories, work):
    """The edges that each input reaches, by its path. One that crashes is left out."""
    control = f"{work}/control"
    # Without counters, features are edges; with them, an edge is another one for each order of how often. The other
    # way of merging would leave out what inputs before have reached.
    command = [PROGRAM, "-set_cover_merge=1", "-use_counters=0", f"-merge_control_file={control}"]
    os.mkdir(f"{work}/merged")
    command += [f"{work}/merged", *directories, *options(target)]
    subprocess.run(command, env=environment(target), check=True, capture_output=True)
    with open(control, encoding="utf-8") as file:
        # The number of inputs and of those in the first directory, the inputs, and what came of each.
        count, _, *lines = file.read().splitlines()
    paths = lines[:int(count)]
    reached = {}
    for line in lines[int(count):]:
        if found := re.match(r"FT (\d+) (.*)", line):
            reached[paths[int(found[1])]] = set(found[2].split())
    return reached


def cover(reached):
    """The inputs that add the most edges to those of the ones before, smaller inputs first where as many."""
    queue = [(-len(found), os.path.getsize(path), path) for path, found in reached.items()]
    heapq.heapify(queue)
    covered = set()
    chosen = []
    while queue and len(chosen) < MOST_KEPT:
        _, size, path = heapq.heappop(queue)
        now = (-len(reached[path] - covered), size, path)
        # What an input adds only shrinks, so one that is still the first needs no look at the others.
        if queue and now > queue[0]:
            heapq.heappush(queue, now)
        elif now[0] == 0:
            break
        else:
            covered |= reached[path]
            chosen.append(path)
    return chosen
