"""The process that cells run in: loads each compiled cell and calls its entry point.

Before a cell runs, the process forks a copy of itself that sleeps. If the cell brings the process down, by a
trap or because somebody has ended it, the copy wakes and carries on with the state from before the cell.
It is started as a file with `python -S -E`, and imports nothing of this package.
"""

import ctypes
import json
import os
import signal
import sys
import time

PR_SET_PDEATHSIG = 1


def emit(file, **event):
    os.write(file, (json.dumps(event) + "\n").encode())


def thread_count():
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 1


def end_with_parent(parent=None):
    """A cell that never ends must not outlive the kernel.

    A copy that has woken asks for this when its first cell comes: until the process before it has died
    entirely, that death could still count as the parent's.
    """
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except AttributeError:
        return
    if parent is not None and os.getppid() != parent:  # it has died before the call
        os._exit(1)


def checkpoint():
    """Returns whether this is the copy, woken, and what ends the copy.

    In the running process that is False and a function; the copy returns only when the process has died.
    """
    reader, writer = os.pipe()
    dying = os.getpid()  # the copy may begin after a short cell's end
    copy = os.fork()
    if copy == 0:
        os.close(writer)
        if os.read(reader, 1):
            os._exit(0)
        os.close(reader)
        while os.getppid() == dying:  # its files are closed before it is gone
            time.sleep(0.001)
        return True, None
    os.close(reader)

    def release():
        os.write(writer, b"k")
        os.close(writer)
        os.waitpid(copy, 0)

    return False, release


def run(runtime, command, events):
    is_copy, release = checkpoint()
    if is_copy:
        emit(events, event="restored", pid=os.getpid())
        return
    emit(events, event="started", threads=thread_count())
    try:
        cell = ctypes.CDLL(command["library"], mode=ctypes.RTLD_GLOBAL)
        has_thrown = runtime.notebook_run(getattr(cell, command["entry"]))
        emit(events, event="done", status="threw" if has_thrown else "ok")
    except (OSError, AttributeError) as error:
        emit(events, event="done", status="unloadable", text=str(error))
    release()


def main():
    library, commands, events, answers, parent = sys.argv[1], *map(int, sys.argv[2:6])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(parent)
    runtime = ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
    runtime.notebook_open(events, answers)
    emit(events, event="ready")
    with os.fdopen(commands, "rb", buffering=0) as lines:
        while line := lines.readline():
            end_with_parent()
            run(runtime, json.loads(line), events)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # the kernel has gone
        os._exit(0)
