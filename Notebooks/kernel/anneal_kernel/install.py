"""`python -m anneal_kernel.install`: tells Jupyter of the kernel."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from anneal_kernel.toolchain import Toolchain, ToolchainError

NAME = "anneal-swift"


def specification(package):
    """What Jupyter has to know to start the kernel with this Python."""
    return {
        "argv": [sys.executable, "-m", "anneal_kernel", "-f", "{connection_file}"],
        "display_name": "Swift (Anneal)", "language": "swift", "interrupt_mode": "signal",
        "env": {
            "ANNEAL_PACKAGE": str(package),
            "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        },
    }


def main():
    arguments = argparse.ArgumentParser(description="Tells Jupyter of the Swift kernel.")
    arguments.add_argument("--package", type=Path, default=Path(__file__).resolve().parents[3])
    arguments.add_argument(
        "--user", action="store_true", help="for all of the user's Jupyters, not only this Python's")
    options = arguments.parse_args()
    try:
        import ipykernel  # noqa: F401 (the kernel would not start without it)
        from jupyter_client.kernelspec import KernelSpecManager
    except ImportError as error:
        sys.exit(
            f"{sys.executable} has no '{error.name}'; install it with: "
            f"{sys.executable} -m pip install ipykernel")
    try:
        Toolchain()
    except ToolchainError as error:
        sys.exit(str(error))
    with tempfile.TemporaryDirectory() as folder:
        text = json.dumps(specification(options.package.resolve()), indent=1)
        Path(folder, "kernel.json").write_text(text + "\n")
        where = {"user": True} if options.user else {"prefix": sys.prefix}
        KernelSpecManager().install_kernel_spec(folder, NAME, **where)


if __name__ == "__main__":
    main()
