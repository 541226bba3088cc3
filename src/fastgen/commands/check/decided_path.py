"""Finds the path of a resource that people changed."""

import ast
from dataclasses import dataclass

from fastgen.commands.check.slice_source import Slice, Told
from fastgen.names import layout
from fastgen.names.resource import Names, is_path
from fastgen.project.kinds import assigned


@dataclass(frozen=True, slots=True)
class Path:
    """The names of a resource with the path of its router, and whether the recipe lacks that."""

    names: Names
    told: tuple[Told, ...] = ()


def read(files: Slice) -> Path:
    """Return the path that the only router of the endpoints in `files` has."""
    names = files.entry.resource.names
    endpoints = layout.endpoints(names)
    tree = files.ours(endpoints)
    found = [*_prefixes(tree)] if tree else []
    if len(found) != 1:
        return Path(names)
    prefix, line = found[0]
    path = prefix.removeprefix("/")
    if path in {prefix, names.path} or not is_path(path):
        return Path(names)
    told = f"the prefix of the router is {prefix}, but {files.entry.path} says /{names.path}"
    return Path(names.at(path), (Told(endpoints, line, told),))


def _prefixes(module: ast.Module) -> list[tuple[str, int]]:
    """Return the prefix of each router of the top level that has one, with its line."""
    return [
        (keyword.value.value, keyword.value.lineno)
        for call in assigned(module)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "prefix"
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
    ]
