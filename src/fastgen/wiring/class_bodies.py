"""Finds attributes in a class body, and the place for another one."""

import ast

from fastgen.wiring.classes import assigned_names
from fastgen.wiring.imports import is_docstring
from fastgen.wiring.source import Module, Unclear
from fastgen.wiring.statements import Spot, after, before, first_line, last_line

Method = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def class_named(file: Module, name: str) -> ast.ClassDef:
    """Return the only class called `name` at the top level of `file`; raises `Unclear`."""
    found = [one for one in file.tree.body if isinstance(one, ast.ClassDef) and one.name == name]
    if len(found) != 1:
        raise Unclear(f"it has {'no' if not found else 'more than one'} class {name} at its top")
    return found[0]


def attribute_of(node: ast.ClassDef, name: str) -> ast.stmt | None:
    """Return the statement in the class `node` that defines `name`, if any."""
    for statement in node.body:
        is_method = isinstance(statement, Method) and statement.name == name
        if is_method or name in assigned_names(statement):
            return statement
    return None


def attribute_spot(file: Module, node: ast.ClassDef) -> tuple[Spot, int, int]:
    """Return the spot below the attributes of a class, and how many blank lines go around it."""
    body = node.body
    count = next((at for at, one in enumerate(body) if isinstance(one, Method)), len(body))
    attributes = [at for at, one in enumerate(body[:count]) if assigned_names(one)]
    if attributes:
        last = attributes[-1]
        # A string below an attribute documents it.
        while last + 1 < count and is_docstring(body[last + 1]):
            last += 1
        return after(file, body, body[last]), 0, 0
    if count:
        return after(file, body, body[count - 1]), int(is_docstring(body[count - 1])), 0
    return before(file, body, body[0]), 0, 1


def blanks_around(file: Module, node: ast.ClassDef, statement: ast.stmt) -> tuple[int, int]:
    """Return how many blank lines an insertion would have added above and below `statement`."""
    index = node.body.index(statement)
    if index == 0 and len(node.body) > 1 and isinstance(node.body[1], Method):
        return 0, int(file.is_blank(last_line(statement) + 1))
    alone = index > 0 and not any(assigned_names(one) for one in node.body[:index])
    if alone and is_docstring(node.body[index - 1]):
        return int(file.is_blank(first_line(statement) - 1)), 0
    return 0, 0
