"""Reads the classes in a model file."""

import ast
from typing import NamedTuple

from fastgen.wiring.source import Module, Unclear


class ClassFound(NamedTuple):
    """A class of a module: its name, its table if any, and its attributes in order.

    `key` is what `id` is annotated as mapped to, and `bases` are the names of base classes.
    """

    name: str
    table: str | None
    attributes: list[str]
    key: str | None
    bases: list[str]


def find_classes(source: bytes) -> list[ClassFound]:
    """Return the top-level classes of `source`; empty if it cannot be parsed."""
    try:
        tree = Module.read(source).tree
    except Unclear:
        return []
    return [_found(node) for node in tree.body if isinstance(node, ast.ClassDef)]


def _found(node: ast.ClassDef) -> ClassFound:
    table = key = None
    attributes = []
    for statement in node.body:
        for name in assigned_names(statement):
            value = getattr(statement, "value", None)
            if name == "id":
                key = _mapped(statement)
            if name != "__tablename__":
                attributes.append(name)
            elif isinstance(value, ast.Constant) and isinstance(value.value, str):
                table = value.value
    bases = [ast.unparse(base) for base in node.bases]
    return ClassFound(node.name, table, attributes, key, bases)


def _mapped(statement: ast.stmt) -> str:
    """Return the type in `Mapped[…]`, `""` for another annotation."""
    match statement:
        case ast.AnnAssign(annotation=ast.Subscript(value=ast.Name("Mapped"), slice=kind)):
            return ast.unparse(kind)
    return ""


def assigned_names(statement: ast.stmt) -> list[str]:
    """Return the names that `statement` assigns or annotates; empty for other statements."""
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    else:
        return []
    return [target.id for target in targets if isinstance(target, ast.Name)]
