"""The program under test, driven as a user drives it: by its command line."""

import os
import pathlib
import signal
import subprocess

from waiting import SLOWNESS

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("PARTNERPULSE_PROGRAM", ROOT / ".build/release/partner-pulse"))

# Most tests read messages as people do.
os.environ.setdefault("PARTNER_PULSE_LOG_FORMAT", "text")

# A command that takes longer than this, in seconds, hangs.
PATIENCE = 120 * SLOWNESS


class Application:
    """One application: its log, the name of its groups, and a directory for all that its processes write."""

    def __init__(self, log, directory, catalog=None, name="partner-pulse"):
        self.log = log
        self.directory = directory
        # Where state directories are.
        self.states = directory
        self.name = name
        self.catalog = ["--catalog", catalog] if catalog else []
        self.processes = []

    def group(self, stage):
        """The name of a stage's consumer group on Kafka."""
        prefix = self.log[self.log.index("--topic-prefix") + 1]
        return f"{prefix}{self.name}-{stage}"

    def command(self, *arguments, stdin=None):
        """Runs a command to its end and returns what became of it."""
        return subprocess.run(
            [PROGRAM, *map(str, arguments), *self.log],
            input=stdin, capture_output=True, timeout=PATIENCE, cwd=self.directory,
        )

    def succeed(self, *arguments, stdin=None):
        """Runs a command that must succeed and returns its standard output."""
        done = self.command(*arguments, stdin=stdin)
        assert done.returncode == 0, f"{arguments} ended with {done.returncode}: {done.stderr.decode()}"
        return done.stdout

    def create_topics(self, partitions):
        self.succeed("topics", "create", "--partitions", partitions)

    def import_lines(self, lines):
        self.succeed("import", "-", stdin=b"\n".join(lines) + b"\n")

    def run_arguments(self, member, *options, command="run"):
        return [command, *self.catalog, "--application", self.name,
                "--state-dir", self.states / f"state-{member}", *options]

    def run_until_end(self, member="a", *options):
        return self.succeed(*self.run_arguments(member, "--until-end", *options))

    def start(self, member, *options, command="run"):
        """Starts a member that runs until it is told to stop."""
        log = open(self.log_path(member), "ab")
        process = subprocess.Popen(
            [PROGRAM, *map(str, self.run_arguments(member, *options, command=command)), *self.log],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.directory,
        )
        log.close()
        self.processes.append(process)
        return process

    def stop(self, process):
        """Asks a member to stop, which it must do well."""
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0, self.logs()

    def kill_all(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()

    def logs(self):
        return "\n".join(
            f"--- {path.name}\n{path.read_text()[-4000:]}" for path in sorted(self.directory.glob("*.log")))

    def log_of(self, member):
        return self.log_path(member).read_text()

    def log_path(self, member):
        return self.directory / f"{member}.log"

    def snapshots(self, *options):
        return self.succeed("snapshots", *options).splitlines()


def kafka_log(bootstrap_servers, prefix, properties=()):
    """The options that name a log in Kafka."""
    options = ["--bootstrap-servers", bootstrap_servers, "--topic-prefix", prefix]
    for key, value in dict(properties).items():
        options += ["--kafka-property", f"{key}={value}"]
    return options


def environment(name):
    return os.environ.get(name) or None
