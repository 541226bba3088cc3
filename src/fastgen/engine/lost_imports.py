"""Finds uses of names and modules that a plan removes, in modules that people wrote."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fastgen.changes.plan import Manual
from fastgen.engine.staged import Staged
from fastgen.names import layout
from fastgen.project import sources
from fastgen.project.modules import Scope, read_scope
from fastgen.project.project import Project
from fastgen.wiring.bindings import source_module


@dataclass(frozen=True, slots=True)
class Gone:
    """The deleted modules, and the names that other modules no longer define."""

    modules: frozenset[str]
    names: Mapping[str, set[str]]

    def of(self, module: str, name: str) -> bool:
        """Whether `name` can no longer be imported from `module`."""
        return f"{module}.{name}" in self.modules or name in self.names.get(module, ())


def left(project: Staged) -> Iterator[Manual]:
    """Yield a manual step for each use of a deleted module or name in the project."""
    names, modules = dict(_gone(project)), frozenset(_gone_modules(project))
    gone = Gone(modules, names)
    known = {*names, *modules}
    known |= {project.places.modules.get(module, module) for module in known}
    words = {module.rpartition(".")[2] for module in known}
    for path in _modules(project, words) if words else ():
        scope = read_scope(project.read(path) or b"", layout.module_of(path))
        if scope:
            yield from _imports(path, scope, gone)
            yield from _attributes(path, scope, gone)


def _gone(project: Staged) -> Iterator[tuple[str, set[str]]]:
    """Yield the names that each changed module defines before, and not afterwards."""
    for path in _changed(project):
        module = layout.module_of(path).removesuffix(".__init__")
        before = read_scope(Project.read(project, path) or b"", module)
        after = read_scope(project.read(path) or b"", module) if before else None
        if before and (lost := set(before.defined) - set(after.defined if after else ())):
            yield module, lost


def _gone_modules(project: Staged) -> Iterator[str]:
    for path in _changed(project):
        if project.files[path] is None:
            yield layout.module_of(path).removesuffix(".__init__")


def _changed(project: Staged) -> Iterator[str]:
    for path in project.files:
        if path.endswith(".py") and not path.startswith(f"{layout.VERSIONS}/"):
            yield path


def _modules(project: Staged, words: Iterable[str]) -> Iterator[str]:
    """Yield the modules, as they will be, that mention one of `words`."""
    found = {
        project.places.usual(path)
        for folder in (layout.SOURCES, layout.TESTS)
        for path in sources.mentioning(project.root, folder, words, {layout.VERSIONS})
    }
    yield from sorted(path for path in found | project.files.keys() if path.endswith(".py"))


def _imports(path: str, scope: Scope, gone: Gone) -> Iterator[Manual]:
    for node in ast.walk(scope.tree):
        if isinstance(node, ast.ImportFrom):
            module = source_module(node, scope.here)
            lost = [one.name for one in node.names if gone.of(module, one.name)]
            if lost:
                told = f"imports {' and '.join(lost)}, which {module} no longer defines"
                yield _manual(path, node, told)
        elif isinstance(node, ast.Import):
            lost = [one.name for one in node.names if one.name in gone.modules]
            if lost:
                yield _manual(path, node, f"imports {' and '.join(lost)}, which no longer exists")


def _attributes(path: str, scope: Scope, gone: Gone) -> Iterator[Manual]:
    """Yield a step for the first use of each name as an attribute of a module that stays."""
    seen: set[str] = set()
    for node in ast.walk(scope.tree):
        if isinstance(node, ast.Attribute):
            for module, _, name in (one.rpartition(".") for one in scope.meant(node)):
                lost = module not in gone.modules and name in gone.names.get(module, ())
                if lost and (text := ast.unparse(node)) not in seen:
                    seen.add(text)
                    yield _manual(path, node, f"uses {text}, which {module} no longer defines")


def _manual(path: str, node: ast.stmt | ast.expr, told: str) -> Manual:
    return Manual(path, ast.unparse(node), f"line {node.lineno} {told}")
