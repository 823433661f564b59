"""What reads a SQLite log needs no right to write it, and leaves nothing behind."""

import os
import pathlib
import re
import shutil
import signal
import stat
import subprocess
import time

import pytest
import requests

from ndjson import CATALOG, assert_same_lines, events, expected
from program import PATIENCE, PROGRAM, Application
from waiting import wait_for

NOBODY = 65534


@pytest.fixture
def unprivileged(tmp_path):
    """Makes a command one of a user whom the modes of files stop, which root is not."""
    if os.geteuid() != 0:
        return lambda *command: [str(part) for part in command]
    if not shutil.which("setpriv"):
        pytest.skip("root may write any file, and there is no setpriv to be somebody else")
    # Where that user can get at it.
    program = tmp_path / "partner-pulse"
    shutil.copy(PROGRAM, program)
    for directory in [tmp_path, *tmp_path.parents]:
        if not directory.stat().st_mode & stat.S_IXOTH and directory != pathlib.Path("/"):
            directory.chmod(directory.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)
    start = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return lambda *command: [
        *start, *(str(program if part == PROGRAM else part) for part in command)]


@pytest.fixture
def application(tmp_path):
    directory = tmp_path / "log"
    directory.mkdir()
    application = Application(["--data", str(directory / "log.db")], directory, CATALOG)
    # Apart from the log, which alone is looked at.
    application.states = tmp_path
    application.import_lines(events("set-101"))
    application.run_until_end()
    for path in directory.glob("*.lock"):
        path.unlink()
    yield application
    application.kill_all()
    protect(directory, False)


def protect(directory, is_protected=True):
    for path in directory.iterdir():
        path.chmod(0o444 if is_protected else 0o644)
    directory.chmod(0o555 if is_protected else 0o755)


def run(command, directory):
    return subprocess.run(command, capture_output=True, timeout=PATIENCE, cwd=directory)


def partner():
    return re.search(rb'"partnerId": ?"([a-z0-9-]+)"', b"\n".join(events("set-101")))[1].decode()


def reading_commands():
    return [
        ("snapshots",), ("explain", partner(), "--catalog", CATALOG), ("recompute", "status"), ("rejected",)]


def read_everything(command, log, directory):
    """Runs each command that reads; each must work, and what is beside the log must stay as it is."""
    before = sorted(os.listdir(directory))
    for arguments in reading_commands():
        if subprocess.run([PROGRAM, *map(str, arguments), "--help"], capture_output=True).returncode != 0:
            continue
        done = run(command(PROGRAM, *arguments, *log), directory)
        assert done.returncode == 0, done.stderr.decode()
        assert done.stdout or arguments == ("rejected",)
        if arguments == ("snapshots",):
            assert_same_lines(done.stdout.splitlines(), expected("set-101"))
    tailed = tail(command, log, directory)
    assert len(tailed) == len(expected("set-101"))
    serve(command, log, directory)
    assert sorted(os.listdir(directory)) == before


def tail(command, log, directory):
    with subprocess.Popen(command(PROGRAM, "tail", "--from-beginning", *log), stdout=subprocess.PIPE, cwd=directory) as process:
        lines = [process.stdout.readline() for _ in expected("set-101")]
        process.send_signal(signal.SIGINT)
        lines += process.stdout.readlines()
    assert process.returncode == 0
    return lines


def serve(command, log, directory):
    process = subprocess.Popen(
        command(PROGRAM, "serve", "--no-run", "--catalog", CATALOG, "--listen", "127.0.0.1:0", *log),
        stderr=subprocess.PIPE, cwd=directory, text=True)
    try:
        url = re.search(r"on (http://[^/\s]+)/", process.stderr.readline())[1]
        wait_for(lambda: requests.get(url + "/readyz", timeout=10).status_code == 200)
        assert partner() in requests.get(f"{url}/?partner={partner()}", timeout=10).text
        wait_for(lambda: requests.get(f"{url}/api/v1/partners/{partner()}/explain", timeout=10).status_code == 200)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0, process.stderr.read()


def test_a_log_that_cannot_be_written_is_read(application, unprivileged):
    protect(application.directory)
    read_everything(unprivileged, application.log, application.directory)


