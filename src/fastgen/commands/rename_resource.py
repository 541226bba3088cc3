"""`fastgen rename resource`, without a terminal."""

from dataclasses import replace

from fastgen.commands import changed
from fastgen.commands.changed import Wish
from fastgen.commands.proposal import Proposal
from fastgen.errors import Clash, FastgenError, raise_all
from fastgen.names.resource import Names, resolve
from fastgen.project import clashes, migrations, references, resources, worlds
from fastgen.project.project import Project
from fastgen.slices.render import paths
from fastgen.slices.resource import Resource


def propose(
    project: Project,
    name: str,
    new_name: str,
    *,
    plural: str | None = None,
    keeps_path: bool = False,
    migration: bool | None = None,
) -> Proposal:
    """Plan to rename the resource `name`: its modules, classes, routes, table and references.

    It moves to the path of its new name, unless it `keeps_path`. Raises `FastgenError` when there
    is no such resource, or the new name is taken or refused.
    """
    entry = changed.entry_of(project, name)
    old = entry.resource
    names = resolve(new_name, plural)
    new = _renamed(old, names.at(old.names.path) if keeps_path else names)
    raise_all(list(_taken(project, old, new, new_name)))
    proposal = changed.propose(
        project,
        Wish(entry, new, new_name),
        title=f"rename {old.names.labels} to {new.names.labels}",
        why="the name",
        migration=migration,
    )
    told = {*paths(old), entry.path, *(one.path for one in proposal.plan.manual)}
    told |= {change.path for change in proposal.plan.changes}
    mentioning = references.notes(project, old, told, (), new)
    return replace(proposal, notes=(*proposal.notes, *mentioning))


def _renamed(old: Resource, names: Names) -> Resource:
    """Return `old` by its new `names`, which references to itself follow."""
    own = old.names.singular
    fields = tuple(
        replace(one, target=names.singular) if one.target == own else one for one in old.fields
    )
    return replace(old, names=names, fields=fields)


def _taken(project: Project, old: Resource, new: Resource, typed: str) -> list[FastgenError]:
    """Return everything in the project that already has one of the new names."""
    other = resources.known_as(project.root, new.names.singular)
    if other is not None and other != old.names.singular:
        return [Clash(f"the resource {other} already exists", instead=((typed, f"{typed}_entry"),))]
    own = paths(old)
    files = [path for path in paths(new) if path not in own]
    there = clashes.taken(project.root, files)
    world = worlds.world(project, new)
    return [
        *(clashes.another_name(f"{found} already exists", typed) for found in there.values()),
        *clashes.find(
            project, new, typed, world, migrations.load(project.root), list(own), instead_of=old
        ),
    ]
