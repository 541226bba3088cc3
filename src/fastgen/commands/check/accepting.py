"""Records in the recipe what people decided in the code."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fastgen.changes.plan import Change, Edit, Plan
from fastgen.commands.check import decided, domain, entries
from fastgen.commands.check.compare import Fixed
from fastgen.commands.check.decided import Decided
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
    known = [found.account, *found.by_name.values()]
    seen = [decided.read(project, found, old, history) for old in known]
    changes = _recorded(project, known, seen)
    accounts, *now = [one.entry.resource for one in seen]
    edits, told = domain.following(project, found, accounts, now, WHY)
    notes = [note for one in seen for note in one.notes]
    return Fixed(Plan((*changes, *edits)), (*notes, *told))


def _recorded(
    project: Project, entries: Sequence[Entry], seen: Sequence[Decided]
) -> Iterator[Change]:
    """Yield the changes of `entries` to the decisions that were `seen` in the code."""
    wanted: list[Wanted] = []
    for old, now in zip(entries, seen, strict=True):
        if now.entry.resource != old.resource:
            entry = replace(old, revisions=now.entry.revisions)
            wanted.append(Wanted(entry, now.entry.resource, renamed=now.renamed))
        elif now.entry != old:
            yield Edit(old.path, project.raw(old.path) or b"", now.entry.text(), WHY)
    if wanted:
        carried = carry(project, wanted, no_migration, why=WHY).plan.changes
        yield from (one for one in carried if one.path.startswith(f"{layout.KEPT}/"))
