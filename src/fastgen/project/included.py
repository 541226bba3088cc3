"""Finds the routers that a project includes, in any module and under any name."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from fastgen.names import layout
from fastgen.project import sources
from fastgen.project.modules import PACKAGE, Modules, Scope, read_scope
from fastgen.wiring.router_objects import include_calls

CALL = "include_router"
# Modules that name the router of another one contain this.
TEXTS = (CALL, "endpoints", "_router", ".router")
# A module that uses these discovers routers.
FINDERS = {"importlib", "pkgutil"}


@dataclass(frozen=True)
class Included:
    """The names in the app's modules that refer to other modules.

    A named router counts as included: directly, in a loop, or by a function of the project.
    """

    modules: Modules

    def has(self, module: str) -> bool:
        """Whether a router of `module` is included."""
        return self._finds or _names(self._named, module) or _names(self._reached, module)

    def has_new(self, module: str) -> bool:
        """Return what `has` does, in less time if no file imports a module of that name."""
        name = module.rpartition(".")[2]
        project = self.modules.project
        texts = (
            project.read(path) or b""
            for path in sources.mentioning(project.root, layout.APP, [name])
        )
        return self._finds or (any(_may_import(text, name) for text in texts) and self.has(module))

    @cached_property
    def _scopes(self) -> list[Scope]:
        return list(_scopes(self.modules, TEXTS))

    @cached_property
    def _named(self) -> frozenset[str]:
        return frozenset(path for one in self._scopes for path in one.mentioned(one.tree))

    @cached_property
    def _reached(self) -> frozenset[str]:
        return frozenset(path for one in self._named for path in self.modules.reached(one))

    @cached_property
    def _finds(self) -> bool:
        return any(
            _uses_finders(giving)
            for scope in _scopes(self.modules, [CALL])
            for _, _, router in include_calls(scope.tree)
            if not scope.meant(router)
            for giving in self._giving(scope, router)
        )

    def _giving(self, scope: Scope, router: ast.expr) -> Iterator[Scope]:
        """Find the modules that define `router`: for a list in a loop, those that fill it."""
        names = {node.id for node in ast.walk(router) if isinstance(node, ast.Name)}
        for loop in ast.walk(scope.tree):
            if isinstance(loop, ast.For | ast.AsyncFor | ast.comprehension):
                is_router = isinstance(loop.target, ast.Name) and loop.target.id in names
                if is_router and (given := scope.mentioned(loop.iter)):
                    origins = {origin for path in given for origin in self.modules.reached(path)}
                    owners = {origin.rpartition(".")[0] for origin in origins}
                    if not FINDERS.isdisjoint(owner.partition(".")[0] for owner in owners):
                        yield scope
                    yield from filter(None, map(self.modules.scope, sorted(owners)))
                    return
        yield scope


def _uses_finders(scope: Scope) -> bool:
    imported = {path for paths in scope.origins.values() for path in paths} | {*scope.stars}
    return _of_finders(imported) and _of_finders(scope.mentioned(scope.tree))


def _of_finders(paths: Iterable[str]) -> bool:
    return any(path.partition(".")[0] in FINDERS for path in paths)


def _names(paths: frozenset[str], module: str) -> bool:
    return module in paths or any(path.startswith(f"{module}.") for path in paths)


def _may_import(source: bytes, name: str) -> bool:
    """Whether `source` seems to import a module called `name`, or to use its package."""
    others = r"(?:\w+(?:\s+as\s+\w+)?[ \t]*,[ \t]*)*"
    statement = rf"(?m)^[ \t]*(?:from|import)\b.*\b{name}\b"
    line_of_one = rf"^[ \t(]*{others}{name}[ \t]*(?:[,)#\\]|as\b|$)"
    if re.search(f"{statement}|{line_of_one}".encode(), source.replace(b"\r", b"\n")):
        return True
    return b"endpoints" in source and f".{name}".encode() in source


def _scopes(modules: Modules, texts: Iterable[str]) -> Iterator[Scope]:
    for path in sources.mentioning(modules.project.root, layout.APP, texts):
        here = layout.module_of(path)
        if here.endswith(f".{PACKAGE}"):
            scope = read_scope(modules.project.read(path) or b"", here)
        else:
            scope = modules.scope(here)
        if scope is not None:
            yield scope
