"""The models that people wrote by hand, to whose rows resources may refer."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from fastgen.names import layout
from fastgen.names.plurals import plural
from fastgen.names.resource import ITEMS, Names, pascal, snake
from fastgen.project import history, resources
from fastgen.project.modules import read_scope
from fastgen.project.project import Project
from fastgen.slices.resource import USER, Resource
from fastgen.wiring.classes import ClassFound, find_classes

# The base class that brings the usual key.
WITH_KEY = "IdMixin"


@dataclass(frozen=True, slots=True)
class Written:
    """A model that people wrote: its file, and why no reference can point to it, if none can."""

    names: Names
    path: str
    key: str | None
    reason: str | None

    @property
    def resource(self) -> Resource:
        """The model as a resource: it has no owner that fastgen knows of."""
        return Resource(self.names, "shared", ())


def models(project: Project) -> dict[str, Written]:
    """Return the models in the project that fastgen did not add, by their names.

    One whose entry git knows is not among them: the entry was lost.
    """
    ours = {*resources.listed(project.root), USER}
    moved = {*project.places.files.values()}
    return {
        one.names.singular: one
        for module in _modules(project)
        if module not in ours and f"{layout.MODELS}/{module}.py" not in moved
        for one in _of_module(project, module)
        if one.names.singular not in ours and not _is_lost(project, one.names.singular)
    }


def _is_lost(project: Project, name: str) -> bool:
    return history.restoring(project.root, resources.path_of(name), bool) is not None


def _modules(project: Project) -> Iterator[str]:
    try:
        files = sorted(os.listdir(project.root / layout.MODELS))
    except OSError:
        return
    yield from (name.removesuffix(".py") for name in files if name.endswith(".py"))


def _of_module(project: Project, module: str) -> Iterator[Written]:
    path = f"{layout.MODELS}/{module}.py"
    for found in find_classes(project.read(path) or b""):
        singular = snake(found.name)
        if found.table and pascal(singular) == found.name:
            many = plural(singular)
            many = f"{singular}{ITEMS}" if many == singular else many
            names = Names(singular, many, own_table=found.table, own_module=module)
            yield Written(names, path, found.key, _reason(project, found))


def _reason(project: Project, found: ClassFound) -> str | None:
    if found.key != "int" and not (found.key is None and WITH_KEY in found.bases):
        return "its key is not `id: Mapped[int]`"
    scope = read_scope(project.read(layout.MODELS_INIT) or b"", layout.MODELS_PACKAGE)
    if scope is None or found.name not in scope.origins:
        return f"{layout.MODELS_INIT} does not import it"
    return None
