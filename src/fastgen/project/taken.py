"""Finds names that are taken in the files in which a resource is wired."""

import ast
from collections.abc import Callable, Iterable, Iterator

from fastgen.changes.plan import Edit
from fastgen.errors import Clash
from fastgen.names import layout
from fastgen.project.modules import Scope, read_scope
from fastgen.project.project import Project
from fastgen.project.wirings import Wiring
from fastgen.slices.scopes import hidden


def classes(
    project: Project, wanted: Iterable[Wiring], clash: Callable[[str], Clash]
) -> Iterator[Clash]:
    """Find the classes that have a name which the `wanted` wirings have to import.

    `clash` turns a message into an error.
    """
    for wiring in wanted:
        [(_, name), *_] = wiring.needs
        scope = None if wiring.path == layout.ROUTER else _scope(project, wiring.path)
        if scope is None or name not in scope.defined:
            continue
        imported = scope.origins.get(name, set())
        if not any(one.startswith(f"{layout.MODELS_PACKAGE}.") for one in imported):
            yield clash(f"{wiring.path} already has another {name}")


def attributes(edits: Iterable[Edit], clash: Callable[[str], Clash]) -> Iterator[Clash]:
    """Find the attributes of classes that hide a name which `edits` need.

    `clash` turns a message into an error.
    """
    for edit in edits:
        if edit.path != layout.ROUTER:
            for cls, name in sorted(_hidden(edit.after) - _hidden(edit.before)):
                yield clash(
                    f"{edit.path}: {cls} already has {name!r}, which {edit.why} needs for "
                    "something else"
                )


def _scope(project: Project, path: str) -> Scope | None:
    source = project.read(path)
    here = path.partition("/")[2].removesuffix(".py").replace("/", ".")
    return None if source is None else read_scope(source, here)


def _hidden(source: bytes) -> set[tuple[str, str]]:
    return set(hidden(ast.parse(source)))
