"""The compiler's messages, with the cell's own lines and columns."""

import re

MESSAGE = re.compile(
    r"^(?P<file>[^:\n]+):(?P<line>\d+):(?P<column>\d+): "
    r"(?P<level>error|warning|note|remark): (?P<text>.*)$", re.M)
# A later cell may make an earlier cell's type conform; the compiler then asks for 'public'.
NEEDS_PUBLIC = re.compile(
    r"^Cell\[\d+\]:(\d+):\d+: note: mark the .* as 'public' to satisfy the requirement\n.*\n"
    r".*\n( *)public ?$", re.M)
# What is said of the cells' being modules, which nobody asked for.
OWN_NOISE = re.compile(r"extension declares a conformance of imported type .*'Cell_\d+'")
MODULE = re.compile(r"\bCell_\d+\.(?=\w)")


def without_modules(text):
    """Names without the modules that cells are compiled as: `Cell_3.Point` is `Point`."""
    return MODULE.sub("", text)


def cleaned(text, code, result, shift):
    """The messages about a cell, each with the cell's line under it.

    `result` is the name that the cell's last value is kept under, and `shift` the line and the columns by
    which the compiled text differs from the cell's.
    """
    lines, kept, skips = code.split("\n"), [], False
    for message in MESSAGE.finditer(text):
        line, column = int(message["line"]), int(message["column"])
        level, words = message["level"], message["text"]
        is_ours = OWN_NOISE.search(words) or (f"'{result}'" in words and level != "error")
        skips = bool(is_ours) or (level == "note" and skips)
        if skips:
            continue
        if not message["file"].startswith("Cell["):
            if level == "error":
                kept.append(f"{level}: {without_modules(words)}")
            continue
        if line == shift[0]:
            column -= shift[1]
        kept.append(f"{message['file']}:{line}:{column}: {level}: {without_modules(words)}")
        if 0 < line <= len(lines):
            before = lines[line - 1].encode()[: max(column - 1, 0)].decode(errors="ignore")
            kept += ["    " + lines[line - 1], "    " + re.sub(r"\S", " ", before) + "^"]
    return "\n".join(kept)


def published(code, text):
    """The cell with the 'public' that the compiler's notes ask for; None where they ask for none."""
    places = {(int(line), len(spaces)) for line, spaces in NEEDS_PUBLIC.findall(text)}
    if not places:
        return None
    lines = code.encode().split(b"\n")
    for line, column in sorted(places, reverse=True):
        words = lines[line - 1]
        lines[line - 1] = words[:column] + b"public " + words[column:]
    return b"\n".join(lines).decode()
