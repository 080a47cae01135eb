"""Completion and documentation, by sourcekit-lsp on a file with the imports of the next cell and its text."""

import json
import os
import re
import select
import subprocess
import time


class Editor:
    """A language server that knows what the next cell would see."""

    def __init__(self, compiler):
        self.compiler = compiler
        root = compiler.directory / "editor"
        root.mkdir(exist_ok=True)
        self.file = root / "main.swift"
        self.file.write_text("")
        toolchain = compiler.toolchain
        arguments = [
            str(toolchain.bin / "swiftc"), "-module-name", "main", "-swift-version", "5",
            "-module-cache-path", str(compiler.build.module_cache), *map(str, compiler.search),
            str(self.file)]
        (root / "compile_commands.json").write_text(json.dumps(
            [{"directory": str(root), "file": str(self.file), "arguments": arguments}]))
        # In a session of its own, as an interrupt of the kernel is not meant for it.
        self.process = subprocess.Popen(
            [str(toolchain.language_server)], cwd=root, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, start_new_session=True)
        self.serial, self.version, self.buffer = 0, 0, b""
        self._request(
            "initialize", {"processId": os.getpid(), "rootUri": root.as_uri(), "capabilities": {}}, 20)
        self._send({"method": "initialized", "params": {}})

    def complete(self, code, cursor):
        """What may stand at the cursor: names, without what is in their parentheses."""
        found = self._request("textDocument/completion", self._place(code, cursor), 10) or {}
        items = found.get("items", []) if isinstance(found, dict) else found
        names = [re.split(r"[(<\[]", item.get("filterText") or item["label"])[0] for item in items]
        return [name for name in dict.fromkeys(names) if name]

    def hover(self, code, cursor):
        """The documentation of what is at the cursor, in Markdown; empty for none."""
        found = self._request("textDocument/hover", self._place(code, cursor), 10) or {}
        contents = found.get("contents", "")
        return contents.get("value", "") if isinstance(contents, dict) else str(contents)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def _place(self, code, cursor):
        """Shows the server the cell; returns the cursor's place in what it was shown."""
        header = self.compiler.header(None) + "\n"
        document = {"uri": self.file.as_uri()}
        self.version += 1
        if self.version == 1:
            self._send({"method": "textDocument/didOpen", "params": {"textDocument": {
                **document, "languageId": "swift", "version": 1, "text": header + code}}})
        else:
            self._send({"method": "textDocument/didChange", "params": {
                "textDocument": {**document, "version": self.version},
                "contentChanges": [{"text": header + code}]}})
        before = (header + code[:cursor]).split("\n")
        column = len(before[-1].encode("utf-16-le")) // 2
        return {"textDocument": document, "position": {"line": len(before) - 1, "character": column}}

    # -- The protocol

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def _request(self, method, params, seconds):
        """The answer to a request; None where there is none in time."""
        self.serial += 1
        self._send({"method": method, "params": params, "id": self.serial})
        end = time.monotonic() + seconds
        while (message := self._receive(end - time.monotonic())) is not None:
            if message.get("id") == self.serial and "method" not in message:
                return message.get("result")
            if "id" in message and "method" in message:  # the server asks; there is nothing to offer
                self._send({"id": message["id"], "result": None})
        return None

    def _receive(self, seconds):
        end = time.monotonic() + seconds
        while True:
            head, mark, rest = self.buffer.partition(b"\r\n\r\n")
            if mark:
                length = int(re.search(rb"(?i)content-length: *(\d+)", head)[1])
                if len(rest) >= length:
                    self.buffer = rest[length:]
                    return json.loads(rest[:length])
            left = max(0, end - time.monotonic())
            if not select.select([self.process.stdout], [], [], left)[0]:
                return None
            chunk = self.process.stdout.read(1 << 16)
            if not chunk:
                return None
            self.buffer += chunk
