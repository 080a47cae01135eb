"""Finds the Swift toolchain and says what is missing of it."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

OLDEST = (6, 2)  # the package's own need; the parser's JSON came with 6.1


class ToolchainError(Exception):
    """No toolchain, or one that cannot run cells."""


class Toolchain:
    """The compiler, the linker and the runtime's folders."""

    def __init__(self, swiftc=None):
        swiftc = swiftc or os.environ.get("ANNEAL_SWIFTC") or shutil.which("swiftc")
        if not swiftc:
            raise ToolchainError(
                "no Swift toolchain: 'swiftc' is not on the PATH; install one from "
                "https://www.swift.org/install, or name it in the environment variable ANNEAL_SWIFTC"
            )
        info = self._target_info(swiftc)
        # A `swiftc` may be a launcher that picks a toolchain; the resources are beside the real one.
        self.bin = Path(info["paths"]["runtimeResourcePath"]).parent.parent / "bin"
        self.target = info["target"]["triple"]
        self.runtime = Path(info["paths"]["runtimeLibraryPaths"][0])
        self.startup = self.runtime / info["target"]["arch"] / "swiftrt.o"
        host = self.runtime.parent / "host"
        self.plugins = [
            "-plugin-path", host / "plugins",
            "-in-process-plugin-server-path", host / "libSwiftInProcPluginServer.so",
        ]
        self.version = self._version(info.get("compilerVersion", ""))
        self._check_tools()
        self._check_parser()

    @staticmethod
    def _target_info(swiftc):
        try:
            done = subprocess.run(
                [swiftc, "-print-target-info"], capture_output=True, text=True, timeout=60)
            return json.loads(done.stdout)
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            raise ToolchainError(f"'{swiftc} -print-target-info' does not answer: {error}") from error

    @staticmethod
    def _version(text):
        found = re.search(r"Swift version (\d+)\.(\d+)", text)
        version = tuple(map(int, found.groups())) if found else (0, 0)
        if version < OLDEST:
            raise ToolchainError(
                f"expected Swift {'.'.join(map(str, OLDEST))} or later, found: {text or 'no version'}")
        return version

    def _check_tools(self):
        for name in ["swift-frontend", "swift-autolink-extract", "ld.lld", "swift"]:
            if not (self.bin / name).exists():
                raise ToolchainError(f"the toolchain in {self.bin} has no '{name}', which cells need")
        if not self.startup.exists():
            raise ToolchainError(
                f"the toolchain has no {self.startup}: cells are loaded as ELF libraries, which is "
                "what Linux has; on other systems use the command line, 'anneal'")

    def _check_parser(self):
        with tempfile.NamedTemporaryFile("w", suffix=".swift") as file:
            file.write("1\n")
            file.flush()
            done = self.run(
                "swift-frontend", "-frontend", "-dump-parse", "-dump-ast-format", "json", file.name)
        try:
            json.loads(done.stdout)["items"]
        except (ValueError, KeyError) as error:
            raise ToolchainError(
                "this toolchain's parser writes no JSON (-dump-parse -dump-ast-format json), which "
                f"Swift 6.1 and later do; it says: {done.stderr.strip()[:200]}") from error

    @property
    def language_server(self):
        """The path of sourcekit-lsp; None where the toolchain has none."""
        path = self.bin / "sourcekit-lsp"
        return path if path.exists() else None

    def run(self, tool, *arguments, **options):
        """Runs a tool to its end and keeps what it prints."""
        return subprocess.run(
            [str(self.bin / tool), *map(str, arguments)], capture_output=True, text=True,
            errors="replace", stdin=subprocess.DEVNULL, **options)
