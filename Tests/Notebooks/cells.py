"""A kernel under test: runs cells and collects what they show."""

import queue
import time
from dataclasses import dataclass, field

from jupyter_client.manager import start_new_kernel

NAME = "anneal-swift"


@dataclass
class Shown:
    """What one cell has shown."""

    stdout: str = ""
    stderr: str = ""
    result: str = None
    data: list = field(default_factory=list)  # MIME bundles of displays and results, as they are at the end
    updates: int = 0
    error: str = ""  # its name
    text: str = ""  # the traceback, without colours
    seconds: float = 0
    number: int = 0  # the cell's, as the kernel counts


def plain(text):
    """Without colours."""
    return text.replace("\x1b[31m", "").replace("\x1b[0m", "")


class KernelUnderTest:
    def __init__(self, name=NAME):
        self.manager, self.client = start_new_kernel(kernel_name=name, startup_timeout=120)

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()

    def send(self, code, cell_id=None):
        session = self.client.session
        message = session.msg(
            "execute_request",
            {"code": code, "silent": False, "store_history": True, "user_expressions": {},
             "allow_stdin": False, "stop_on_error": True},
            metadata={"cellId": cell_id} if cell_id else {})
        self.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def run(self, code, cell_id=None, interrupt_after=None, seconds=300):
        """Runs a cell to its end; interrupts it once it has run so long, or printed such a line."""
        start = time.monotonic()
        wanted = self.send(code, cell_id)
        shown, places = Shown(), {}
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=0.2)
            except queue.Empty:
                message = None
            now = time.monotonic() - start
            if isinstance(interrupt_after, (int, float)) and now > interrupt_after:
                self.manager.interrupt_kernel()
                interrupt_after = None
            if now > seconds:
                raise TimeoutError(f"the cell has not ended after {seconds} s: {code[:60]}")
            if message is None or message["parent_header"].get("msg_id") != wanted:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            self._note(kind, content, shown, places)
            if isinstance(interrupt_after, str) and interrupt_after in shown.stdout:
                self.manager.interrupt_kernel()
                interrupt_after = None
        self._reply(wanted)
        shown.seconds = time.monotonic() - start
        return shown

    @staticmethod
    def _note(kind, content, shown, places):
        if kind == "execute_input":
            shown.number = content["execution_count"]
        elif kind == "stream":
            setattr(shown, content["name"], getattr(shown, content["name"]) + content["text"])
        elif kind in ("execute_result", "display_data"):
            shown.data.append(content["data"])
            place = content.get("transient", {}).get("display_id")
            if place:
                places[place] = len(shown.data) - 1
            if kind == "execute_result":
                shown.result = content["data"].get("text/plain")
        elif kind == "update_display_data":
            shown.updates += 1
            place = content["transient"]["display_id"]
            if place in places:
                shown.data[places[place]] = content["data"]
        elif kind == "error":
            shown.error, shown.text = content["ename"], plain("\n".join(content["traceback"]))

    def ask(self, kind, code, cursor=None, seconds=60):
        """A completion or an inspection."""
        return self._reply(
            getattr(self.client, kind)(code, len(code) if cursor is None else cursor), seconds)

    def _reply(self, wanted, seconds=60):
        while True:
            message = self.client.get_shell_msg(timeout=seconds)
            if message["parent_header"].get("msg_id") == wanted:
                return message["content"]
