"""`python -m anneal_kernel -f CONNECTION_FILE`: how Jupyter starts the kernel."""

import sys

try:
    from ipykernel.kernelapp import IPKernelApp
except ImportError:
    sys.exit(
        f"the Swift kernel needs ipykernel, which {sys.executable} does not have; "
        f"install it with: {sys.executable} -m pip install ipykernel"
    )

from .kernel import SwiftKernel

IPKernelApp.launch_instance(kernel_class=SwiftKernel)
