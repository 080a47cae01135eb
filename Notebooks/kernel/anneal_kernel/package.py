"""The package's build: the library that cells link and the modules that they import."""

import os
import re
import subprocess
from pathlib import Path

PRODUCT = "AnnealNotebook"
C_MODULES = ["CKernels", "CNotebook"]
# What a cell may import, as the product's targets say.
MODULES = [
    "Schedules", "Plotting", "Training", "Studies", "Datasets", "Networks", "CPUBackend", "Kernels",
    "Tensors"]


class BuildError(Exception):
    """The package does not build, or is not there."""


class Build:
    """What `swift build` has written."""

    def __init__(self, folder, module_cache):
        self.folder, self.module_cache = Path(folder), Path(module_cache)
        self.library = self.folder / f"lib{PRODUCT}.so"
        self.modules = self.folder / "Modules"

    @property
    def module_maps(self):
        """Of the modules in C that the others are made of."""
        paths = [self.folder / f"{name}.build" / "module.modulemap" for name in C_MODULES]
        return [path for path in paths if path.exists()]


def package_folder():
    """The package's folder: named by ANNEAL_PACKAGE, or the one that this file is in."""
    named = os.environ.get("ANNEAL_PACKAGE")
    folder = Path(named) if named else Path(__file__).resolve().parents[3]
    if not (folder / "Package.swift").exists():
        raise BuildError(
            f"expected Anneal's package in {folder}, found no Package.swift there; "
            "install the kernel again with: anneal notebook install")
    return folder


def module_of(name):
    """The module of the package that declares a public name at its top level; None where none does."""
    declares = re.compile(
        rf"^public (?:final )?(?:struct|enum|class|protocol|typealias|func|let|actor) {re.escape(name)}\b",
        re.M)
    try:
        sources = package_folder() / "Sources"
    except BuildError:
        return None
    for module in MODULES:
        for path in sorted((sources / module).rglob("*.swift")):
            if declares.search(path.read_text(encoding="utf-8")):
                return module
    return None


def build(toolchain, report):
    """Builds what has changed; `report` is told a line at a time how far it is.

    The environment variable ANNEAL_BUILD names a folder that `swift build` has written elsewhere; then
    nothing is built.
    """
    if ready := os.environ.get("ANNEAL_BUILD"):
        found = Build(Path(ready).resolve(), Path(ready).resolve() / "notebook-modules")
        if not found.library.exists():
            raise BuildError(f"expected {found.library.name} in ANNEAL_BUILD, {found.folder}")
        return found
    package = package_folder()
    folder = package / ".build" / "release"
    found = Build(folder, package / ".build" / "notebook-modules")
    stamp = package / ".build" / f"{PRODUCT}.stamp"
    newest = _newest_change(package, toolchain)
    if found.library.exists() and stamp.exists() and stamp.read_text() == newest:
        return found
    report("building Anneal for notebooks; the first time takes some minutes")
    _run(
        [str(toolchain.bin / "swift"), "build", "-c", "release", "--package-path", str(package),
         "--product", PRODUCT], report)
    stamp.write_text(newest)
    report("")
    return found


def _newest_change(package, toolchain):
    newest = (package / "Package.swift").stat().st_mtime_ns
    for folder, _, files in os.walk(package / "Sources", followlinks=False):
        for name in files:
            newest = max(newest, os.lstat(os.path.join(folder, name)).st_mtime_ns)
    return f"{newest} {toolchain.bin}"


def _run(command, report):
    lines = []
    with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace") as process:
        try:
            for line in process.stdout:
                lines.append(line)
                report(line.strip())
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        errors = [line for line in lines if "error:" in line] or lines[-20:]
        raise BuildError("the package does not build:\n" + "".join(errors))
