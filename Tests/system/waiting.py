"""Waiting for what takes its time."""

import os
import time

# How many times as long as usual all may take; under a sanitizer more than one.
SLOWNESS = float(os.environ.get("PARTNERPULSE_SLOWNESS", 1))


def wait_for(condition, seconds=30):
    seconds *= SLOWNESS
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"it did not come to be in {seconds} s"
        time.sleep(0.1)
