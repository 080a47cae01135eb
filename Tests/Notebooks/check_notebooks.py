"""Every notebook of the package, executed, and what is stored of it looked at.

    .build/release/anneal notebook install --venv venv
    venv/bin/python Tests/Notebooks/check_notebooks.py [--write] [--seconds S] [NOTEBOOK…]

With `--write` the notebooks are stored as they were executed. Once `--seconds` are over no further one is
begun; which ones were not executed is said.
"""

import argparse
import pathlib
import re
import sys
import time

try:
    import nbclient
    import nbformat
    from jupyter_client.kernelspec import KernelSpecManager
except ImportError as error:
    print(f"skipped: {error.name} is not installed")
    sys.exit(0)

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Notebooks"
SIZE_LIMIT = 1_000_000
SECONDS_LIMIT = 1_800  # a busy machine takes long; two idle cores take less than two minutes
# A path of the machine that a notebook was executed on has no place in it.
PATH = re.compile(r"(?<![\w.:/])/(?:home|root|tmp|usr|work|Users|var)/\w")


def outputs(notebook):
    return [(number, output) for number, cell in enumerate(notebook.cells) if cell.cell_type == "code"
            for output in cell.outputs]


def texts(output):
    yield from (output.get("data") or {}).values()
    yield output.get("text", "")
    yield from output.get("traceback", [])


def stored_faults(path, notebook):
    """What is wrong with a notebook as it lies in the package."""
    if path.stat().st_size > SIZE_LIMIT:
        yield f"has {path.stat().st_size} bytes, more than {SIZE_LIMIT}"
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    numbers = [cell.execution_count for cell in code]
    if numbers != list(range(1, len(code) + 1)):
        yield f"was not executed from top to bottom: {numbers}"
    for number, output in outputs(notebook):
        if output.output_type == "error":
            yield f"cell {number} ended with {output.ename}"
        for text in texts(output):
            if found := PATH.search("".join(text)):
                yield f"cell {number} shows a path of its machine: {found.group()}"
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for word in ["Question", "Prediction", "Conclusion", "Cost"]:
        if word not in prose:
            yield f"says nothing under '{word}'"


def execute(path, writes):
    notebook = nbformat.read(path, 4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    start = time.monotonic()
    client = nbclient.NotebookClient(notebook, timeout=SECONDS_LIMIT, kernel_name="anneal-swift")
    try:
        client.execute(cwd=str(FOLDER))
    except nbclient.exceptions.CellExecutionError as error:
        yield f"fails: {error}"
    print(f"{path.name}: executed in {time.monotonic() - start:.1f} s", flush=True)
    if writes:
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)  # times, which differ from run to run
        nbformat.write(notebook, path)


def main():
    if "anneal-swift" not in KernelSpecManager().find_kernel_specs():
        print("skipped: no kernel 'anneal-swift'; install it with 'anneal notebook install --venv DIR'")
        sys.exit(0)
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("notebooks", nargs="*", type=pathlib.Path, default=sorted(FOLDER.glob("*.ipynb")))
    options = parser.parse_args()
    if not options.notebooks:
        sys.exit(f"expected notebooks in {FOLDER}, found none")
    start = time.monotonic()
    failures = 0
    for path in options.notebooks:
        if time.monotonic() - start < options.seconds:
            faults = list(execute(path, options.write))
        else:
            print(f"{path.name}: not executed, the time is over")
            faults = []
        faults += stored_faults(path, nbformat.read(path, 4))
        for fault in faults:
            print(f"FAILED {path.name}: {fault}")
        failures += len(faults)
    print(f"{len(options.notebooks)} notebooks, {failures} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
