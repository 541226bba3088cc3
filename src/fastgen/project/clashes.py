"""Finds all names in a project that clash with a new resource."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from fastgen.errors import Clash
from fastgen.names import layout
from fastgen.names.resource import LONGEST, Names, is_name, snake
from fastgen.project import migrations, operations, resources, routes, sources
from fastgen.project.migrations import Migration
from fastgen.project.project import Project
from fastgen.slices.relations import relations
from fastgen.slices.resource import Resource, World
from fastgen.wiring.classes import ClassFound, find_classes

# Classes in these folders have no tables.
TABLELESS = {layout.API, layout.MIGRATIONS, layout.SCHEMAS, layout.SERVICES}


def find(
    project: Project,
    resource: Resource,
    typed: str,
    world: World,
    known: Iterable[Migration],
    replaced: Collection[str],
    instead_of: Resource | None = None,
) -> Iterator[Clash]:
    """Find the resources, classes, tables, routes and migrations that clash with `resource`.

    `typed` is its name as it was typed. The files `replaced` are not searched. A plural or path
    that it shares with the resource `instead_of`, whose place it takes, is no clash.
    """
    names, before = resource.names, instead_of.names if instead_of else None
    replaced = {project.places.file(path) for path in replaced}
    if before is None or before.path != names.path:
        yield from _routes(project, names, replaced)
    if before and before.plural == names.plural:
        return
    yield from _plurals(project, names)
    for path, found in _models(project, names):
        if path not in replaced:
            yield from _model(path, found, names, typed)
    made = migrations.makes(known, names.table)
    if made:
        yield another_plural(f"{made.path} already creates a table {names.table!r}", names)
    yield from _taken_attributes(project, resource, world)


def of_operations(
    project: Project,
    names: Names,
    typed: str,
    rendered: Mapping[str, str],
    replaced: Collection[str],
) -> Iterator[Clash]:
    """Find the routes that have a name of the operations in `rendered`, a new slice.

    The resource has the `names`, and was called `typed`. The files `replaced` are not searched.
    """
    source = rendered[layout.endpoints(names)]
    replaced = {project.places.file(path) for path in replaced}
    if not operations.may_have(project.root, source, replaced):
        return
    made = operations.ids(source)
    for path, operation in operations.having(project.root, made, replaced):
        told = (
            f"{path}, line {operation.line}: a route is already called {operation.id}, and names "
            "of routes are ids in the OpenAPI document"
        )
        of_many = operation.id.endswith(f"_{names.plural}")
        yield another_plural(told, names) if of_many else another_name(told, typed)


def taken(root: Path, paths: Iterable[str]) -> dict[str, str]:
    """Return the existing path for each of `paths` that is taken.

    It may differ in case, which is the same on some file systems, or be a package of that name.
    """
    found: dict[str, str] = {}
    for path in paths:
        pure = PurePosixPath(path)
        wanted = {pure.name.casefold(), pure.stem.casefold()}
        for name in sorted(_entries(root / pure.parent)):
            if name.casefold() in wanted:
                found[path] = (pure.parent / name).as_posix()
    return found


def _entries(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def another_name(message: str, typed: str) -> Clash:
    """Return the error for a resource that needs another name than the one `typed`."""
    stem = snake(typed)[: LONGEST - len("_record")].rstrip("_")
    found = (f"{stem}_{word}" for word in ("entry", "record"))
    better = next((name for name in found if name != typed and is_name(name)), "another_name")
    return Clash(message, instead=((typed, better),))


def another_plural(message: str, names: Names) -> Clash:
    """Return the error for a resource that needs another plural."""
    found = (f"{names.singular}_{word}" for word in ("items", "records", "rows"))
    plural = next(name for name in found if name != names.plural)
    return Clash(message, instead=(("--plural=*", f"--plural {plural}"),))


def _routes(project: Project, names: Names, replaced: Collection[str]) -> Iterator[Clash]:
    for path in routes.having(project.root, f"/{names.path}"):
        if path not in replaced:
            yield another_plural(f"{path} already has the route /{names.path}", names)


def _plurals(project: Project, names: Names) -> Iterator[Clash]:
    """Find another resource in the recipe with the same plural."""
    mark = f"\nplural: {names.plural}\n".encode()
    for name in resources.listed(project.root):
        if name != names.singular and mark in (project.read(resources.path_of(name)) or b""):
            yield another_plural(f"the plural of {name} is already {names.plural!r}", names)


def _models(project: Project, names: Names) -> Iterator[tuple[str, ClassFound]]:
    texts = (f"class {names.cls}", f'"{names.table}"', f"'{names.table}'")
    for path in sources.mentioning(project.root, layout.APP, texts, TABLELESS):
        for found in find_classes(project.read(path) or b""):
            yield path, found


def _model(path: str, found: ClassFound, names: Names, typed: str) -> Iterator[Clash]:
    if found.name == names.cls and (found.table or path.startswith(f"{layout.MODELS}/")):
        yield another_name(f"{path} already has a class {names.cls}", typed)
    if found.table == names.table:
        yield another_plural(f"{path} already has a table {names.table!r}", names)


def _taken_attributes(project: Project, resource: Resource, world: World) -> Iterator[Clash]:
    for relation in relations(resource, world):
        path = layout.model(relation.target)
        source = None if relation.to_self else project.read(path)
        for found in find_classes(source or b""):
            if found.name == relation.target.cls and relation.back in found.attributes:
                yield another_plural(
                    f"{path}: {found.name} already has {relation.back!r}, which is what the "
                    f"other side of {relation.attribute!r} would be called",
                    resource.names,
                )
