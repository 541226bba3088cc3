"""Names that people's lines of a merged file use, but that its generated lines no longer define."""

import ast
from collections.abc import Iterator

from fastgen.changes.plan import Manual
from fastgen.messages import lines_that
from fastgen.wiring.bindings import taken, uses
from fastgen.wiring.classes import assigned_names
from fastgen.wiring.imports import add_name
from fastgen.wiring.source import Module, Unclear

FIRST_PARTY = "app"


def kept(path: str, before: bytes, after: bytes) -> tuple[bytes, list[Manual]]:
    """Return `after`, into which the file `before` was merged, with imports that it still uses.

    Also returns a manual step for each other name that it uses and no longer defines.
    """
    try:
        old, new = Module.read(before), Module.read(after)
    except Unclear:
        return after, []
    left: list[Manual] = []
    there = taken(new.tree)
    for name, module in dict(_defined(old.tree)).items():
        lines = [] if name in there else uses(new.tree, name)
        if not lines:
            continue
        imported = _importing(new, module, name) if module else None
        if imported:
            new = imported
        else:
            told = f"{lines_that('use', lines)} {name}, which it no longer defines"
            left.append(Manual(path, name, told))
    return new.encoded(), left


def _importing(file: Module, module: str, name: str) -> Module | None:
    try:
        return add_name(file, file.tree.body, f"{module}.{name}", FIRST_PARTY)
    except Unclear:
        return None


def _defined(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the names that a module defines at its top, with the module of what it imports."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((one.name, node.module) for one in node.names if one.asname is None)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, ""
        else:
            yield from ((name, "") for name in assigned_names(node))
