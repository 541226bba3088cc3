"""Records in the recipe what people decided in the code."""

from collections.abc import Iterator
from dataclasses import replace

from fastgen.changes.plan import Change, Create, Edit, Plan
from fastgen.commands.check import decided, entries
from fastgen.commands.check.compare import Fixed
from fastgen.engine.carry import carry, no_migration
from fastgen.engine.changes import Change as Wanted
from fastgen.errors import Refused
from fastgen.names import layout
from fastgen.project import migrations, template_version
from fastgen.project.project import Project
from fastgen.project.resources import Entry

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
    for old in found.by_name.values():
        seen = decided.read(project, found, old, history)
        notes += seen.notes
        if seen.entry.resource != old.resource:
            entry = replace(old, revisions=seen.entry.revisions)
            wanted.append(Wanted(entry, seen.entry.resource, renamed=seen.renamed))
        elif seen.entry != old:
            content = project.raw(old.path) or b""
            changes.append(Edit(old.path, content, seen.entry.text(), WHY))
            changes += _records_apart(project, old)
    carried = carry(project, wanted, no_migration, why=WHY).plan.changes if wanted else ()
    # Only what is recorded: the code is as people want it.
    changes += [one for one in carried if one.path.startswith(f"{layout.KEPT}/")]
    return Fixed(Plan(tuple(changes)), tuple(notes))


def _records_apart(project: Project, entry: Entry) -> Iterator[Change]:
    """Yield the change that puts the records in an older `entry` where they are now."""
    if entry.inside.files and project.raw(entry.records_path) is None:
        yield Create(entry.records_path, entry.inside.text(), WHY)
