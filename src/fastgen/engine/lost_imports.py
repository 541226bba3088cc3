"""Finds imports of names that a plan takes away, in modules that people wrote."""

import ast
from collections.abc import Iterator

from fastgen.changes.plan import Manual
from fastgen.engine.staged import Staged
from fastgen.names import layout
from fastgen.project import sources
from fastgen.project.modules import Modules, read_scope
from fastgen.project.project import Project
from fastgen.wiring.bindings import source_module


def left(project: Staged) -> Iterator[Manual]:
    """Yield a manual step for each import in the project of a name that is no longer defined."""
    gone = dict(_gone(project))
    if not gone:
        return
    known = {*gone, *(project.places.modules.get(module, module) for module in gone)}
    words = {module.rpartition(".")[2] for module in known}
    for path in _modules(project, words):
        scope = read_scope(project.read(path) or b"", layout.module_of(path))
        for statement in ast.walk(scope.tree) if scope else ():
            if isinstance(statement, ast.ImportFrom):
                module = source_module(statement, layout.module_of(path))
                lost = [one.name for one in statement.names if one.name in gone.get(module, ())]
                if lost:
                    yield _manual(path, statement, module, lost)


def _gone(project: Staged) -> Iterator[tuple[str, set[str]]]:
    """Yield the names that each changed module defines before, and not afterwards."""
    before = Modules(Project(project.root, project.recipe, project.settings, places=project.places))
    after = Modules(project)
    for path in project.files:
        if path.endswith(".py") and not path.startswith(f"{layout.VERSIONS}/"):
            module = layout.module_of(path).removesuffix(".__init__")
            old = before.scope(module)
            new = after.scope(module) if old else None
            if old and (lost := set(old.defined) - set(new.defined if new else ())):
                yield module, lost


def _modules(project: Staged, words: set[str]) -> Iterator[str]:
    """Yield the modules, as they will be, that mention one of `words`."""
    found = {
        project.places.usual(path)
        for folder in (layout.SOURCES, layout.TESTS)
        for path in sources.mentioning(project.root, folder, words, {layout.VERSIONS})
    }
    yield from sorted(path for path in found | project.files.keys() if path.endswith(".py"))


def _manual(path: str, statement: ast.ImportFrom, module: str, lost: list[str]) -> Manual:
    return Manual(
        path,
        ast.unparse(statement),
        f"line {statement.lineno} imports {' and '.join(lost)}, which {module} no longer defines",
    )
