"""Lines of a cell that begin with `%`: they speak to the kernel."""

HELP = """%opt on|off   compile the cells from here on with -O, or again without
%names        what earlier cells have declared
%help         this list"""


class CommandError(Exception):
    """A line that is no command."""


def taken_out(code):
    """The commands at a cell's beginning, and the cell with empty lines in their place."""
    lines, commands = code.split("\n"), []
    for number, line in enumerate(lines):
        if line.strip() and not line.startswith("%"):
            break
        if line.startswith("%"):
            commands.append(line[1:].split())
            lines[number] = ""
    return commands, "\n".join(lines)


def obey(words, compiler):
    """Does what a command says; returns what to print."""
    name = words[0] if words else ""
    if name == "opt" and words[1:] in (["on"], ["off"]):
        compiler.is_optimizing = words[1] == "on"
        return f"cells are compiled {'with -O' if compiler.is_optimizing else 'without optimisation'}"
    if name == "opt":
        raise CommandError(f"expected '%opt on' or '%opt off', found '%{' '.join(words)}'")
    if name == "names":
        names = sorted(compiler.names().items())
        return "\n".join(f"{kind} {name}" for name, kind in names) or "none yet"
    if name == "help":
        return HELP
    raise CommandError(f"no command '%{name}'; there are:\n{HELP}")
