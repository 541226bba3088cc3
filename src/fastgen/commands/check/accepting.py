"""Records in the recipe what people decided in the code: renamed columns, squashed migrations."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from fastgen.changes.plan import Change, Edit, Plan
from fastgen.commands.check import decided, entries
from fastgen.commands.check.compare import Fixed
from fastgen.commands.check.entries import Entries
from fastgen.engine.carry import carry, no_migration
from fastgen.engine.changes import Change as Wanted
from fastgen.errors import Refused
from fastgen.fields.model import Field
from fastgen.fields.show import show
from fastgen.names import layout
from fastgen.project import migrations, template_version, understand
from fastgen.project.migrations import Migration
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.slices import column_sets
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Resource
from fastgen.system import parsing
from fastgen.wiring.classes import find_classes

WHY = "what was decided"


def accept(project: Project) -> Fixed:
    """Plan to record what people decided, with notes about what cannot be recorded.

    Plans nothing in a project of another template.

    Raises `FastgenError` when the slices with the new names cannot be rendered.
    """
    if template_version.differs(project.recipe.version):
        return Fixed(Plan())
    found, _ = entries.load(project)
    try:
        history = migrations.load(project.root)
    except Refused:
        return Fixed(Plan())
    wanted: list[Wanted] = []
    changes: list[Change] = []
    notes: list[str] = []
    seen = {name: decided.read(project, found, old) for name, old in found.by_name.items()}
    for name, old in found.by_name.items():
        entry, new = _squashed(old, history), seen[name].resource
        renamed, left = _renamed(project, found, replace(entry, resource=new), history)
        notes += [*seen[name].notes, *left]
        if renamed or new != old.resource:
            wanted.append(_as_change(entry, new, renamed))
        elif entry is not old:
            changes.append(Edit(old.path, project.raw(old.path) or b"", entry.text(), WHY))
    carried = carry(project, wanted, no_migration, why=WHY).plan.changes if wanted else ()
    # Only what is recorded: the code is as people want it.
    changes += [one for one in carried if one.path.startswith(f"{layout.KEPT}/")]
    return Fixed(Plan(tuple(changes)), tuple(notes))


def _squashed(entry: Entry, history: Sequence[Migration]) -> Entry:
    """Return `entry` with the migrations that replaced its own, if all its columns are there."""
    revisions = {one.revision for one in history}
    kept = [one for one in entry.revisions if one in revisions]
    made = migrations.makes(history, entry.resource.names.table)
    if made is None or len(kept) == len(entry.revisions):
        return entry
    columns = {column for one in history for column in _columns(one, entry.resource)}
    if not {one.column for one in entry.resource.fields} <= columns:
        return entry
    return replace(entry, revisions=(*dict.fromkeys([made.revision, *kept]),))


def _columns(migration: Migration, resource: Resource) -> Iterator[str]:
    """Yield the columns that `migration` gives the table of `resource`."""
    table = resource.names.table
    if f'"{table}"'.encode() not in migration.source:
        return
    for call, texts in _calls(migration):
        if call == "create_table" and texts[:1] == [table]:
            yield from texts[1:]
        elif call in {"add_column", "alter_column"}:
            yield from texts


def _calls(migration: Migration) -> Iterator[tuple[str, list[str]]]:
    """Yield the calls in `upgrade`, each with all texts in it."""
    for function in migrations.tree(migration.source).body:
        if isinstance(function, ast.FunctionDef) and function.name == "upgrade":
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    inner = (one for one in ast.walk(node) if isinstance(one, ast.Constant))
                    yield node.func.attr, [str(one.value) for one in inner]


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
    """Yield `lost` under each of the other `attributes` of the model that are defined so."""
    resource, world = entry.resource, found.world(project)
    path, cls = layout.model(resource.names), resource.names.cls
    ours = _definitions(project.read(path) or b"", cls)
    renderer = Renderer(project.root)
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
        for call, texts in _calls(one)
    )


def _with(resource: Resource, renamed: Mapping[str, Field]) -> Resource:
    fields = tuple(renamed.get(one.name, one) for one in resource.fields)
    names = {old: new.name for old, new in renamed.items()}
    return column_sets.renamed(replace(resource, fields=fields), names)


def _as_change(entry: Entry, new: Resource, renamed: Mapping[str, Field]) -> Wanted:
    before = {one.name: one for one in entry.resource.fields}
    names = {old: new.name for old, new in renamed.items()}
    columns = {before[old].column: new.column for old, new in renamed.items()}
    return Wanted(entry, _with(new, renamed), renamed=columns | names)
