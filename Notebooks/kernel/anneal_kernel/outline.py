"""What a cell declares, and where its last expression is, as the compiler's parser says."""

import json
import re
from dataclasses import dataclass, field

# How a scoped import calls what the parser calls so.
KINDS = {
    "var_decl": "var", "func_decl": "func", "struct_decl": "struct", "class_decl": "class",
    "enum_decl": "enum", "protocol": "protocol", "typealias": "typealias",
}
STATEMENT = re.compile(r"_stmt$|_decl$")
# What awaits inside of these does not await at the top level.
SCOPES = {
    "closure_expr", "func_decl", "struct_decl", "class_decl", "enum_decl", "extension_decl",
    "accessor_decl", "protocol",
}


@dataclass
class Outline:
    names: dict = field(default_factory=dict)  # name → kind of import
    imports: list = field(default_factory=list)
    is_whole: bool = False  # has operators or #if, so that later cells import all of it
    extends: bool = False
    last: int = None  # offset in UTF-8 of a final expression
    is_quiet: bool = False  # ends in a semicolon: its value is kept and not shown
    awaits: bool = False
    is_empty: bool = False


def outline(toolchain, code, path):
    """Parses a cell that is written to `path`."""
    path.write_text(code, encoding="utf-8")
    done = toolchain.run(
        "swift-frontend", "-frontend", "-dump-parse", "-dump-ast-format", "json",
        "-enable-bare-slash-regex", path)
    found = Outline(is_whole=bool(re.search(r"^\s*#if\b", code, re.M)))
    try:
        items = json.loads(done.stdout)["items"]
    except (ValueError, KeyError):
        return found  # the compiler proper will say what is wrong
    found.is_empty = not items and done.returncode == 0
    for item in items:
        _note(item, found)
    found.is_quiet = code.rstrip().endswith(";")
    if items and done.returncode == 0:
        found.last = _final_expression(items[-1])
    return found


def _note(item, found):
    kind = item["_kind"]
    hidden = any(a.get("access_level") in ("private", "fileprivate") for a in item.get("attrs", []))
    if kind == "import_decl":
        found.imports.append(".".join(item["module_path"]))
    elif kind == "top_level_code_decl":
        found.awaits = found.awaits or _awaits(item)
    elif kind == "extension_decl":
        found.extends = True
    elif "operator_decl" in kind or kind == "precedence_group_decl" or kind == "macro_decl":
        found.is_whole = True
    elif kind in KINDS and not hidden:
        # Operators of a type are looked for in modules, not in the type.
        found.is_whole = found.is_whole or _has_operator(item)
        base = item["name"]["base_name"]
        if base.get("is_operator"):
            found.is_whole = True
        else:
            found.names[base["name"]] = KINDS[kind]


def _has_operator(node):
    if isinstance(node, dict):
        name = node.get("name")
        if isinstance(name, dict) and name.get("base_name", {}).get("is_operator"):
            return True
        members = node.get("members", []) if node.get("_kind") != "func_decl" else []
        return any(_has_operator(member) for member in members)
    return False


def _final_expression(item):
    if item["_kind"] != "top_level_code_decl":
        return None
    elements = item.get("body", {}).get("elements", [])
    if len(elements) != 1 or STATEMENT.search(elements[0]["_kind"]) or _assigns(elements[0]):
        return None
    return item["range"]["start"]


def _assigns(expression):
    parts = [expression, *expression.get("elements", [])]
    return any(part.get("_kind") == "assign_expr" for part in parts if isinstance(part, dict))


def _awaits(node):
    if isinstance(node, dict):
        if node.get("_kind") in SCOPES:
            return False
        if node.get("_kind") == "await_expr" or node.get("await"):
            return True
        return any(_awaits(part) for part in node.values())
    return isinstance(node, list) and any(_awaits(part) for part in node)
