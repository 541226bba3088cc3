"""Finds the routes of a project's API in its source."""

import ast
from collections.abc import Iterator
from pathlib import Path

from fastgen.names import layout
from fastgen.project import sources
from fastgen.system import safe_files
from fastgen.wiring.source import Module, Unclear

METHODS = {"get", "post", "put", "patch", "delete", "head", "options", "api_route", "websocket"}


def having(root: Path, route: str) -> Iterator[str]:
    """Find the files of the API that serve `route` or paths below it.

    They do so by a prefix, or by an endpoint of a router without a prefix.
    """
    texts = [quote + route + end for quote in "\"'" for end in (quote, "/")]
    for path in sources.mentioning(root, layout.API, texts):
        tree = _tree(root / path)
        inner = any(True for _ in _prefixes(tree)) or _is_prefixed(root, Path(path).stem)
        paths = [*_prefixes(tree), *([] if inner else _endpoints(tree))]
        if any(one == route or one.startswith(f"{route}/") for one in paths):
            yield path


def _is_prefixed(root: Path, module: str) -> bool:
    """Whether a router of `module` is included with a prefix somewhere."""
    for path in sources.mentioning(root, layout.API, [f"endpoints.{module} ", f"import {module}"]):
        for call in _calls(_tree(root / path)):
            if _name(call) == "include_router" and _names(call, module) and _prefix(call):
                return True
    return False


def _names(call: ast.Call, module: str) -> bool:
    """Whether the first argument of `call` has `module` in a name."""
    nodes = ast.walk(call.args[0]) if call.args else ()
    return any(module in getattr(node, "attr", getattr(node, "id", "")) for node in nodes)


def _prefixes(tree: ast.Module) -> Iterator[str]:
    for call in _calls(tree):
        if prefix := _prefix(call):
            yield prefix


def _endpoints(tree: ast.Module) -> Iterator[str]:
    for call in _calls(tree):
        if _name(call) in METHODS and call.args and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _prefix(call: ast.Call) -> str | None:
    for keyword in call.keywords:
        if keyword.arg == "prefix" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value) or None
    return None


def _tree(file: Path) -> ast.Module:
    try:
        return Module.read(safe_files.read_regular(file, safe_files.LARGE)).tree
    except (Unclear, OSError, ValueError):
        return ast.Module([], [])
