"""The Swift kernel, by its own protocol: odd cells, interrupts, displays, an editor's questions, latency.

    .build/release/anneal notebook install --venv venv
    venv/bin/python Tests/Notebooks/check_kernel.py

After every odd cell the session is alive and a variable of the first cell is what it was.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time

try:
    from jupyter_client.kernelspec import KernelSpecManager
except ImportError:
    print("skipped: jupyter_client is not installed")
    sys.exit(0)

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cells import NAME, KernelUnderTest
from odd_cells import CASES

LATENCY, FIRST = 0.3, 3.0  # seconds, on a machine of its own
PARSING = 0.06
TOOLCHAIN = """
from anneal_kernel.toolchain import Toolchain, ToolchainError
try: Toolchain()
except ToolchainError as error: print(error)
"""


class Checks:
    """Runs its methods that are called check_…, and counts what they expect."""

    def __init__(self, kernel):
        self.kernel, self.count, self.failures = kernel, 0, []
        self.number, self.name = 0, ""

    def expect(self, condition, message):
        self.count += 1
        if not condition:
            self.failures.append(f"{self.name}: {message}")
            print(f"FAILED {self.failures[-1]}", flush=True)

    def cell(self, code, **options):
        """Runs a cell and counts it as the kernel does."""
        shown = self.kernel.run(code, **options)
        self.number = shown.number
        return shown

    def run(self):
        for name in [name for name in dir(self) if name.startswith("check_")]:
            self.name = name.removeprefix("check_").replace("_", " ")
            try:
                getattr(self, name)()
            except Exception as error:  # A step that cannot be taken is a failure like others.
                self.expect(False, f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}")


class KernelChecks(Checks):
    def alive(self):
        shown = self.cell("witness")
        self.expect(shown.result == "12345", f"the session is dead: {shown.result} {shown.text}")

    def check_a_first_cell(self):
        """Is the first: the others find the variable."""
        shown = self.cell("let witness = 12345\nwitness")
        self.expect(shown.result == "12345", f"found {shown}")
        print(f"first cell: {shown.seconds:.2f} s")
        self.first = shown.seconds

    def check_b_odd_cells(self):
        for case in CASES:
            self.name = f"odd cell '{case.name}'"
            for code in case.cells:
                name = None
                if code.startswith("@") and "\n" in code and " " not in code.partition("\n")[0]:
                    head, _, code = code.partition("\n")
                    name = head[1:] if len(head) == 2 else None
                shown = self.cell(code.replace("{last}", str(self.number)), cell_id=name)
            self.judge(case, shown)
            self.alive()
        print(f"{len(CASES)} odd cells in {self.number} cells")

    def check_b_short_cells_that_end_the_process(self):
        """The process may be gone before the copy that it has left has had the processor once."""
        for n in range(30):
            shown = self.cell("import Glibc\nexit(7)")
            self.expect("are back" in shown.text, f"the {n + 1}th cell: {shown.text}")
        self.alive()

    def judge(self, case, shown):
        found = f"found {shown}"
        self.expect(shown.error == case.error, f"expected the error '{case.error}', {found}")
        if case.text is not None:
            text = case.text.replace("{n}", str(self.number))
            self.expect(text in shown.text, f"expected '{text}' in the error, {found}")
        if case.result is not None:
            self.expect(shown.result == case.result, f"expected {case.result}, {found}")
        elif not case.error:
            self.expect(shown.result is None, f"expected no value, {found}")
        if case.out is not None:
            self.expect(shown.stdout == case.out, f"expected to print {case.out!r}, {found}")
        if case.err is not None:
            self.expect(case.err in shown.stderr, f"expected {case.err!r}, {found}")

    # -- Interrupts

    def check_interrupt_of_an_endless_loop(self):
        self.cell("var spins = 0")
        start = time.monotonic()
        shown = self.cell(
            'print("on")\nwhile true { spins &+= 1 }', interrupt_after="on", seconds=60)
        self.expect(shown.error == "Interrupted", f"found {shown}")
        self.expect("variables are back" in shown.text, f"found {shown.text}")
        self.expect(time.monotonic() - start < 30, "an interrupt takes some seconds")
        self.expect(self.cell("spins").result == "0", "the loop is undone")
        self.alive()

    def check_interrupt_of_a_loop_that_asks(self):
        self.cell("var rounds = 0")
        shown = self.cell(
            'print("on")\nwhile true { rounds += 1; try checkInterrupt() }', interrupt_after="on",
            seconds=60)
        self.expect(shown.error == "Interrupted", f"found {shown}")
        self.expect(int(self.cell("rounds").result) > 0, "what the loop has reached is kept")
        self.alive()

    def check_interrupt_of_a_training(self):
        self.cell("import Schedules\nimport Training")
        self.cell(
            'let endless = Recipe(network: "resnet8", data: "synthetic", epochs: 1000, batch: 64,\n'
            "  plan: Plan { Scheduled(.learningRate, .constant(0.01)) })")
        shown = self.cell(
            'print("on")\nlet stopped = try train(endless, isShown: false)\nstopped.log.steps.count',
            interrupt_after="on", seconds=120)
        self.expect(shown.error == "" and shown.result is not None, f"found {shown}")
        self.expect(
            self.cell("stopped.log.steps.count < 31_000").result == "true", "the training has ended")
        self.alive()

    def check_training_after_a_crash(self):
        self.cell("[1][7]")
        shown = self.cell(
            'let short = Recipe(network: "resnet8", data: "synthetic", epochs: 1, batch: 256,\n'
            "  plan: Plan { Scheduled(.learningRate, .constant(0.01)) })\n"
            'try train(short, "short").log.steps.count')
        self.expect(shown.result == "8", f"found {shown}")
        self.expect(shown.updates >= 1, "the training was in view")
        html = shown.data[0].get("text/html", "")
        self.expect("anneal-data" in html, "its last picture is the interactive one")
        self.expect("short: 8 steps, test accuracy" in html, "the result stands above it")

    # -- Displays

    def check_figures(self):
        shown = self.cell("Schedule.oneCycle(peak: 0.4)")
        data = shown.data[0]
        self.expect("anneal-data" in data.get("text/html", ""), "a schedule is an interactive figure")
        self.expect(data.get("image/svg+xml", "").startswith("<svg"), "and a static one")
        self.expect("0.4@30%" in data["text/plain"], f"and its text: {data['text/plain']}")

    def check_updates(self):
        shown = self.cell(
            'let place = DisplayHandle(MIMEBundle(text: "0"))\n'
            'for n in 1...5 { place.update(MIMEBundle(text: "\\(n)")) }')
        self.expect(shown.updates == 5, f"expected 5 updates, found {shown.updates}")
        self.expect(shown.data == [{"text/plain": "5"}], f"found {shown.data}")

    # -- What may be missing

    def python(self, code, **environment):
        """What a Python prints that has the kernel's modules and such an environment."""
        known = KernelSpecManager().get_kernel_spec(NAME).env
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True,
            env={**os.environ, **known, **environment}, timeout=300)
        return done.stdout + done.stderr

    def check_no_toolchain(self):
        said = self.python(TOOLCHAIN, PATH="/nowhere", ANNEAL_SWIFTC="")
        self.expect("no Swift toolchain: 'swiftc' is not on the PATH" in said, f"found {said}")
        said = self.python(TOOLCHAIN, ANNEAL_SWIFTC="/nowhere/swiftc")
        self.expect("'/nowhere/swiftc -print-target-info' does not answer" in said, f"found {said}")

    def check_old_toolchain(self):
        with tempfile.TemporaryDirectory() as folder:
            old = pathlib.Path(folder, "swiftc")
            old.write_text(
                "#!/bin/sh\necho '{\"compilerVersion\": \"Swift version 5.9\", \"target\":"
                " {\"triple\": \"t\", \"arch\": \"a\"}, \"paths\": {\"runtimeResourcePath\":"
                " \"/u/lib/swift\", \"runtimeLibraryPaths\": [\"/u/lib/swift/linux\"]}}'\n")
            old.chmod(0o755)
            said = self.python(TOOLCHAIN, ANNEAL_SWIFTC=str(old))
        self.expect("expected Swift 6.2 or later, found: Swift version 5.9" in said, f"found {said}")

    def check_no_package(self):
        said = self.python(
            """
            from anneal_kernel.package import BuildError, package_folder
            try: package_folder()
            except BuildError as error: print(error)
            """, ANNEAL_PACKAGE="/nowhere")
        self.expect("expected Anneal's package in /nowhere, found no Package.swift" in said, f"found {said}")

    def check_a_system_without_pidfd(self):
        said = self.python(
            """
            from anneal_kernel import process, session
            process._pidfd = lambda pid, closes=False: None
            kernel = session.Session(warn=lambda line: print("warned:", line))
            def run(number, code):
                try: kernel.run(code, number, None, lambda event: print(event.get("data", event)))
                except session.CellFailed as failure: print(failure.name, failure.text)
            run(1, "let kept = 77")
            run(2, "[1][3]")
            run(3, "kept")
            kernel.close()
            """)
        self.expect("warned: no pidfd_open" in said, f"found {said}")
        self.expect("Crashed" in said and "variables are back" in said, f"found {said}")
        self.expect("{'text/plain': '77'}" in said, f"found {said}")

    # -- An editor's questions

    def check_completion(self):
        self.cell("import Schedules\nlet completed = Schedule.constant(1)")
        found = self.kernel.ask("complete", "completed.mirr")
        self.expect("mirrored" in found["matches"], f"found {found}")
        found = self.kernel.ask("complete", "let n = complet")
        self.expect("completed" in found["matches"], "names of earlier cells are there")

    def check_documentation(self):
        code = "Schedule.oneCycle(peak: 1)"
        found = self.kernel.ask("inspect", code, cursor=code.index("oneCycle") + 2)
        text = found["data"].get("text/markdown", "")
        self.expect("oneCycle" in text and "peak" in text, f"found {found}")

    # -- Latency

    def check_a_latency(self):
        """Is the first: a session as it begins."""
        load = self.latency("fresh", "at the beginning")
        self.expect(self.first < FIRST * load, f"expected the first cell in {FIRST * load:.1f} s")

    def check_y_latency(self):
        """What came before does not slow a cell down."""
        self.latency("late", "after hundreds of cells")

    def latency(self, name, when):
        seconds, alone = [], []
        for n in range(30):
            alone.append(self.parsing_alone())
            shown = self.cell(f"let {name}{n} = {n}\n{name}{n} * 2")
            self.expect(shown.result == str(2 * n), f"found {shown}")
            seconds.append(shown.seconds)
        median = statistics.median(seconds)
        # On a machine that others use too, a cell waits for its turn as the compiler alone does.
        load = max(1, statistics.median(alone) / PARSING)
        print(
            f"latency of {len(seconds)} small cells {when}: median {median:.2f} s, "
            f"{min(seconds):.2f} to {max(seconds):.2f} s; the compiler takes "
            f"{statistics.median(alone):.2f} s to parse a line, {PARSING} s on a machine of its own")
        self.expect(median < LATENCY * load, f"expected less than {LATENCY * load:.2f} s")
        return load

    @staticmethod
    def parsing_alone():
        start = time.monotonic()
        subprocess.run(
            ["swiftc", "-frontend", "-parse", "-"], input="let one = 1\n", text=True, check=True)
        return time.monotonic() - start

    def check_z_restart(self):
        """Is the last: the kernel forgets everything."""
        before = children(self.kernel)
        self.kernel.manager.restart_kernel()
        self.kernel.client.wait_for_ready(timeout=60)
        shown = self.cell("witness")
        self.expect(shown.error == "CompileError", "the variable is gone")
        self.expect(self.cell("2").result == "2", "cells run again")
        self.expect(not still_alive(before), f"processes are left: {still_alive(before)}")


