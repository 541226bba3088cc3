"""Finds who may read and write the rows of a resource in its endpoints and service."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fastgen.names.resource import Names
from fastgen.project.kinds import assigned
from fastgen.slices.column_sets import OWNER
from fastgen.slices.rights import Rights, Who

# Those dependencies of endpoints that say who may call them, and those that do not.
CALLERS: Mapping[str, Who] = {
    "get_caller": "signed_in",
    "CurrentCaller": "signed_in",
    "CurrentUser": "signed_in",
    "require_admin": "admin",
    "AdminUser": "admin",
}
OTHERS = frozenset({"AppResources", "DbSession", "RowId"})
MODULE = "app.api.deps"
# The methods of a service in which rows are chosen, for reading and for writing.
READING, WRITING = ("list", "read"), ("get", "delete")


@dataclass(frozen=True, slots=True)
class Callers:
    """Who may call each endpoint, with its line, and what that and the service mean."""

    rights: Rights
    endpoints: Mapping[str, tuple[Who, int]]

    def line(self, other: "Callers") -> int:
        """Return the line of the first endpoint that has other callers in `other`."""
        lines = {name: line for name, (_, line) in self.endpoints.items()}
        differ = (
            line
            for name, (who, line) in self.endpoints.items()
            if name in other.endpoints and other.endpoints[name][0] != who
        )
        return next(differ, min(lines.values()))


def of(endpoints: ast.Module, service: ast.Module, names: Names) -> Callers | None:
    """Return who may call the endpoints, None if that is not known.

    All endpoints that read, and all that write, must have the same callers, through generated
    dependencies.
    """
    reading = (f"list_{names.plural}", f"read_{names.singular}")
    writing = tuple(f"{verb}_{names.singular}" for verb in ("create", "update", "delete"))
    found: dict[str, tuple[Who, int]] = {}
    for node in endpoints.body:
        if isinstance(node, ast.AsyncFunctionDef) and node.name in {*reading, *writing}:
            who = _who(endpoints, node)
            if who is None:
                return None
            found[node.name] = who, node.lineno
    readers = {found[name][0] for name in reading if name in found}
    writers = {found[name][0] for name in writing if name in found}
    by_owner = [_by_owner(service, methods) for methods in (READING, WRITING)]
    if len(readers) != 1 or len(writers) != 1 or None in by_owner:
        return None
    [read], [write] = readers, writers
    rights = Rights("owner" if by_owner[0] else read, "owner" if by_owner[1] else write)
    return Callers(rights, found)


def _who(module: ast.Module, function: ast.AsyncFunctionDef) -> Who | None:
    """Return who may call an endpoint, None if that depends on something unknown."""
    routers = [one for one in assigned(module) if isinstance(one, ast.Call)]
    parts: list[ast.AST] = [*function.decorator_list, function.args, *routers]
    used = {one.id for part in parts for one in ast.walk(part) if isinstance(one, ast.Name)}
    unknown = {*_imported(module), *_depended(parts)} - CALLERS.keys() - OTHERS
    if used & unknown or "" in unknown:
        return None
    known = {CALLERS[name] for name in used if name in CALLERS}
    return "admin" if "admin" in known else "signed_in" if known else "anybody"


def _imported(module: ast.Module) -> Iterator[str]:
    """Yield the names of what `module` imports as dependencies."""
    for node in module.body:
        if isinstance(node, ast.ImportFrom) and node.module == MODULE:
            yield from (one.asname or one.name for one in node.names)


def _depended(parts: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names of what `parts` depend on, `""` for what has no simple name."""
    for part in parts:
        for node in ast.walk(part):
            match node:
                case ast.Call(func=ast.Name("Depends"), args=[ast.Name(name), *_]):
                    yield name
                case ast.Call(func=ast.Name("Depends" | "Security") | ast.Attribute("Depends")):
                    yield ""


def _by_owner(service: ast.Module, methods: Iterable[str]) -> bool | None:
    """Whether `methods` of the service choose rows by their owner, None if only some do."""
    found = [
        method
        for cls in service.body
        if isinstance(cls, ast.ClassDef)
        for method in cls.body
        if isinstance(method, ast.AsyncFunctionDef) and method.name in methods
    ]
    owners = {any(map(_names_owner, ast.walk(method))) for method in found}
    return owners.pop() if len(owners) == 1 else None


def _names_owner(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(attr="_owner" | "owner_id") | ast.keyword(arg="owner_id"):
            return True
        case ast.Constant(value=value):
            return value == OWNER
    return False
