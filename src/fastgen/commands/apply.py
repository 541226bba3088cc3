"""`fastgen apply`, without a terminal: change the resources of a project to match a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from fastgen.changes.plan import Plan
from fastgen.domain import keys
from fastgen.domain.difference import Difference, difference
from fastgen.domain.mistakes import Mistakes
from fastgen.domain.sections import Wanted
from fastgen.domain.source import Source
from fastgen.domain.suspects import NO_ANSWERS, Answers
from fastgen.engine.carry import Taken, carry
from fastgen.engine.changes import Change
from fastgen.engine.migrate import migration_of
from fastgen.errors import FastgenError, Refused, raise_all
from fastgen.project import clashes, migrations, notable, worlds
from fastgen.project.project import Project
from fastgen.slices import clashes as names_taken
from fastgen.slices.render import Renderer, paths
from fastgen.slices.resource import World

WHY = "the domain"
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Applied:
    """The planned changes, notes about them, and the resources that they are about."""

    plan: Plan
    notes: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def propose(
    project: Project,
    source: Source,
    *,
    prune: bool = False,
    migration: bool | None = None,
    answers: Answers = NO_ANSWERS,
) -> Applied:
    """Plan the changes after which `project` matches the file.

    With `prune`, everything that the file does not name is removed. Raises `FastgenError` with all
    mistakes, and `LooksRenamed` for apparent renames that `answers` does not decide.
    """
    wanted = _difference(project, source, answers, prune=prune)
    world = worlds.world(project, *(one.new for one in wanted.wanted))
    if not wanted.changed and not wanted.gone:
        return Applied(Plan())
    migrate = migration_of(project, _title(wanted), wanted=project.migrates(migration))
    taken = _taken(project, source.path, wanted)
    try:
        carried = carry(project, list(_changes(wanted)), migrate, why=WHY, taken=taken)
    except FastgenError as error:
        raise_all([_told(source.path, part) for part in error.parts])
        raise
    notes = [note for one in wanted.changed for note in _notes(project, one, world)]
    return Applied(
        carried.plan,
        (*dict.fromkeys(notes), *carried.notes),
        tuple(one.new.names.singular for one in wanted.added),
        tuple(one.new.names.singular for one in wanted.changed if one.named.entry),
        tuple(entry.resource.names.singular for entry in wanted.gone),
    )


def mistakes(project: Project, source: Source) -> list[FastgenError]:
    """Return all mistakes in the file, also names that are taken in `project`."""
    try:
        wanted = _difference(project, source, NO_ANSWERS, prune=False)
    except FastgenError as error:
        return [*error.parts]
    world = worlds.world(project, *(one.new for one in wanted.wanted))
    find, renderer = _taken(project, source.path, wanted), Renderer(project.root)
    return [
        error
        for change in _changes(wanted)
        if change.new and not (change.old and change.old.names == change.new.names)
        for error in find(change, renderer.files(change.new, world), world)
    ]


def _difference(project: Project, source: Source, answers: Answers, *, prune: bool) -> Difference:
    """Return how the file differs from the recipe; raises `FastgenError` for all mistakes."""
    wanted = difference(project, source.path, source.content, answers)
    if not prune:
        raise_all([_unnamed(source.path, told) for told in wanted.unnamed])
    return wanted


def _unnamed(path: str, told: str) -> Refused:
    return Refused(f"{path} does not name {told}", instead=(("--prune", "--prune"),))


def _told(path: str, error: FastgenError) -> FastgenError:
    """Return `error` about the file `path`, without corrections of a command line."""
    if error.instead:
        error.message, error.hint, error.instead = f"{path}: {error.message}", None, ()
    return error


def _changes(wanted: Difference) -> Iterator[Change]:
    for one in wanted.changed:
        typed = names_taken.Typed(one.named.section.name.text, one.typed)
        yield Change(one.named.entry, one.new, renamed=_renamed(one), typed=typed)
    for entry in wanted.gone:
        yield Change(entry, None)


def _renamed(one: Wanted) -> dict[str, str]:
    """Return the new names of fields and their columns."""
    fields = one.named.entry.resource.fields if one.named.entry else ()
    new = {field.name: field for field in one.new.fields}
    found: dict[str, str] = {}
    for field in fields:
        name = one.named.renamed.get(field.name)
        if name is not None and (now := new.get(name.removesuffix("_id")) or new.get(name)):
            found |= {field.column: now.column, field.name: now.name}
    return found


def _notes(project: Project, one: Wanted, world: World) -> Iterator[str]:
    yield from notable.notes(project, one.new, one.typed, world)
    old = one.named.before
    unique = tuple(n for n in one.new.unique if not old or n not in old.unique)
    index = tuple(n for n in one.new.index if not old or n not in old.index)
    yield from notable.of_sets(replace(one.new, unique=unique, index=index))


def _taken(project: Project, path: str, wanted: Difference) -> Taken:
    """Return the function that finds taken names of a change, with lines in the file `path`."""
    known = migrations.load(project.root)
    named = {one.new.names.singular: one for one in wanted.changed}

    def find(change: Change, rendered: Mapping[str, str], world: World) -> list[FastgenError]:
        old, new = change.old, change.new
        if new is None or (old and old.names == new.names):
            return []
        one, mistakes = named[new.names.singular], Mistakes(path)
        typed, own = one.named.section.name.text, paths(old) if old else {}
        there = clashes.taken(project.root, [path for path in paths(new) if path not in own])
        for found in there.values():
            mistakes.add(one.line, f"{found} already exists")
        errors = [*clashes.find(project, new, typed, world, known, [*own], instead_of=old)]
        if old is None:
            replaced = there.values()
            errors += clashes.of_operations(project, new.names, typed, rendered, replaced)
        for error in errors:
            mistakes.take(one.line, error)
        return mistakes.found

    return find


def _title(wanted: Difference) -> str:
    """Return the title of the migration."""
    labels = [
        ("create", [one.new.names.labels for one in wanted.added]),
        ("change", [one.new.names.labels for one in wanted.changed if one.named.entry]),
        ("drop", [entry.resource.names.labels for entry in wanted.gone]),
    ]
    parts = [f"{verb} {', '.join(names)}" for verb, names in labels if names]
    title = ", ".join(parts)
    return title if len(title) <= LONGEST_TITLE else f"apply {keys.FILE}"
