"""Reads the names of the check constraints from the migrations."""

import ast
from collections.abc import Iterable, Iterator

from fastgen.project.migrations import Migration, in_order, tree

MAKES = {"CheckConstraint", "create_check_constraint"}
DROPS = {"drop_constraint"}
PREFIX = "ck_"


def made(known: Iterable[Migration]) -> tuple[str, ...]:
    """Return the names of the checks that exist after all of `known`, the newest last."""
    names: dict[str, None] = {}
    for migration in in_order(known):
        if PREFIX.encode() in migration.source:
            for operation, name in _named(migration.source):
                names.pop(name, None)
                if operation in MAKES:
                    names[name] = None
    return tuple(names)


def _named(source: bytes) -> Iterator[tuple[str, str]]:
    """Yield what `upgrade` does to each check, in order."""
    for function in tree(source).body:
        if isinstance(function, ast.FunctionDef) and function.name == "upgrade":
            calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
            for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
                operation = call.func.attr if isinstance(call.func, ast.Attribute) else ""
                if operation in MAKES | DROPS:
                    yield from ((operation, name) for name in _names(call))


def _names(call: ast.Call) -> Iterator[str]:
    for node in ast.walk(call):
        match node:
            case ast.Constant(value=str(text)) if text.startswith(PREFIX):
                yield text
