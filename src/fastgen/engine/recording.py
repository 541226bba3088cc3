"""The entries of a plan: each resource, with what is written into its files."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from fastgen.engine.files import Rendered
from fastgen.engine.staged import Staged
from fastgen.project import edited, slice_files
from fastgen.project.resources import Entry
from fastgen.slices import own_classes
from fastgen.slices.finish import Finished
from fastgen.slices.resource import Resource

WHY = "the recipe"


def record(
    project: Staged, slices: Iterable[Rendered], revisions: Sequence[str], gone: Collection[str]
) -> None:
    """Stage the entries of the resources that differ, with the records of their files.

    Their migrations are those that they had, except those `gone`, and the `revisions` that are new.
    """
    for one in slices:
        entry, new = one.change.entry, one.change.new
        if entry and (new is None or new.names.singular != entry.resource.names.singular):
            project.put(entry.path, None, WHY)
        if new is None or one.theirs is None:
            continue
        if entry and not new.fields:
            # An account without added fields is part of every project.
            project.put(entry.path, None, WHY)
            continue
        old, known = (entry.resource, entry.revisions) if entry else (None, ())
        if old != new:
            kept = [revision for revision in known if revision not in gone]
            fresh = _entry(project, one, new, one.theirs, [*kept, *revisions])
            project.put(fresh.path, fresh.text(), WHY)
        elif one.base and one.base.files != one.theirs.files:
            fresh = _entry(project, one, new, one.theirs, known)
            project.put(fresh.path, fresh.text(), WHY)


def _entry(
    project: Staged, one: Rendered, new: Resource, made: Finished, revisions: Sequence[str]
) -> Entry:
    """Return the entry of `new`; files that were not written keep their records.

    Own names of classes that are no longer rendered are dropped.
    """
    new = replace(new, names=own_classes.used(new.names, made.files.values()))
    entry, base = one.change.entry, one.base
    if entry is None or base is None:
        return slice_files.entry(new, made, revisions)
    kept = {
        path: record
        for path, record in entry.files.items()
        if path in made.files and base.files[path] == made.files[path] != project.files.get(path)
        if not edited.is_proven(entry, base, path)
    }
    return slice_files.entry(new, made, revisions, kept, entry.render)
