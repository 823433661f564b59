"""Members of the group, and who starts them again."""

import shutil
import signal
import threading

from program import PATIENCE


class Member:
    """A process of the application that is to run, unless it was made to end. Any thread may use it."""

    def __init__(self, application, name, options):
        self.name = name
        # How often it ended by itself and was started again.
        self.restarts = 0
        self._application = application
        self._options = options
        self._log = application.log_path(name)
        self._lock = threading.RLock()
        self._process = None
        # Where the process that runs begins in the log, in bytes.
        self._beginning = 0
        self._is_wanted = False

    def start(self):
        with self._lock:
            self._beginning = self._log.stat().st_size if self._log.exists() else 0
            self._process = self._application.start(self.name, *self._options)
            self._is_wanted = True

    def mend(self):
        """Starts it again if it ended by itself, as what supervises services does. It may end when it finds no broker,
        but not crash."""
        with self._lock:
            if not self._is_wanted:
                return
            code = self._process.poll()
            if code is not None:
                assert code == 1, f"member {self.name} ended by itself with {code}"
                self.restarts += 1
                print(f"member {self.name} ended by itself: {self._output().decode(errors='replace')[-500:]}", flush=True)
                self.start()

    @property
    def is_up(self):
        """Whether it has found the brokers and heeds signals."""
        with self._lock:
            return self._process.poll() is None and b"aggregating " in self._output()

    def _output(self):
        """What the process has written since it was started last."""
        with open(self._log, "rb") as log:
            log.seek(self._beginning)
            return log.read()

    def kill(self):
        with self._lock:
            self._is_wanted = False
            self._process.kill()
            self._process.wait()

    def forget(self):
        """Deletes all that it has written to its disk."""
        shutil.rmtree(self._application.states / f"state-{self.name}", ignore_errors=True)

    def ask_to_end(self, codes=(0,)):
        """Sends SIGTERM; it must end with one of these exit codes."""
        with self._lock:
            self._is_wanted = False
            self._process.send_signal(signal.SIGTERM)
            code = self._process.wait(PATIENCE)
            assert code in codes, f"member {self.name} ended with {code} after SIGTERM"

    def pause(self):
        self._process.send_signal(signal.SIGSTOP)

    def resume(self):
        self._process.send_signal(signal.SIGCONT)


class Members:
    """Members by number, each with a state directory and a name of its own, watched while in the context."""

    def __init__(self, application, count, is_static):
        self._application = application
        self._is_static = is_static
        self._names = iter("abcdefghijklmnopqrstuvwxyz")
        self._former = []
        self._is_over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._failure = None
        self.list = [self.make(number) for number in range(count)]

    def make(self, number):
        """A process that is the member of this number; who it was before lives on, if it does."""
        options = ["--checkpoint-interval", "1"]
        if self._is_static:
            options += ["--instance-id", f"member-{number}"]
        return Member(self._application, next(self._names), options)

    def replace(self, number):
        """Starts another process in the place of the member of this number; returns the former one."""
        former, self.list[number] = self.list[number], self.make(number)
        self._former.append(former)
        self.list[number].start()
        return former

    @property
    def restarts(self):
        return sum(member.restarts for member in self.list + self._former)

    def __enter__(self):
        for member in self.list:
            member.start()
        self._watcher.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        self._watcher.join()
        self._application.kill_all()

    def are_up(self):
        self.check()
        return all(member.is_up for member in self.list)

    def check(self):
        """Raises what the watch has found."""
        if self._failure:
            raise self._failure

    def _watch(self):
        try:
            while not self._is_over.wait(0.2):
                for member in list(self.list):
                    member.mend()
        except AssertionError as failure:
            self._failure = failure
