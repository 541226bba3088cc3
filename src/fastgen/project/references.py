"""Finds what refers to a resource: other resources, and modules that people wrote."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from fastgen.changes.plan import Edit
from fastgen.errors import InUse
from fastgen.names import layout
from fastgen.project import resources, sources, worlds
from fastgen.project.modules import read_scope
from fastgen.project.project import Project
from fastgen.slices import circles, render
from fastgen.slices.resource import Resource
from fastgen.wiring.bindings import bindings

SHOWN = 10
# Its examples mention an item in every project.
RULES = "AGENTS.md"


def in_use(
    project: Project, resource: Resource, own: Collection[str], edits: Iterable[Edit]
) -> Iterator[InUse]:
    """Find what still uses `resource` after `edits`, except in the files `own`."""
    name = resource.names.singular
    entries = resources.referring(project.root, name, project.database)
    referring = [entry.resource for entry in entries]
    if referring:
        listed = ", ".join(one.names.singular for one in referring)
        yield InUse(f"{name} is referred to by {listed}", " && ".join(_before(project, resource)))
    slices = (*own, *(path for one in referring for path in render.paths(one)))
    known = {project.places.file(path) for path in slices}
    after = {edit.path: edit.after for edit in edits}
    using = [path for path in _importing(project, resource, after) if path not in known]
    if using:
        told = f"{name} is used in {_listed(using)}"
        yield InUse(told, f"grep -rnw {resource.names.cls} src tests")


def _before(project: Project, resource: Resource) -> list[str]:
    """Return the commands that remove what refers to `resource`, also indirectly.

    First the references that lead back to where they come from, then each resource before those
    that it refers to.
    """
    fields: dict[str, None] = {}
    found: dict[str, None] = {}

    def visit(target: str) -> None:
        for entry in resources.referring(project.root, target, project.database):
            one = entry.resource
            name, world = one.names.singular, worlds.world(project, one)
            leading = [field for field in one.references if field.target == target]
            closing = [f for f in leading if f.optional and circles.closes(f, one, world)]
            fields.update(dict.fromkeys(f"fastgen remove field {name} {f.name}" for f in closing))
            if len(closing) < len(leading):
                visit(name)
                found[f"fastgen remove resource {name}"] = None

    visit(resource.names.singular)
    return [*fields, *found]


def notes(
    project: Project,
    resource: Resource,
    own: Collection[str],
    edits: Iterable[Edit],
    new: Resource | None = None,
) -> list[str]:
    """Return a note about the files that still mention `resource` after `edits`, if any.

    The files in `own` are left out, and so is what it is still called as `new`.
    """
    still = _words(new) if new else ()
    words = [word for word in _words(resource) if word not in still]
    if not words:
        return []
    wanted = re.compile("|".join(words).encode())
    told = {RULES, *(project.places.file(path) for path in own)}
    after = {edit.path: edit.after for edit in edits}
    found = [
        path
        for path in sources.texts(project.root)
        if path not in told and wanted.search(after.get(path) or project.read(path) or b"")
    ]
    return [f"still mentioning {resource.names.singular}: {_listed(found)}"] if found else []


def _listed(paths: Sequence[str]) -> str:
    return ", ".join([*paths[:SHOWN], *(["..."] if len(paths) > SHOWN else [])])


def _importing(project: Project, resource: Resource, after: Mapping[str, bytes]) -> Iterator[str]:
    names = (resource.names.singular, resource.names.plural, resource.names.cls)
    for folder in (layout.SOURCES, layout.TESTS):
        for path in sources.mentioning(project.root, folder, names, {layout.MIGRATIONS}):
            source = after.get(path) or project.read(path) or b""
            if _has_key(resource, source) or _uses(resource, path, source):
                yield path


def _uses(resource: Resource, path: str, source: bytes) -> bool:
    """Whether the module `path` imports from the slice of `resource`, or names its class."""
    here = layout.module_of(path)
    scope = read_scope(source, here)
    if scope is None:
        # It has newer syntax than this Python, or is being edited.
        return re.search(rf"\b{resource.names.cls}\b".encode(), source) is not None
    found = scope.mentioned(scope.tree)
    found |= {one for bound in bindings(scope.tree, here) for one in (bound.path, bound.target)}
    found |= {f"{module}." for module in scope.stars}
    slices = tuple(f"{module}." for module in _modules(resource))
    model = f"{layout.MODELS_PACKAGE}.{resource.names.cls}."
    return any(f"{one}.".startswith((*slices, model)) for one in found)


def _modules(resource: Resource) -> list[str]:
    return [layout.module_of(path) for path in render.paths(resource)]


def _has_key(resource: Resource, source: bytes) -> bool:
    key = rf"""["']{resource.names.table}\.id["']"""
    return re.search(key.encode(), source) is not None


def _words(resource: Resource) -> tuple[str, ...]:
    """Return patterns that find the URL, the files, the table and the class of `resource`."""
    names = resource.names
    return (
        rf"/{re.escape(names.path)}\b(?!\.)",
        rf"\b(?:models|schemas|services)[./]{names.singular}\b",
        rf"\bendpoints[./]{names.plural}\b",
        rf"\b(?:test_{names.plural}|{names.plural}_router)\b",
        rf"(?i:\b(?:from|into|update|join|table)\s+){names.table}\b",
        rf"""relationship\(\s*["']{names.cls}["']""",
    )