def children(kernel):
    """The kernel's processes, of whatever generation."""
    return descendants(kernel.manager.provisioner.pid)


def descendants(root):
    parents = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found, level = set(), {root}
    while level:
        level = {pid for pid, parent in parents.items() if parent in level}
        found |= level
    return found


def still_alive(processes, seconds=10):
    end = time.monotonic() + seconds
    while left := {pid for pid in processes if pathlib.Path("/proc", str(pid), "cmdline").exists()
                   and pathlib.Path("/proc", str(pid), "cmdline").read_bytes()}:
        if time.monotonic() > end:
            return left
        time.sleep(0.1)
    return set()


def main():
    if NAME not in KernelSpecManager().find_kernel_specs():
        print(f"skipped: no kernel '{NAME}'; install it with 'anneal notebook install --venv DIR'")
        sys.exit(0)
    own = pathlib.Path(tempfile.gettempdir())
    kernel = KernelUnderTest()
    warm = kernel.run("1", seconds=3000)  # builds the package where that has not been done
    if warm.error:
        sys.exit(f"the kernel does not start: {warm.text}")
    kernel.manager.restart_kernel()
    kernel.client.wait_for_ready(timeout=60)
    checks = KernelChecks(kernel)
    checks.run()
    left = children(kernel)
    owner = kernel.manager.provisioner.pid
    kernel.close()
    checks.name = "the end"
    checks.expect(not still_alive(left), f"processes are left: {still_alive(left)}")
    checks.expect(not list(own.glob(f"anneal-cells-{owner}-*")), "a temporary folder is left")
    print(f"{checks.count} checks, {len(checks.failures)} failures")
    sys.exit(1 if checks.failures else 0)


if __name__ == "__main__":
    main()
