"""A Jupyter kernel for Swift: every cell is compiled, linked and loaded into a process that keeps state."""

__version__ = "1.0"
