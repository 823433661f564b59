"""A SQLite log is backed up while it is written to, and the copy goes on."""

import pathlib
import shutil
import subprocess
import threading

import pytest

from ndjson import CATALOG, assert_same_lines, events, expected
from program import Application
from waiting import wait_for


# Holds REL-36.
@pytest.mark.parametrize("command", ["VACUUM INTO 'backup.db'", ".backup backup.db"], ids=["vacuum", "backup"])
def test_a_log_is_backed_up_while_it_runs(command, make_application, tmp_path):
    application = make_application(catalog=CATALOG)
    lines = events("set-101")
    application.import_lines(lines[:400])
    running = application.start("a", "--checkpoint-interval", "0.2")
    wait_for(lambda: len(application.snapshots()) > 100)
    stop = threading.Event()

    def produce():
        for line in lines[400:700]:
            application.import_lines([line])
            if stop.is_set():
                return

    producer = threading.Thread(target=produce)
    producer.start()
    path = application.log[-1]
    try:
        subprocess.run(["sqlite3", path, command], cwd=tmp_path, check=True, capture_output=True)
        assert producer.is_alive() and running.poll() is None
    finally:
        stop.set()
        producer.join()
    application.stop(running)

    # Elsewhere, without checkpoints; and in the place of the log, with later checkpoints, which are not used.
    moved = tmp_path / "moved"
    moved.mkdir()
    shutil.copy(tmp_path / "backup.db", moved / "log.db")
    newest = len(application.snapshots())
    for file in tmp_path.glob(f"{pathlib.Path(path).name}*"):
        file.unlink()
    shutil.copy(tmp_path / "backup.db", path)
    other = Application(["--data", str(moved / "log.db")], moved, CATALOG, application.name)
    for restored in (other, application):
        checked = subprocess.run(["sqlite3", restored.log[-1], "PRAGMA integrity_check"], capture_output=True)
        assert checked.stdout == b"ok\n"
        assert 100 < len(restored.snapshots()) <= newest
        restored.import_lines(lines)
        restored.run_until_end()
        assert_same_lines(restored.snapshots(), expected("set-101"))
