"""Reads the modules of a project's package: their definitions and where imports come from."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from fastgen.names import layout
from fastgen.project.project import Project
from fastgen.wiring.bindings import bindings, paths, source_module
from fastgen.wiring.class_bodies import attribute_of
from fastgen.wiring.classes import assigned_names
from fastgen.wiring.source import Module, Unclear, blocks

PACKAGE = "__init__"
# The limit for chains of re-exports.
LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Scope:
    """The top level of a module: its tree, and the origins of its names."""

    here: str
    tree: ast.Module
    origins: dict[str, set[str]]
    defined: frozenset[str]
    stars: tuple[str, ...]

    def meant(self, expression: ast.expr) -> set[str]:
        """Return the dotted paths that `expression` can mean, according to the imports."""
        if isinstance(expression, ast.Attribute):
            return {f"{path}.{expression.attr}" for path in self.meant(expression.value)}
        if not isinstance(expression, ast.Name):
            return set()
        name = expression.id
        found = self.origins.get(name, set())
        if not found and name not in self.defined:
            found = {f"{module}.{name}" for module in self.stars}
        return found

    def mentioned(self, node: ast.AST) -> set[str]:
        """Return all dotted paths that `node` mentions."""
        return {
            path
            for one in ast.walk(node)
            if isinstance(one, ast.Name | ast.Attribute)
            for path in self.meant(one)
        }


@dataclass(frozen=True, slots=True)
class Modules:
    """The modules of `project`, each read once."""

    project: Project
    _read: dict[str, Scope | None] = field(default_factory=dict)

    def scope(self, module: str) -> Scope | None:
        """Return the scope of `module`, None if it is missing or cannot be parsed."""
        if module not in self._read:
            self._read[module] = self._scope(module)
        return self._read[module]

    def defines(self, owner: str, name: str) -> bool:
        """Whether `owner`, a module or a class, seems to define `name`."""
        if owner not in self._read and self._has_line(owner, name):
            return True
        scope = self.scope(owner)
        if scope is None:
            return any(attribute_of(node, name) for node in self._classes(owner))
        return name in scope.defined or bool(scope.stars) or "__getattr__" in scope.defined

    def _has_line(self, module: str, name: str) -> bool:
        """Whether a line of `module` defines `name`: most do, and need not be parsed."""
        source = self.project.read(layout.file_of(module)) or b""
        word = name.encode()
        found = re.search(rb"^(class %b\b|%b = )" % (word, word), source, re.MULTILINE)
        return found is not None

    def reached(self, path: str) -> set[str]:
        """Return `path` and all paths that it is an alias of, followed through modules."""
        found: set[str] = set()
        left = [path]
        while left and len(found) < LONGEST_CHAIN:
            one = left.pop()
            if one not in found:
                found.add(one)
                left += self._behind(one)
        return found

    def _behind(self, path: str) -> Iterator[str]:
        module, _, name = path.rpartition(".")
        scope = self.scope(module) if module else None
        if scope is None:
            return
        yield from scope.origins.get(name, set())
        for statement in scope.tree.body:
            value = getattr(statement, "value", None)
            if name in assigned_names(statement) and isinstance(value, ast.expr):
                yield from scope.mentioned(value)
        if name not in scope.defined:
            yield from (f"{star}.{name}" for star in scope.stars)

    def _classes(self, path: str) -> Iterator[ast.ClassDef]:
        for one in self.reached(path):
            module, _, name = one.rpartition(".")
            scope = self.scope(module) if module else None
            for node in scope.tree.body if scope else ():
                if isinstance(node, ast.ClassDef) and node.name == name:
                    yield node

    def _scope(self, module: str) -> Scope | None:
        file = layout.file_of(module).removesuffix(".py")
        for path, here in ((f"{file}.py", module), (f"{file}/{PACKAGE}.py", f"{module}.{PACKAGE}")):
            source = self.project.read(path)
            if source is not None:
                return read_scope(source, here)
        return None


def read_scope(source: bytes, here: str) -> Scope | None:
    """Return the scope of the module `here`, None if it cannot be parsed."""
    try:
        tree = Module.read(source).tree
    except Unclear:
        return None
    bound = bindings(tree, here)
    origins: dict[str, set[str]] = {}
    for one in bound:
        origins.setdefault(one.local, set()).add(one.path)
    defined = set(origins)
    stars = []
    for owner, block in blocks(tree):
        inner = isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for statement in block:
            names = assigned_names(statement)
            value = getattr(statement, "value", None)
            for name in names:
                if isinstance(value, ast.expr) and (found := paths(value, bound)):
                    origins.setdefault(name, set()).update(found)
            if not inner:
                defined.update(names)
                if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    defined.add(statement.name)
            if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
                stars.append(source_module(statement, here))
    return Scope(here, tree, origins, frozenset(defined), tuple(stars))
