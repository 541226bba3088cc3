"""Finds the columns that people renamed, with a migration."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fastgen.commands.check import decided_migrations
from fastgen.commands.check.entries import Entries
from fastgen.commands.check.slice_source import Told
from fastgen.fields.model import Field
from fastgen.fields.show import show
from fastgen.names import layout
from fastgen.project import understand
from fastgen.project.kinds import parsed
from fastgen.project.migrations import Migration
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.slices import column_sets
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Resource
from fastgen.system import parsing
from fastgen.wiring.classes import find_classes


@dataclass(frozen=True, slots=True)
class Columns:
    """A resource with the new names of fields, and the new name of each of them and its column."""

    resource: Resource
    renamed: Mapping[str, str]
    told: tuple[Told, ...]
    notes: tuple[str, ...]


def read(project: Project, found: Entries, entry: Entry, history: Sequence[Migration]) -> Columns:
    """Return the resource of `entry` with the columns that people renamed by a migration.

    Raises `FastgenError` when the slice with the new names cannot be rendered.
    """
    renamed, notes = _renamed(project, found, entry, history)
    fields = {one.name: one for one in entry.resource.fields}
    names = {old: new.name for old, new in renamed.items()}
    columns = {fields[old].column: new.column for old, new in renamed.items()}
    told = (_told(project, entry, fields[old], new) for old, new in renamed.items())
    return Columns(_with(entry.resource, renamed), columns | names, (*told,), (*notes,))


def _told(project: Project, entry: Entry, old: Field, new: Field) -> Told:
    path = layout.model(entry.resource.names)
    line = next(
        (
            node.lineno
            for node in ast.walk(parsed(project.read(path) or b""))
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == new.attribute
        ),
        1,
    )
    text = f"{old.attribute} is called {new.attribute}, but {entry.path} does not say so"
    return Told(path, line, text)


def _renamed(
    project: Project, found: Entries, entry: Entry, history: Sequence[Migration]
) -> tuple[dict[str, Field], list[str]]:
    """Return the new field for the name of each that people renamed, and notes about others."""
    names = entry.resource.names
    path = layout.model(names)
    source = project.read(path) or b""
    cls = next((one for one in find_classes(source) if one.name == names.cls), None)
    if cls is None:
        told = f"{project.places.file(path)} has neither a class {names.cls} nor the table "
        told += f"{names.table}; `fastgen rename resource` renames both"
        return {}, [told] if source and path not in project.places.with_others else []
    lost = [one for one in entry.resource.fields if one.attribute not in cls.attributes]
    renamed: dict[str, Field] = {}
    notes = []
    for one in lost:
        fits = [
            new
            for new in _candidates(project, found, entry, one, cls.attributes)
            if _is_migrated(names.table, one.column, new.column, history)
        ]
        if len(fits) == 1:
            renamed[one.name] = fits[0]
        else:
            notes.append(
                f"{one.attribute} of {names.cls} is recorded under its new name only if the rest "
                "of its line is as before, and a migration renames the column"
            )
    return renamed, notes


def _candidates(
    project: Project, found: Entries, entry: Entry, lost: Field, attributes: Sequence[str]
) -> Iterator[Field]:
    """Yield `lost` with the name of each other one of `attributes` with the same definition."""
    resource, world = entry.resource, found.world(project)
    path, cls = layout.model(resource.names), resource.names.cls
    ours = _definitions(project.read(path) or b"", cls)
    renderer = Renderer(project.root, project.recipe.answers)
    known = {one.attribute for one in resource.fields}
    others = [one for one in resource.fields if one is not lost]
    for attribute in attributes:
        name = attribute.removesuffix("_id") if lost.target else attribute
        text = name + show(lost).removeprefix(lost.name)
        typed, wrong = understand.read(project, [text], resource.access, others)
        if attribute in known or wrong or typed[0][1].attribute != attribute:
            continue
        new = typed[0][1]
        fresh = renderer.files(_with(resource, {lost.name: new}), world)[path]
        if _definitions(fresh.encode(), cls).get(attribute) == ours.get(attribute):
            yield new


def _definitions(source: bytes, cls: str) -> Mapping[str, str]:
    """Return how the attributes of the class `cls` are defined."""
    try:
        body = parsing.python_of(source).body
    except ValueError:
        return {}
    return {
        one.target.id: ast.dump(ast.Tuple([one.annotation, one.value or one.annotation]))
        for node in body
        if isinstance(node, ast.ClassDef) and node.name == cls
        for one in node.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    }


def _is_migrated(table: str, old: str, new: str, history: Sequence[Migration]) -> bool:
    """Whether a migration renames the column `old` of `table` to `new`."""
    return any(
        call == "alter_column" and old in texts and new in texts
        for one in history
        if f'"{table}"'.encode() in one.source or f"'{table}'".encode() in one.source
        for call, texts in decided_migrations.calls(one)
    )


def _with(resource: Resource, renamed: Mapping[str, Field]) -> Resource:
    fields = tuple(renamed.get(one.name, one) for one in resource.fields)
    names = {old: new.name for old, new in renamed.items()}
    return column_sets.renamed(replace(resource, fields=fields), names)
