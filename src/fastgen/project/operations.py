"""Finds the operations of a project's API: by their ids, which are the names of functions."""

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from fastgen.names import layout
from fastgen.project import sources
from fastgen.system import safe_files
from fastgen.wiring.source import Module, Unclear

# Their Python files have no routes.
WITHOUT = {layout.MIGRATIONS, layout.MODELS, layout.SCHEMAS, layout.SERVICES}
METHODS = {"get", "post", "put", "patch", "delete", "head", "options", "trace", "api_route"}
ADDING = "add_api_route"
NAMED = re.compile(r"\bdef[ \t]+(\w+)")
# An id that is given, and not the name of the function.
GIVEN = re.compile(rf"\b(?:operation_id|name)\s*=|\b{ADDING}\b|\*\*")


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, and the line of its route."""

    id: str
    line: int


def having(
    root: Path, ids: Collection[str], without: Collection[str]
) -> Iterator[tuple[str, Operation]]:
    """Find the operations of the project `root` that have one of `ids`, each with its file.

    The files `without` are not searched.
    """
    for path in sources.mentioning(root, layout.APP, ids, WITHOUT):
        if path not in without:
            for operation in _operations(_tree(root / path)):
                if operation.id in ids:
                    yield path, operation


def may_have(root: Path, source: str, without: Collection[str]) -> bool:
    """Whether the project `root` may have an operation of `source`, at a first look.

    The files `without` are not searched.
    """
    found = sources.mentioning(root, layout.APP, NAMED.findall(source), WITHOUT)
    return GIVEN.search(source) is not None or any(path not in without for path in found)


def ids(source: str) -> set[str]:
    """Return the ids of the operations in `source`."""
    return {operation.id for operation in _operations(ast.parse(source))}


def _operations(tree: ast.Module) -> Iterator[Operation]:
    hidden = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _hides(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call, function in _routes(tree):
        router = getattr(call.func, "value", None)
        if not _hides(call) and getattr(router, "id", "") not in hidden:
            yield Operation(_given_id(call) or function, call.lineno)


def _given_id(call: ast.Call) -> str | None:
    given = {word.arg: word.value for word in call.keywords}
    for name in ("operation_id", "name"):
        match given.get(name):
            case ast.Constant(value=str(text)):
                return text
            case _:
                pass
    return None


def _routes(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Find the calls that make a route of a function, with its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in METHODS:
                    yield call, node.name
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == ADDING:
            named = [word.value for word in node.keywords if word.arg == "endpoint"]
            for function in [*node.args[1:2], *named]:
                yield node, getattr(function, "attr", getattr(function, "id", ""))


def _hides(call: ast.Call) -> bool:
    """Whether `call` makes routes that are not in the OpenAPI document."""
    return any(
        word.arg == "include_in_schema"
        and isinstance(word.value, ast.Constant)
        and not word.value.value
        for word in call.keywords
    )


def _tree(file: Path) -> ast.Module:
    try:
        return Module.read(safe_files.read_regular(file, safe_files.LARGE)).tree
    except (Unclear, OSError, ValueError):
        return ast.Module([], [])
