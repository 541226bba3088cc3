"""The kinds of files in a slice, and how each is recognized, also in another place."""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fastgen.names import layout
from fastgen.names.resource import Names
from fastgen.slices import variables
from fastgen.system import parsing
from fastgen.wiring.classes import find_classes

REGISTRATION = "TestRegister"
OPERATIONS = {"list", "read", "create", "update", "delete"}

Defines = Callable[[Names, bytes], bool]


@dataclass(frozen=True, slots=True)
class Way:
    """How a file is recognized: by a text in it, and by what it defines."""

    text: Callable[[Names], str]
    defines: Defines


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file in a slice: its usual path, and what tells such a file, best first."""

    path: Callable[[Names], str]
    ways: Sequence[Way]
    folder: str = layout.APP
    # Whether a module that the endpoints import is it, where classes have new names.
    imported: Callable[[ast.Module], bool] = lambda _: False


def _has_model(names: Names, source: bytes) -> bool:
    return any(one.name == names.cls and one.table for one in find_classes(source))


def _has_table(names: Names, source: bytes) -> bool:
    return any(one.table == names.table for one in find_classes(source))


def _has_class(suffix: str) -> Defines:
    def defines(names: Names, source: bytes) -> bool:
        name = _called(suffix)(names)
        return any(isinstance(n, ast.ClassDef) and n.name == name for n in parsed(source).body)

    return defines


def _queries(module: ast.Module) -> bool:
    """Whether a module has the parameters of a list."""
    bases = (b for node in module.body if isinstance(node, ast.ClassDef) for b in node.bases)
    return any(isinstance(base, ast.Name) and base.id == "ListQuery" for base in bases)


def _keeps_rows(module: ast.Module) -> bool:
    """Whether a module has a class that lists, reads, creates, changes and deletes rows."""
    return any(
        isinstance(node, ast.ClassDef)
        and {one.name for one in node.body if isinstance(one, ast.AsyncFunctionDef)} >= OPERATIONS
        for node in module.body
    )


def _called(suffix: str) -> Callable[[Names], str]:
    """Return the function that finds the name of the class that usually ends with `suffix`."""
    return lambda names: names.called(f"{names.usual_cls}{suffix}")


def _makes_rows(names: Names, source: bytes) -> bool:
    """Whether a function of the top level makes rows for tests."""
    made = _maker(names)
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == made
        for node in parsed(source).body
    )


def _maker(names: Names) -> str:
    return f"make_{variables.one(names)}"


def _serves(names: Names, source: bytes) -> bool:
    """Whether a module has a router and endpoints of the resource."""
    wanted = {f"create_{names.singular}", f"list_{names.plural}", f"read_{names.singular}"}
    body = parsed(source).body
    found = {node.name for node in body if isinstance(node, ast.AsyncFunctionDef)}
    return not wanted.isdisjoint(found) and b"router" in source


def _has_router(names: Names, source: bytes) -> bool:
    """Whether a router of the top level has the path of the resource as its prefix."""
    return any(
        keyword.arg == "prefix" and _text(keyword.value) == f"/{names.path}"
        for value in assigned(parsed(source))
        if isinstance(value, ast.Call)
        for keyword in value.keywords
    )


def _has_path(names: Names, source: bytes) -> bool:
    """Whether a constant of the top level is the path of the resource in the API."""
    for value in assigned(parsed(source)):
        parts = value.values if isinstance(value, ast.JoinedStr) else []
        if _text(value).endswith(f"/v1/{names.path}") or (
            parts and _text(parts[-1]) == f"/{names.path}"
        ):
            return True
    return False


def _registers(_: Names, source: bytes) -> bool:
    """Whether a class of the top level has the tests of registration."""
    body = parsed(source).body
    return any(isinstance(node, ast.ClassDef) and node.name == REGISTRATION for node in body)


def _path(names: Names) -> str:
    return f"/{names.path}"


KINDS = (
    Kind(
        layout.model,
        (
            Way(lambda names: f"class {names.cls}(", _has_model),
            Way(lambda names: names.table, _has_table),
        ),
    ),
    Kind(layout.schema, (Way(_called("Create"), _has_class("Create")),), imported=_queries),
    Kind(layout.service, (Way(_called("Service"), _has_class("Service")),), imported=_keeps_rows),
    Kind(
        layout.endpoints,
        (Way(_path, _has_router), Way(lambda names: f"_{names.singular}(", _serves)),
    ),
    Kind(layout.tests, (Way(_path, _has_path), Way(_maker, _makes_rows)), layout.TESTS),
)
# The files of accounts that get fields. The path of accounts is in what all tests share.
OF_ACCOUNTS = (
    *KINDS[:3],
    Kind(layout.tests, (Way(lambda _: f"class {REGISTRATION}", _registers),), layout.TESTS),
)


def assigned(module: ast.Module) -> Iterator[ast.expr]:
    """Yield the values that the top level of `module` assigns to names."""
    for statement in module.body:
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(value, ast.expr):
            yield value


def _text(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
    return ""


def parsed(source: bytes) -> ast.Module:
    """Return the tree of `source`, empty if it cannot be parsed."""
    try:
        return parsing.python_of(source)
    except ValueError:
        return ast.Module([], [])
