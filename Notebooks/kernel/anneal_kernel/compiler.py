"""Turns cells into libraries: a module a cell, each of which sees the names of the earlier ones."""

import re
from dataclasses import dataclass
from pathlib import Path

from .diagnostics import cleaned, published
from .outline import Outline, outline
from .package import module_of


class CompileError(Exception):
    """A cell that cannot be compiled; `text` is what to show."""

    def __init__(self, text):
        super().__init__(text)
        self.text = text


@dataclass
class Cell:
    module: str
    number: int
    outline: Outline
    cell_id: str = None
    library: str = ""
    entry: str = ""
    warnings: str = ""


class Compiler:
    """Compiles and links; knows which cells are alive."""

    def __init__(self, toolchain, directory, build, is_optimizing=False):
        self.toolchain, self.directory, self.build = toolchain, Path(directory), build
        self.is_optimizing = is_optimizing
        self.cells, self.imports, self.count, self.has_linked = [], ["NotebookKit"], 0, False

    @property
    def search(self):
        """Where modules are found."""
        folders = [self.directory, self.build.modules]
        maps = [word for path in self.build.module_maps for word in ("-Xcc", f"-fmodule-map-file={path}")]
        return [word for folder in folders for word in ("-I", folder)] + maps

    # -- What a cell is compiled from

    def header(self, cell_id, code=None):
        """The imports above a cell; the cell that it is a new version of is left out.

        Finding a name costs the compiler time, so variables that `code` does not mention are left out too.
        Types and functions stay: what is written may need them without naming them.
        """
        live = [cell for cell in self.cells if cell_id is None or cell.cell_id != cell_id]
        words = None if code is None else set(re.findall(r"\w+", code))
        owners = {
            name: (kind, cell.module) for cell in live for name, kind in cell.outline.names.items()
            if words is None or kind != "var" or cell.outline.extends or name in words}
        lines = [f"import {module}" for module in self.imports]
        lines += [
            f"@testable import {cell.module}" for cell in live
            if cell.outline.is_whole or (cell.outline.extends and not cell.outline.names)]
        lines += [
            f"@testable import {kind} {module}.{name}" for name, (kind, module) in owners.items()]
        return "\n".join(lines)

    @staticmethod
    def body(code, found, label, result):
        """The cell's text with its last value kept as `result`; also the line and columns of the shift."""
        mark = f'#sourceLocation(file: "{label}", line: '
        if found.last is None:
            return f"{mark}1)\n{code}\n", (0, 0)
        raw = code.encode()
        before, rest = raw[:found.last].decode(), raw[found.last:].decode()
        line = before.count("\n") + 1
        indent = before.rpartition("\n")[2]
        if line > 1 and not indent.strip():
            text = f"{mark}1)\n{before}\n{mark}{line - 1})\nlet {result} =\n{indent}{rest}\n"
            shift = (0, 0)
        else:
            text = f"{mark}1)\n{before}let {result} = {rest}\n"
            shift = (line, len(f"let {result} = "))
        shown = "" if found.is_quiet else f"notebookShow({result})\n"
        return text + "#sourceLocation()\n" + shown, shift

    # -- Compiling

    def compile(self, code, number, cell_id=None):
        """The cell as a library that can be loaded; None for a cell without code."""
        self.count += 1
        module = f"Cell_{self.count}"
        path = self.directory / f"{module}.swift"
        found = outline(self.toolchain, code, path)
        if found.is_empty:
            return None
        if found.awaits:
            raise CompileError(
                "error: a cell cannot use 'await' at its top level; write 'try wait { await … }' instead")
        cell = Cell(module, number, found, cell_id)
        result = f"_{number}"
        text, raw, has_failed = self._attempt(cell, code, result, path)
        if has_failed and (edited := published(code, raw)):
            cell.outline = outline(self.toolchain, edited, path)
            text, raw, has_failed = self._attempt(cell, edited, result, path)
        if has_failed and cell.outline.last is not None and (f"'{result}'" in raw or "notebookShow" in raw):
            cell.outline.last = None  # a value that cannot be kept, such as one that cannot be copied
            text, raw, has_failed = self._attempt(cell, code, result, path)
        if has_failed:
            raise CompileError(text + self._hints(text, cell.outline))
        if cell.outline.last is not None:
            cell.outline.names[result] = "var"
        cell.warnings = text
        self._link(cell)
        return cell

    def _attempt(self, cell, code, result, path):
        """Compiles; returns the messages for the reader, the compiler's own, and whether it failed."""
        text, shift = self.body(code, cell.outline, f"Cell[{cell.number}]", result)
        path.write_text(self.header(cell.cell_id, text) + "\n" + text, encoding="utf-8")
        base = self.directory / cell.module
        cell.entry = f"{cell.module}_main"
        done = self.toolchain.run(
            "swift-frontend", "-frontend", "-c", "-primary-file", path, "-module-name", cell.module,
            "-target", self.toolchain.target, "-swift-version", "5", "-enable-testing",
            "-enable-bare-slash-regex", *self.toolchain.plugins,
            "-O" if self.is_optimizing else "-Onone", "-g", "-enforce-exclusivity=checked",
            "-entry-point-function-name", cell.entry, "-module-cache-path", self.build.module_cache,
            *self.search, "-emit-module-path", f"{base}.swiftmodule", "-o", f"{base}.o",
            "-disable-autolinking-runtime-compatibility", "-diagnostic-style", "llvm",
            cwd=self.directory)
        raw, has_failed = done.stdout + done.stderr, done.returncode != 0
        return cleaned(raw, code, result, shift) or (raw if has_failed else ""), raw, has_failed

    def _hints(self, text, found):
        hints = ""
        old = sorted(set(self.names()) & set(found.names))
        if "error: circular reference" in text and old:
            hints += (
                f"\nhint: a cell cannot compute a new '{old[0]}' from the old one by its bare name; "
                f"assign to a 'var', or write {self.home(old[0])}.{old[0]}")
        unknown = dict.fromkeys(re.findall(r"cannot find (?:type )?'(\w+)' in scope", text))
        for name in list(unknown)[:3]:
            module = module_of(name)
            if module and module not in self.imports:
                hints += f"\nhint: '{name}' is in {module}: import {module}"
        if "error: redundant conformance" in text:
            hints += (
                "\nhint: a conformance from an earlier cell stays for the session; declare it in the "
                "cell of its type and run that cell again")
        return hints

    def _link(self, cell):
        base = self.directory / cell.module
        cell.library = f"{base}.so"
        runtime, flags = self.toolchain.runtime, []
        if cell.outline.imports or not self.has_linked:  # the rest is in the process already
            autolink = Path(f"{base}.autolink")
            self.toolchain.run("swift-autolink-extract", f"{base}.o", "-o", autolink)
            words = dict.fromkeys(autolink.read_text().split()) if autolink.exists() else {}
            flags = [
                word for word in words
                if word.startswith("-l") and (runtime / f"lib{word[2:]}.so").exists()]
        done = self.toolchain.run(
            "ld.lld", "-shared", "-o", cell.library, f"{base}.o", self.toolchain.startup,
            "-L", runtime, "-rpath", runtime, "--no-as-needed", *flags, "--as-needed",
            "-lswiftSwiftOnoneSupport")
        if done.returncode:
            raise CompileError(done.stderr)
        self.has_linked = True

    # -- What later cells see

    def accept(self, cell):
        """The cell has run to its end: later cells see its names."""
        if cell.cell_id is not None:
            self.cells = [other for other in self.cells if other.cell_id != cell.cell_id]
        self.cells.append(cell)
        for module in cell.outline.imports:
            if module not in self.imports:
                self.imports.append(module)

    def forget(self):
        """No earlier cell is there any more."""
        self.cells.clear()
        self.has_linked = False

    def home(self, name):
        """The module of the newest thing of this name."""
        return next(c.module for c in reversed(self.cells) if name in c.outline.names)

    def names(self):
        """The names that cells see, with their kinds."""
        return {name: kind for cell in self.cells for name, kind in cell.outline.names.items()}
