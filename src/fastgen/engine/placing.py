"""Gives the changes of a plan the paths and the module names of moved files."""

from collections.abc import Iterable
from dataclasses import replace

from fastgen.changes.plan import Change, Conflict, Create, Delete, Edit, Manual, Plan
from fastgen.engine.changes import Change as Wanted
from fastgen.names import layout
from fastgen.names.resource import Names
from fastgen.project import located, style
from fastgen.project.project import Project


def with_new(project: Project, changes: Iterable[Wanted]) -> Project:
    """Return `project` with the paths of the files that `changes` create or rename."""
    places = project.places
    for change in changes if places.files else ():
        if change.new:
            old = change.old.names if change.old else None
            places = located.beside(project.root, places, change.new.names, old)
    return replace(project, places=places)


def tests_of(project: Project, names: Names) -> str:
    """Return the file of the tests of a resource, after a change of `project` was written."""
    usual = layout.tests(names)
    return located.find(project.root).file(usual) if project.places.files else usual


def placed(project: Project, plan: Plan) -> Plan:
    """Return `plan`, which has the usual paths and names, for the actual paths and names."""
    if not project.places.files:
        return plan
    # A renamed file may stay where it is: it is deleted under one name and created under another.
    contents: dict[str, bytes | None] = {}
    reasons: dict[str, str] = {}
    for one in plan.changes:
        path = project.places.file(one.path)
        contents[path] = one.after if one.after is not None else contents.get(path)
        reasons.setdefault(path, one.why)
    made = (_change(project, path, after, reasons[path]) for path, after in contents.items())
    changes = (one for one in made if one.before != one.after)
    manual = tuple(_manual(project, one) for one in plan.manual)
    conflicts = tuple(_conflict(project, one) for one in plan.conflicts)
    return Plan(tuple(changes), manual, conflicts)


def _change(project: Project, path: str, after: bytes | None, why: str) -> Change:
    before = project.raw(path)
    if after is None:
        return Delete(path, before or b"", why)
    content = project.places.written(after) if path.endswith(".py") else after
    if content != after:
        content = style.settled(project, path, after, content)
    return Create(path, content, why) if before is None else Edit(path, before, content, why)


def _conflict(project: Project, conflict: Conflict) -> Conflict:
    path = project.places.file(conflict.path)
    return replace(conflict, path=path, ours=project.raw(path) or b"")


def _manual(project: Project, manual: Manual) -> Manual:
    path = project.places.file(manual.path)
    # A snippet may be a diff, with the path in its head.
    texts = (text.replace(manual.path, path) for text in (manual.snippet, manual.reason))
    snippet, reason = (project.places.written(text.encode()).decode() for text in texts)
    return Manual(path, snippet, reason)
