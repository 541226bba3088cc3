"""The entries of a plan and the records: each resource, and what is written into its files."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from fastgen.engine.files import Rendered
from fastgen.engine.staged import Staged
from fastgen.project import records
from fastgen.project.records import Records
from fastgen.project.resources import Entry
from fastgen.slices import own_classes
from fastgen.slices.finish import Finished
from fastgen.slices.resource import USERS

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
            project.put(entry.records_path, None, WHY)
        if new is None or one.theirs is None:
            continue
        if entry and not new.fields:
            # An account without added fields is part of every project.
            project.put(entry.path, None, WHY)
            _put_records(project, one, entry, one.theirs)
            continue
        old, known = (entry.resource, entry.revisions) if entry else (None, ())
        if old != new:
            kept = [revision for revision in known if revision not in gone]
            _put(project, one, Entry(new, (*kept, *revisions)), one.theirs)
        elif one.base and one.base.files != one.theirs.files:
            _put(project, one, Entry(new, tuple(known)), one.theirs)


def _put(project: Staged, one: Rendered, entry: Entry, made: Finished) -> None:
    """Stage `entry`, with the records of the files `made`.

    Own names of classes that are no longer rendered are dropped.
    """
    names = own_classes.used(entry.resource.names, made.files.values())
    entry = replace(entry, resource=replace(entry.resource, names=names))
    project.put(entry.path, entry.text(), WHY)
    _put_records(project, one, entry, made)


def _put_records(project: Staged, one: Rendered, entry: Entry, made: Finished) -> None:
    """Stage the records of `entry`, of the files `made`; those not written keep theirs."""
    others = one.records.files if entry.resource.names == USERS else {}
    kept = {
        path: record
        for path, record in one.records.files.items()
        if one.base and path in made.files
        if one.base.files[path] == made.files[path] != project.files.get(path)
        if not one.records.proves(path, one.base)
    }
    files = {**others, **records.made(made), **kept}
    project.put(entry.records_path, Records(files, one.records.render).text(), WHY)
