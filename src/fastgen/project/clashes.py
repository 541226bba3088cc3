"""What is in the way of a new resource: all of it, before anything is written."""

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from fastgen.errors import Clash
from fastgen.project import migrations
from fastgen.project.migrations import Migration
from fastgen.project.place import Project
from fastgen.slices.relations import relations
from fastgen.slices.resource import Resource, World
from fastgen.wiring.classes import ClassFound, find_classes

MODELS = "src/app/models"
API = "src/app/api"


def find(
    project: Project,
    resource: Resource,
    world: World,
    known: Iterable[Migration],
    replaced: Collection[str],
) -> Iterator[Clash]:
    """Find the classes, tables, routes and migrations that `resource` would clash with.

    What is in the files `replaced` does not count.
    """
    names, other = resource.names, "fastgen add resource ANOTHER-NAME"
    for path, found in _classes(project.root, names.cls, names.table):
        if path in replaced:
            continue
        if found.name == names.cls:
            yield Clash(f"{path} has a class {names.cls} already", other)
        if found.table == names.table:
            hint = f"fastgen add resource {names.singular} --plural ANOTHER-PLURAL"
            yield Clash(f"{path} has a table {names.table!r} already", hint)
    for path in _mentions(project.root / API, f"/{names.path}"):
        shown = path.relative_to(project.root).as_posix()
        if shown in replaced:
            continue
        hint = f"fastgen add resource {names.singular} --plural ANOTHER-PLURAL"
        yield Clash(f"{shown} has the route /{names.path} already", hint)
    made = migrations.makes(known, names.table)
    if made:
        yield Clash(f"{made.path} makes a table {names.table!r} already", other)
    yield from _taken_attributes(project, resource, world)


def _taken_attributes(project: Project, resource: Resource, world: World) -> Iterator[Clash]:
    for relation in relations(resource, world):
        path = f"{MODELS}/{relation.target.singular}.py"
        source = None if relation.to_self else project.read(path)
        for found in find_classes(source or b""):
            if found.name == relation.target.cls and relation.back in found.attributes:
                yield Clash(
                    f"{path}: {found.name} has {relation.back!r} already, which is what the "
                    f"other side of {relation.attribute!r} would be called",
                    f"fastgen add resource {resource.names.singular} --plural ANOTHER-PLURAL",
                )


def _classes(root: Path, cls: str, table: str) -> Iterator[tuple[str, ClassFound]]:
    wanted = (f"class {cls}".encode(), f'"{table}"'.encode(), f"'{table}'".encode())
    for file in _python(root / MODELS):
        source = file.read_bytes()
        if any(text in source for text in wanted):
            for found in find_classes(source):
                yield file.relative_to(root).as_posix(), found


def _mentions(folder: Path, route: str) -> Iterator[Path]:
    wanted = (f'"{route}"'.encode(), f"'{route}'".encode())
    for file in _python(folder):
        source = file.read_bytes()
        if any(text in source for text in wanted):
            yield file


def _python(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".py"):
                yield Path(parent, name)