def test_what_writes_says_that_it_cannot(application, unprivileged, tmp_path):
    protect(application.directory)
    before = sorted(os.listdir(application.directory))
    for arguments in [("run", "--catalog", CATALOG), ("topics", "create"), ("serve", "--listen", "127.0.0.1:0"),
                      ("recompute", "--catalog", CATALOG)]:
        done = run(unprivileged(PROGRAM, *arguments, *application.log), application.directory)
        assert done.returncode == 1, arguments
        assert re.search("log.db: the file or its directory cannot be written|log.db.*cannot be created", done.stderr.decode()), (
            arguments, before, done.stderr)
    assert sorted(os.listdir(application.directory)) == before


def test_what_a_killed_writer_left_is_read(application, unprivileged):
    directory = application.directory
    # Written by a process that did not get to move it into the file.
    process = application.start("killed", command="run")
    wait_for(lambda: (directory / "log.db-wal").exists())
    application.import_lines(events("set-102"))
    wait_for(lambda: (directory / "log.db-wal").stat().st_size > 0)
    wait_for(lambda: '"caught_up":true' in application.succeed("recompute", "status").decode())
    process.kill()
    process.wait()
    for path in [*directory.glob("*.lock"), *directory.glob("*.log")]:
        path.unlink()
    wanted = application.snapshots()
    assert len(wanted) > len(expected("set-101"))
    assert sorted(os.listdir(directory)) == ["log.db", "log.db-shm", "log.db-wal"]

    protect(directory)
    done = run(unprivileged(PROGRAM, "snapshots", *application.log), directory)
    assert_same_lines(done.stdout.splitlines(), wanted)
    # Copied without its shared memory.
    protect(directory, False)
    (directory / "log.db-shm").unlink()
    protect(directory)
    for command in (unprivileged, lambda *command: command):
        done = run(command(PROGRAM, "snapshots", *application.log), directory)
        assert_same_lines(done.stdout.splitlines(), wanted)
    assert sorted(os.listdir(directory)) == ["log.db", "log.db-wal"]
    protect(directory, False)
    application.run_until_end()
    assert_same_lines(application.snapshots(), wanted)


def test_readers_go_on_when_a_writer_comes(application, unprivileged):
    directory = application.directory
    for path in [directory, *directory.iterdir()]:
        # The reader is another user, who may read.
        path.chmod(path.stat().st_mode | stat.S_IROTH)
    output = directory.parent / "tailed"
    with open(output, "wb") as file:
        follower = subprocess.Popen(
            unprivileged(PROGRAM, "tail", "--from-beginning", *application.log), stdout=file, stderr=subprocess.PIPE,
            cwd=directory)
    lines = lambda: output.read_bytes().splitlines()  # noqa: E731
    wait_for(lambda: len(lines()) == len(expected("set-101")))
    writer = application.start("writer", command="run")
    application.import_lines(events("set-102"))
    wait_for(lambda: '"caught_up":true' in application.succeed("recompute", "status").decode())
    wanted = application.snapshots()
    wait_for(lambda: len(lines()) >= len(wanted))
    application.stop(writer)
    time.sleep(0.5)  # as long as it takes to see that it goes on
    follower.send_signal(signal.SIGINT)
    assert follower.wait(PATIENCE) == 0, follower.stderr.read()
    # What the writer has closed is whole without what the reader has kept in place.
    copy = directory.parent / "copy.db"
    shutil.copy(directory / "log.db", copy)
    copied = run([PROGRAM, "snapshots", "--data", copy], directory)
    assert_same_lines(copied.stdout.splitlines(), wanted)


def test_a_read_only_mount_is_read(application, tmp_path):
    mount = tmp_path / "mount"
    mount.mkdir()
    done = subprocess.run(["mount", "-o", "bind,ro", application.directory, mount], capture_output=True)
    if done.returncode != 0:
        pytest.skip("this user may not mount")
    try:
        log = ["--data", str(mount / "log.db")]
        read_everything(lambda *command: [str(part) for part in command], log, mount)
        # Where it can be written, somebody does so.
        writer = application.start("writer", command="run")
        wait_for(lambda: (mount / "log.db-shm").exists())
        application.import_lines(events("set-102"))
        wait_for(lambda: '"caught_up":true' in application.succeed("recompute", "status").decode())
        done = run([PROGRAM, "snapshots", *log], tmp_path)
        assert_same_lines(done.stdout.splitlines(), application.snapshots())
        application.stop(writer)
    finally:
        subprocess.run(["umount", mount], check=True)


def test_what_cannot_be_read_is_said(application, unprivileged):
    (application.directory / "log.db").chmod(0)
    done = run(unprivileged(PROGRAM, "snapshots", *application.log), application.directory)
    assert done.returncode == 1
    assert "log.db cannot be read: Permission denied" in done.stderr.decode()
