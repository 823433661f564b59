"""A disk that can be full: a file system of its own, or, where none may be mounted, a device that always is."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import threading

_SIZE = 8 << 20
# The files that members write checkpoints to before they rename them.
_ASIDE = [f"{stage}-{number}.checkpoint.new" for stage in ("entity", "ranking") for number in range(4)]


@contextlib.contextmanager
def small_disk(directory, may_mount=True):
    """Makes `directory`, for state directories, and yields the disk that it is on."""
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "chaos", directory]
    if not may_mount or subprocess.run(mount, capture_output=True).returncode != 0:
        yield FullDevice(directory)
        return
    try:
        yield MountedDisk(directory)
    except BaseException:
        shutil.copytree(directory, f"{directory}.kept")
        raise
    finally:
        # Whoever still has a file open there does not matter any more.
        subprocess.run(["umount", "--lazy", directory], check=True)


class MountedDisk:
    """Full because a file takes all that is left: what is written then is torn."""

    def __init__(self, directory):
        self._filler = directory / "filler"

    @contextlib.contextmanager
    def full(self):
        try:
            with open(self._filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(4096))
            yield
        finally:
            self._filler.unlink()


class FullDevice:
    """Full because what is written goes to /dev/full. That takes no rights, but the files' names must be known."""

    def __init__(self, directory):
        self._directory = directory

    @contextlib.contextmanager
    def full(self):
        is_over = threading.Event()
        self._link()
        thread = threading.Thread(target=self._keep_linking, args=[is_over])
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()
            for each in self._files():
                each.unlink(missing_ok=True)

    def _keep_linking(self, is_over):
        """A member removes what it could not write."""
        while not is_over.wait(0.02):
            self._link()

    def _link(self):
        for each in self._files():
            with contextlib.suppress(FileExistsError):
                os.symlink("/dev/full", each)

    def _files(self):
        return [state / name for state in self._directory.iterdir() if state.is_dir() for name in _ASIDE]
