"""Runs cells one after the other and keeps what they have made."""

import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

from .compiler import CompileError, Compiler
from .diagnostics import without_modules
from .package import build
from .process import HostProcess, missing_system_calls
from .toolchain import Toolchain

GRACE = 3.0  # seconds from asking a cell to stop to ending it
FOLDER = "anneal-cells"


class CellFailed(Exception):
    """A cell that was left by an error, crashed or was interrupted."""

    def __init__(self, name, text):
        super().__init__(text)
        self.name, self.text = name, text


class Session:
    """The compiler and the process, from the first cell to the kernel's end."""

    def __init__(self, report=lambda line: None, warn=lambda line: None):
        self.asked, self.is_forced = None, False
        self.toolchain = Toolchain()
        for line in missing_system_calls():
            warn(line)
        _remove_left_folders()
        ready = build(self.toolchain, report)
        # Others would find the cells' libraries by a name that they can guess.
        self.directory = Path(tempfile.mkdtemp(prefix=f"{FOLDER}-{os.getpid()}-"))
        try:
            self.compiler = Compiler(self.toolchain, self.directory, ready)
            self.host = HostProcess(ready.library)
        except BaseException:
            shutil.rmtree(self.directory, ignore_errors=True)
            raise
        self.thread_count = 1

    def close(self):
        """Ends the process and removes what was written."""
        self.host.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    # -- Interrupts

    def interrupt(self, *_):
        """Asks the running cell to stop; a second time, or `GRACE` later, it is ended."""
        if self.asked is None:
            self.asked = time.monotonic()
            host = getattr(self, "host", None)
            if host:
                host.signal(signal.SIGINT)
        else:
            self.is_forced = True

    def _is_overdue(self):
        return self.asked is not None and (
            self.is_forced or time.monotonic() - self.asked > GRACE)

    # -- Cells

    def run(self, code, number, cell_id, send):
        """Compiles and runs a cell; `send(event)` is told what it shows.

        Raises CompileError or CellFailed.
        """
        self.asked, self.is_forced = None, False
        try:
            cell = self.compiler.compile(code, number, cell_id)
        except CompileError:
            if self.asked is None:
                raise
            cell = None
        if self.asked is not None:
            raise CellFailed("Interrupted", "interrupted before the cell ran")
        if cell is None:
            return
        if cell.warnings:
            send({"event": "stream", "name": "stderr", "text": cell.warnings + "\n"})
        self.host.output.begin(
            lambda name, text: send({"event": "stream", "name": name, "text": text}))
        self.host.run(cell.library, cell.entry)
        self._follow(cell, send)

    def _follow(self, cell, send):
        has_result, thrown, restored, is_killed = False, None, None, False
        while True:
            if self._is_overdue() and not is_killed:
                self.host.signal(signal.SIGKILL)
                is_killed = True
            for event in self.host.poll(0.1):
                kind = event["event"]
                if kind == "started":
                    self.thread_count = event["threads"]
                elif kind == "done":
                    self.host.output.end()
                    if not has_result:  # nothing was shown: its value is not worth a name
                        self._forget_result(cell)
                    return self._finish(cell, event, thrown)
                elif kind == "restored":
                    restored = event
                elif kind == "died":
                    self.host.output.end()
                    self._recover(restored, is_killed)
                elif kind == "threw":
                    thrown = event
                    self.host.answer()
                else:
                    has_result = has_result or kind == "execute_result"
                    send(event)
                    self.host.answer()

    @staticmethod
    def _forget_result(cell):
        if not cell.outline.is_quiet:
            cell.outline.names.pop(f"_{cell.number}", None)

    def _finish(self, cell, event, thrown):
        if event["status"] == "ok":
            self.compiler.accept(cell)
            return
        if event["status"] == "unloadable":
            raise CellFailed("LinkError", event["text"])
        if self.asked is not None:
            raise CellFailed(
                "Interrupted", "the cell has stopped; variables of earlier cells keep what they reached")
        names = cell.outline.names
        names.pop(f"_{cell.number}", None)
        if "var" not in names.values():  # nothing is left without a value
            self.compiler.accept(cell)
            names = {}
        lost = f"\n(not kept, as the cell did not finish: {', '.join(names)})" if names else ""
        kind = without_modules(thrown["type"]).split(".", 1)[-1] if thrown else "Error"
        text = without_modules(thrown["text"]) if thrown else "an error left the cell"
        raise CellFailed(kind, text + lost)

    def _recover(self, restored, is_killed):
        """The process has died: goes on with its sleeping copy, or starts anew."""
        frames = "".join(f"\n  at {frame}" for frame in self.host.output.frames)
        said = (
            "the cell was interrupted" if is_killed
            else f"the cell ended its process by {self.host.ending}{frames}")
        name = "Interrupted" if is_killed else "Crashed"
        restored = restored or self.host.wait_for("restored", 5)
        if restored:
            self.host.watch(restored["pid"])
            threads = (
                "; other threads were running and are gone: what used them may hang, restart the kernel "
                "before using it" if self.thread_count > 1 else "")
            raise CellFailed(
                name, f"{said}\nall variables are back to their values from before it{threads}")
        library = self.compiler.build.library
        self.host.close()
        self.compiler.forget()
        self.host = HostProcess(library)
        raise CellFailed(
            name, f"{said}\nevery variable is lost, as the process could not be brought back: "
            "run the notebook again from the top")


def _remove_left_folders():
    """Removes what kernels have left that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}-*-*"):
        owner = folder.name.split("-")[2]
        if owner.isdigit() and not Path("/proc", owner).exists() and Path("/proc/self").exists():
            shutil.rmtree(folder, ignore_errors=True)
