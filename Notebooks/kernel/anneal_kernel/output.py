"""What a cell prints: decoded, limited, and with a crash's backtrace kept apart."""

import codecs
import os
import re

LIMIT = 1_000_000  # bytes a cell, beyond which a front end is of no use any more
MARK = "*** Signal "  # how the runtime's backtrace begins
FRAME = re.compile(r" in \S+\.so at \S*/?(Cell\[\d+\]:\d+):\d+")


class Output:
    """The two streams of the process that cells run in; `send(name, text)` is told what to show."""

    def __init__(self, files):
        self.files = files
        self.begin(lambda name, text: None)
        for file in files.values():
            os.set_blocking(file, False)

    def begin(self, send):
        """A new cell prints."""
        self.send = send
        self.trace, self.held = "", ""
        self.sent, self.dropped = 0, 0
        decoder = codecs.getincrementaldecoder("utf-8")
        self.decoders = {name: decoder(errors="replace") for name in self.files}

    def drain(self):
        """Passes on everything that has been printed by now."""
        for name, file in self.files.items():
            while True:
                try:
                    chunk = os.read(file, 1 << 16)
                except BlockingIOError:
                    break
                if not chunk:
                    break
                self._take(name, chunk)

    def _take(self, name, chunk):
        room = max(0, LIMIT - self.sent)
        self.sent += min(len(chunk), room)
        self.dropped += max(0, len(chunk) - room)
        text = self.decoders[name].decode(chunk[:room]) if room or self.trace else ""
        if name == "stderr":
            text = self._without_trace(text)
        if text:
            self.send(name, text)

    def _without_trace(self, text):
        """Holds a crash's long backtrace back, of which `frames` are the part for the reader."""
        if self.trace:
            self.trace += text
            return ""
        text, self.held = self.held + text, ""
        shown, mark, rest = text.partition(MARK)
        self.trace = mark + rest
        if mark:
            shown = shown.rstrip("\n") + "\n" if shown.strip() else ""
        else:
            keep = next((n for n in range(len(MARK), 0, -1) if text.endswith(MARK[:n])), 0)
            shown, self.held = text[:len(text) - keep], text[len(text) - keep:]
        return shown

    def end(self):
        """The cell prints nothing more."""
        self.drain()
        if self.held:
            self.send("stderr", self.held)
            self.held = ""
        if self.dropped:
            self.send("stderr", f"\n(the cell printed more: {self.dropped} bytes are left out)\n")
            self.dropped = 0

    @property
    def frames(self):
        """The cells' lines in the backtrace of a crash, innermost first."""
        return list(dict.fromkeys(FRAME.findall(self.trace)))
