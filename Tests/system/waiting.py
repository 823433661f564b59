"""Waiting for what takes its time."""

import time


def wait_for(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"it did not come to be in {seconds} s"
        time.sleep(0.1)
