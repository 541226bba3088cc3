"""`fastgen check`, without a terminal: whether recipe, files, wiring and migrations agree."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastgen.errors import FastgenError
from fastgen.project import lines, migrations, resources, wirings
from fastgen.project.migrations import MERGE, Migration
from fastgen.project.place import Project
from fastgen.project.resources import Entry
from fastgen.slices.render import paths
from fastgen.slices.resource import USER
from fastgen.wiring.classes import find_classes

LOCK = "uv.lock"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that does not agree, where, and the command that helps."""

    path: str
    message: str
    hint: str


def differences(project: Project) -> Iterator[Difference]:
    """Find all in `project` that does not agree with its recipe."""
    known = migrations.load(project.root)
    yield from _history(known)
    for name in resources.listed(project.root):
        try:
            entry = resources.load(project.root, name, project.database)
        except FastgenError as error:
            yield Difference(resources.path_of(name), error.message, error.hint or "")
            continue
        if entry is not None:
            yield from _resource(project, entry, known)
    yield from _lock(project)


def _history(known: list[Migration]) -> Iterator[Difference]:
    heads = migrations.heads(known)
    if len(heads) > 1:
        listed = ", ".join(f"{head.revision} ({Path(head.path).name})" for head in heads)
        yield Difference(migrations.FOLDER, f"there are {len(heads)} heads: {listed}", MERGE)
    revisions = {one.revision for one in known}
    for one in known:
        for parent in set(one.parents) - revisions:
            yield Difference(
                one.path, f"it follows {parent}, which is not there", f"git log -S {parent}"
            )


def _resource(project: Project, entry: Entry, known: list[Migration]) -> Iterator[Difference]:
    names = entry.resource.names
    again = f"fastgen remove resource {names.singular}"
    for path in paths(entry.resource):
        if project.read(path) is None:
            yield Difference(path, "it is not there", f"git checkout -- {path}, or {again}")
    targets = {field.target for field in entry.resource.references} - {USER, names.singular}
    missing = sorted(target for target in targets if target not in resources.listed(project.root))
    for target in missing:
        yield Difference(
            entry.path, f"it refers to {target}, which is not a resource", f"fastgen info"
        )
    if not missing:
        yield from _wiring(project, entry)
    yield from _columns(project, entry)
    yield from _migrations(entry, known)


def _wiring(project: Project, entry: Entry) -> Iterator[Difference]:
    wanted = wirings.wirings(entry.resource, lines.world(project, entry.resource))
    wired = wirings.added(project, wanted)
    for edit in wired.edits:
        new = [line for line in edit.after.splitlines() if line not in edit.before.splitlines()]
        shown = "; ".join(line.decode(errors="replace").strip() for line in new)
        yield Difference(
            edit.path,
            f"{entry.resource.names.singular} is not wired: {shown}",
            f"fastgen check --fix",
        )
    for manual in wired.manual:
        yield Difference(manual.path, f"{manual.reason}; it lacks", manual.snippet)


def _columns(project: Project, entry: Entry) -> Iterator[Difference]:
    names = entry.resource.names
    path = f"src/app/models/{names.singular}.py"
    source = project.read(path)
    if source is None:
        return
    found = next((one for one in find_classes(source) if one.name == names.cls), None)
    if found is None:
        yield Difference(path, f"it has no class {names.cls}", f"git log -p -- {path}")
        return
    for field in entry.resource.fields:
        if field.column not in found.attributes:
            yield Difference(
                path,
                f"{names.cls} has no {field.column}, which the recipe has",
                f"git log -p -- {path} {entry.path}",
            )


def _migrations(entry: Entry, known: list[Migration]) -> Iterator[Difference]:
    names = entry.resource.names
    revisions = {one.revision for one in known}
    for revision in entry.revisions:
        if revision not in revisions:
            yield Difference(
                migrations.FOLDER,
                f"the migration {revision} of {names.singular} is not there",
                f"git log --all -S {revision} -- {migrations.FOLDER}",
            )
    if migrations.makes(known, names.table) is None:
        yield Difference(
            migrations.FOLDER,
            f"no migration makes the table {names.table}",
            f'uv run alembic revision --autogenerate -m "create {names.labels}"',
        )


def _lock(project: Project) -> Iterator[Difference]:
    """Compare the names of what is needed with what is locked: nothing is resolved."""
    lock = project.read(LOCK)
    if lock is None:
        yield Difference(LOCK, "it is not there", "uv lock")
        return
    try:
        locked = {package["name"] for package in tomllib.loads(lock.decode())["package"]}
        found = tomllib.loads((project.read("pyproject.toml") or b"").decode())
    except (ValueError, KeyError, TypeError):
        yield Difference(LOCK, "it cannot be read", "uv lock")
        return
    wanted = [*found.get("project", {}).get("dependencies", ())]
    wanted += [one for group in found.get("dependency-groups", {}).values() for one in group]
    names = {_normal(NAME.match(one)[0]) for one in wanted if isinstance(one, str) and NAME.match(one)}  # type: ignore[index]
    for name in sorted(names - locked):
        yield Difference(LOCK, f"it lacks {name}, which pyproject.toml needs", "uv lock")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
