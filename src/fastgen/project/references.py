"""What refers to a resource: other resources, and modules that people wrote."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from fastgen.changes.plan import Edit
from fastgen.errors import InUse
from fastgen.project import resources, sources
from fastgen.project.place import Project
from fastgen.slices import render
from fastgen.slices.resource import Resource

SHOWN = 10


def in_use(
    project: Project, resource: Resource, own: Collection[str], edits: Iterable[Edit]
) -> Iterator[InUse]:
    """Find who would miss `resource` when `edits` are made; what is in `own` does not count."""
    name = resource.names.singular
    entries = resources.referring(project.root, name, project.database)
    referring = [entry.resource for entry in entries]
    if referring:
        listed = ", ".join(one.names.singular for one in referring)
        commands = (f"fastgen remove resource {one}" for one in _before(project, name))
        yield InUse(f"{name} is referred to by {listed}", " && ".join(commands))
    known = {*own, *(path for one in referring for path in render.paths(one))}
    after = {edit.path: edit.after for edit in edits}
    using = [path for path in _importing(project, resource, after) if path not in known]
    if using:
        listed = ", ".join([*using[:SHOWN], *(["..."] if len(using) > SHOWN else [])])
        yield InUse(f"{name} is used in {listed}", f"grep -rnw {resource.names.cls} src tests")


def _before(project: Project, name: str) -> list[str]:
    """Return which resources refer to `name`, directly or not, each before what it refers to."""
    found: dict[str, None] = {}
    for entry in resources.referring(project.root, name, project.database):
        one = entry.resource.names.singular
        found |= dict.fromkeys([*_before(project, one), one])
    return list(found)


def _importing(project: Project, resource: Resource, after: Mapping[str, bytes]) -> Iterator[str]:
    wanted = _uses(resource)
    names = (resource.names.singular, resource.names.plural, resource.names.cls)
    for folder in ("src", "tests"):
        for path in sources.mentioning(project.root, folder, names, {"src/app/migrations"}):
            if wanted.search(after.get(path) or project.read(path) or b""):
                yield path


def _uses(resource: Resource) -> re.Pattern[bytes]:
    """Return what an import of the slice, or a foreign key to its table, looks like."""
    names = resource.names
    module = rf"app\.(?:models|schemas|services)\.{names.singular}\b"
    endpoints = rf"app\.api\.v1\.endpoints\.{names.plural}\b"
    start = r"^[ \t]*(?:from|import)[ \t]+"
    model = rf"{start}app\.models[ \t]+import\b(?:[^(\n]*|[ \t]*\([^)]*)\b{names.cls}\b"
    key = rf"""["']{names.table}\.id["']"""
    text = rf"{start}(?:{module}|{endpoints})|{model}|{key}"
    return re.compile(text.encode(), re.MULTILINE)
