"""The kernel's end of the process that cells run in."""

import ctypes
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path

from .output import Output

PR_SET_CHILD_SUBREAPER = 36
BACKTRACE = (
    "enable=yes,color=no,interactive=no,threads=crashed,registers=none,images=none,limit=16,"
    "sanitize=no,output-to=stderr")


def missing_system_calls():
    """What this system lacks, in words; the kernel works without, but less well."""
    missing = []
    if not hasattr(os, "pidfd_open") or _pidfd(os.getpid(), closes=True) is None:
        missing.append("no pidfd_open: the end of a cell's process is noticed a little later")
    if not _adopt_orphans():
        missing.append(
            "no prctl(PR_SET_CHILD_SUBREAPER): after a crash the restored process is not the kernel's "
            "child, and outlives a kernel that is killed while a cell runs")
    return missing


def _adopt_orphans():
    """A restored process's parent is dead: let it become this process's child."""
    try:
        return ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    except AttributeError:
        return False


def _pidfd(pid, closes=False):
    try:
        file = os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None
    if closes:
        os.close(file)
    return file


class HostFailed(Exception):
    """The process did not start."""


class HostProcess:
    """Starts the process, sends it cells, hears its events and notices its end."""

    def __init__(self, library):
        commands, self._commands = os.pipe()
        self._events, events = os.pipe()
        answers, self._answers = os.pipe()
        out, write_out = os.pipe()
        errors, write_errors = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-E", str(Path(__file__).with_name("host.py")), str(library),
             str(commands), str(events), str(answers), str(os.getpid())],
            stdin=subprocess.DEVNULL, stdout=write_out, stderr=write_errors,
            pass_fds=(commands, events, answers), start_new_session=True,
            env=dict(os.environ, SWIFT_BACKTRACE=BACKTRACE))
        for file in (commands, events, answers, write_out, write_errors):
            os.close(file)
        self.output = Output({"stdout": out, "stderr": errors})
        self._buffer = b""
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._events, selectors.EVENT_READ)
        for file in self.output.files.values():
            self._selector.register(file, selectors.EVENT_READ)
        self.pid, self._pidfd = None, None
        self.watch(self._process.pid)
        self._await_start()

    def _await_start(self):
        said = []
        self.output.begin(lambda name, text: said.append(text))
        event = self.wait_for("ready", 60)
        if event is None:
            self.output.end()
            self.close()
            raise HostFailed("the process for cells did not start:\n" + "".join(said))

    def watch(self, pid):
        """This process runs cells from now on."""
        if self._pidfd is not None:
            self._selector.unregister(self._pidfd)
            os.close(self._pidfd)
        self.pid, self._pidfd, self.status = pid, _pidfd(pid), None
        if self._pidfd is not None:
            self._selector.register(self._pidfd, selectors.EVENT_READ)

    def poll(self, seconds):
        """Waits for something to happen; passes output on and returns the events, in order."""
        self._selector.select(seconds)
        found = []
        for event in self._read_events():
            found.append(event)
        self.output.drain()
        if self._is_dead():
            self.output.drain()
            found += self._read_events()
            found.append({"event": "died"})
        return found

    def wait_for(self, wanted, seconds):
        """The next event of a kind; None if there is none in time, or the process dies."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for event in self.poll(min(left, 0.1)):
                if event["event"] == wanted:
                    return event
                if event["event"] == "died" and wanted == "ready":
                    return None
        return None

    def _read_events(self):
        """The events that are complete by now."""
        while self._selector_has(self._events):
            chunk = os.read(self._events, 1 << 16)
            if not chunk:
                break
            self._buffer += chunk
        *lines, self._buffer = self._buffer.split(b"\n")
        return [json.loads(line) for line in lines]

    @staticmethod
    def _selector_has(file):
        with selectors.DefaultSelector() as one:
            one.register(file, selectors.EVENT_READ)
            return bool(one.select(0))

    def _is_dead(self):
        if self.status is not None:
            return False  # said already
        try:
            if self.pid == self._process.pid:
                self.status = self._process.poll()
            else:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                self.status = os.waitstatus_to_exitcode(status) if pid else None
        except ChildProcessError:  # adopted by another process: nobody tells how it ended
            self.status = None if self._exists() else 0
        return self.status is not None

    def _exists(self):
        try:
            os.kill(self.pid, 0)
            return True
        except ProcessLookupError:
            return False

    def run(self, library, entry):
        """Has a cell run."""
        os.write(
            self._commands, (json.dumps({"library": library, "entry": entry}) + "\n").encode())

    def answer(self):
        """Lets the cell go on that waits for its event to be noticed."""
        os.write(self._answers, b"a")

    def signal(self, number):
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            pass

    @property
    def ending(self):
        """How the process ended, in words."""
        if self.status is not None and self.status < 0:
            return f"signal {-self.status} ({signal.Signals(-self.status).name})"
        return f"exit({self.status})"

    def close(self):
        """Ends the process."""
        if self.status is None:
            self.signal(signal.SIGKILL)
            end = time.monotonic() + 5
            while not self._is_dead() and self.status is None and time.monotonic() < end:
                time.sleep(0.002)
        self._process.poll()
        self._selector.close()
        if self._pidfd is not None:
            os.close(self._pidfd)
        for file in (self._commands, self._events, self._answers, *self.output.files.values()):
            os.close(file)
