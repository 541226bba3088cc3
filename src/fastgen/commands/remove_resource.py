"""`fastgen remove resource`, without a terminal: delete unchanged files, keep edited ones."""

from fastgen.changes.plan import Edit
from fastgen.commands.proposal import Proposal
from fastgen.engine.carry import carry
from fastgen.engine.changes import Change
from fastgen.engine.migrate import migration_of
from fastgen.errors import raise_all
from fastgen.project import references, resources, wirings
from fastgen.project.project import Project
from fastgen.slices.render import paths


def propose(project: Project, name: str, *, migration: bool | None = None) -> Proposal:
    """Plan the removal of the resource `name`.

    Raises `FastgenError` when there is none, or when others refer to it or use it.
    """
    entry = resources.must_load(project.root, name, project.database)
    resource = entry.resource
    title = f"drop {resource.names.labels}"
    migrate = migration_of(project, title, wanted=project.migrates(migration))
    carried = carry(project, [Change(entry, None)], migrate, why="the slice")
    edits = [change for change in carried.plan.changes if isinstance(change, Edit)]
    left = {one.path for one in carried.plan.manual}
    needed = wirings.wirings(resource, carried.worlds.before)
    wired = {project.places.file(one.path) for one in needed}
    own = {*paths(resource), *(left & wired)}
    raise_all(list(references.in_use(project, resource, own, edits)))
    notes = references.notes(project, resource, {*own, entry.path}, edits)
    return Proposal(resource, carried.plan, (*carried.notes, *notes))
