"""The Jupyter side: messages of the protocol to and from a session."""

import re
import signal
import threading
import uuid

from ipykernel.kernelbase import Kernel

from . import __version__
from .commands import CommandError, obey, taken_out
from .compiler import CompileError
from .diagnostics import without_modules
from .editor import Editor
from .package import BuildError
from .process import HostFailed
from .session import CellFailed, Session
from .toolchain import ToolchainError

RED, RESET = "\x1b[31m", "\x1b[0m"


class SwiftKernel(Kernel):
    implementation = "anneal_kernel"
    implementation_version = __version__
    banner = "Swift with Anneal: every cell is compiled"
    language_info = {
        "name": "swift", "mimetype": "text/x-swift", "file_extension": ".swift",
        "codemirror_mode": "swift", "pygments_lexer": "swift"}
    swift, editor = None, None

    # -- Cells

    def do_execute(
            self, code, silent, store_history=True, user_expressions=None, allow_stdin=False, *,
            cell_meta=None, cell_id=None):
        try:
            commands, code = taken_out(code)
            with self._interrupts():
                session = self._session(silent)
                for words in commands:
                    self._publish(silent, {
                        "event": "stream", "name": "stdout",
                        "text": obey(words, session.compiler) + "\n"})
                if code.strip():
                    session.run(
                        code, self.execution_count, cell_id,
                        lambda event: self._publish(silent, event))
        except CompileError as error:
            shown = re.sub(r"(?m)^(.*\berror: .*)$", RED + r"\1" + RESET, error.text)
            return self._fail("CompileError", error.text, shown)
        except CellFailed as error:
            return self._fail(error.name, error.text)
        except (ToolchainError, BuildError, HostFailed, CommandError) as error:
            return self._fail(type(error).__name__, str(error))
        except KeyboardInterrupt:
            return self._fail("Interrupted", "interrupted before the cell ran")
        return {
            "status": "ok", "execution_count": self.execution_count, "payload": [],
            "user_expressions": {}}

    def _session(self, silent=False):
        """The session; the first cell begins it."""
        if self.swift is None:
            progress = _BuildProgress(lambda event: self._publish(silent, event))
            self.swift = Session(progress.report, progress.warn)
        return self.swift

    def _interrupts(self):
        return _Interrupts(lambda: self.swift)

    def _publish(self, silent, event):
        if silent:
            return
        kind = event["event"]
        if kind == "stream":
            self.send_response(
                self.iopub_socket, "stream", {"name": event["name"], "text": event["text"]})
        elif kind == "clear":
            self.send_response(self.iopub_socket, "clear_output", {"wait": event["wait"]})
        else:
            data = dict(event["data"])
            if "text/plain" in data:
                data["text/plain"] = without_modules(data["text/plain"])
            content = {"data": data, "metadata": {}}
            if kind == "execute_result":
                content["execution_count"] = self.execution_count
            if "id" in event:
                content["transient"] = {"display_id": event["id"]}
            self.send_response(self.iopub_socket, kind, content)

    def _fail(self, name, text, shown=None):
        shown = shown or f"{RED}{name}: {text}{RESET}"
        content = {"ename": name, "evalue": text, "traceback": shown.split("\n")}
        self.send_response(self.iopub_socket, "error", content)
        return {"status": "error", "execution_count": self.execution_count, **content}

    # -- The editor

    def _ask(self, question, code, cursor):
        """The language server's answer; None where there is no server, or not yet a session."""
        try:
            session = self._session(silent=True)
            if session.toolchain.language_server is None:
                return None
            if self.editor is None:
                self.editor = Editor(session.compiler)
            return getattr(self.editor, question)(code, cursor)
        except (ToolchainError, BuildError, HostFailed, OSError, ValueError) as error:
            self.log.warning("no %s: %s", question, error)
            if self.editor:
                self.editor.close()
                self.editor = None
            return None

    def do_complete(self, code, cursor_pos):
        start = cursor_pos
        while start and (code[start - 1].isalnum() or code[start - 1] in "_$"):
            start -= 1
        typed = code[start:cursor_pos].lower()
        names = self._ask("complete", code, cursor_pos) or []
        return {
            "status": "ok", "matches": [name for name in names if name.lower().startswith(typed)],
            "cursor_start": start, "cursor_end": cursor_pos, "metadata": {}}

    def do_inspect(self, code, cursor_pos, detail_level=0, omit_sections=()):
        text = without_modules(self._ask("hover", code, cursor_pos) or "")
        data = {"text/markdown": text, "text/plain": text} if text else {}
        return {"status": "ok", "found": bool(text), "data": data, "metadata": {}}

    # -- The end

    def do_shutdown(self, restart):
        for part in [self.editor, self.swift]:
            if part:
                part.close()
        self.editor = self.swift = None
        return {"status": "ok", "restart": restart}


class _Interrupts:
    """Hands interrupts to the session while a cell runs."""

    def __init__(self, session):
        self.session, self.old = session, None

    def __enter__(self):
        if threading.current_thread() is threading.main_thread():
            self.old = signal.signal(signal.SIGINT, self.handle)

    def handle(self, *_):
        session = self.session()
        if session is None:
            raise KeyboardInterrupt
        session.interrupt()

    def __exit__(self, *_):
        if self.old is not None:
            signal.signal(signal.SIGINT, self.old)


class _BuildProgress:
    """Shows the build's last line in the first cell's output."""

    def __init__(self, publish):
        self.publish, self.id = publish, None

    def report(self, line):
        text = line or "built"
        kind = "update_display_data" if self.id else "display_data"
        self.id = self.id or f"anneal-build-{uuid.uuid4()}"
        self.publish({"event": kind, "data": {"text/plain": text}, "id": self.id})

    def warn(self, line):
        self.publish({"event": "stream", "name": "stderr", "text": f"{line}\n"})
