"""Runs a command in a process group of its own."""

import contextlib
import os
import select
import signal
import subprocess


def run_in_group(command, seconds, grace=0, **options):
    """The exit code; None if it did not end in `seconds`. However it ends, nothing that it started goes on: it is killed, `grace`
    seconds after it was asked to end. `options` are those of Popen."""
    # A handler that raises within Popen() loses the process, and within its wait() the lock of that.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True,
        preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_SETMASK, mask), **options)
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        with os.fdopen(os.pidfd_open(process.pid)) as end:
            select.select([end], [], [], max(seconds, 0))
        return process.poll()
    finally:
        if process.poll() is None and grace:
            os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(grace)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
