"""From the changes of a recipe to the plan for a project."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fastgen.changes.plan import Edit, Manual, Plan
from fastgen.engine import (
    files,
    kept_names,
    kept_rows,
    lost_fields,
    lost_imports,
    old_paths,
    placing,
    recording,
    renaming,
    spared,
)
from fastgen.engine.changes import Change, Worlds, parents_first, with_referring, worlds_of
from fastgen.engine.files import Rendered
from fastgen.engine.renaming import Renaming
from fastgen.engine.staged import Staged, stage
from fastgen.engine.wire import wire
from fastgen.errors import Clash, FastgenError, Refused, raise_all
from fastgen.project import migrations, resources, sources, type_modules, uncommitted
from fastgen.project.migrations import Migration as Made
from fastgen.project.project import Project
from fastgen.project.records import Records
from fastgen.slices import clashes, indexes
from fastgen.slices.finish import Finished, finish
from fastgen.slices.migration import Rendered as Migration
from fastgen.slices.render import Renderer
from fastgen.slices.resource import World
from fastgen.slices.type_modules import needed


@dataclass(frozen=True, slots=True)
class Steps:
    """The migrations of a change, or what is left to the user instead, with notes about them."""

    rendered: tuple[Migration, ...] = ()
    manual: tuple[Manual, ...] = ()
    notes: tuple[str, ...] = ()
    # Existing migrations that are taken away.
    gone: tuple[Made, ...] = ()


Sources = dict[str, str]
Migrate = Callable[[Sequence[Change], Worlds, Renderer], Steps]
# Finds the names of a change, with its new slice, that are taken.
Taken = Callable[[Change, Sources, World], Iterable[FastgenError]]


def no_migration(*_: object) -> Steps:
    """Return no migration, where none is wanted."""
    return Steps()


def nothing_taken(*_: object) -> Iterable[FastgenError]:
    """Return no error, where no new name is given."""
    return ()


@dataclass(frozen=True, slots=True)
class Carried:
    """The plan for a project, with notes about it, and the worlds before and after."""

    plan: Plan
    notes: tuple[str, ...]
    worlds: Worlds


def carry(
    project: Project,
    wanted: Sequence[Change],
    migrate: Migrate,
    *,
    why: str,
    clash: Callable[[str], Clash] = Clash,
    taken: Taken = nothing_taken,
) -> Carried:
    """Plan to carry the slices of resources from their old state to their new one.

    `migrate` returns the migration of the tables, `why` is told of each changed file, and `clash`
    turns the message about a taken name into an error. `taken` finds what in the project has a
    name already that a new slice, its unformatted files by path, would get. Raises `FastgenError`
    when something prevents it.
    """
    with sources.read_once():
        return _carried(project, wanted, migrate, why, clash, taken)


def _carried(
    project: Project,
    wanted: Sequence[Change],
    migrate: Migrate,
    why: str,
    clash: Callable[[str], Clash],
    taken: Taken,
) -> Carried:
    project = placing.with_new(project, wanted)
    staged = stage(project)
    changes = parents_first(with_referring(project, wanted))
    found = worlds_of(project, changes)
    renderer = Renderer(project.root, project.recipe.answers)
    old, new = _sources(renderer, changes, found, taken)
    steps = migrate(changes, found, renderer)
    slices, made = _rendered(project, renderer, changes, (old, new), steps)
    left: list[Manual] = []
    staged.coming.update(path for one in slices if one.theirs for path in one.theirs.files)
    for one in slices:
        left += files.stage(staged, one, _words(staged, slices, one), why)
    _add(staged, steps, made)
    left += [*wire(staged, slices, found, renaming.of(changes), clash), *steps.manual]
    gone = {one.revision for one in steps.gone}
    recording.record(staged, slices, [one.revision for one in steps.rendered], gone)
    notes = _without_types(staged, renderer, _with_gone(old, steps), new)
    left += [*_broken(staged, slices, found.after, {one.path for one in left})]
    found_changes = Plan(tuple(staged.changes()), tuple(left), tuple(staged.conflicts))
    plan = placing.placed(project, found_changes)
    edits = [change.path for change in plan.changes if isinstance(change, Edit)]
    return Carried(plan, (*uncommitted.notes(project, edits), *steps.notes, *notes), found)


def _broken(
    project: Staged, slices: Sequence[Rendered], after: World, told: Collection[str]
) -> Iterator[Manual]:
    """Yield what breaks in code that people wrote, except in files that stay as conflicts.

    Of the files `told` already, uses of fields are not told.
    """
    kept = {one.path for one in project.conflicts}
    for one in (
        *lost_imports.left(project),
        *kept_names.left(project, slices),
        *old_paths.left(project, slices),
        *kept_rows.left(project, slices, after),
        *lost_fields.left(project, slices, told),
    ):
        if one.path not in kept:
            yield one


def _words(project: Staged, slices: Sequence[Rendered], own: Rendered) -> Renaming:
    """Return what replaces words in the slice `own`."""
    words = renaming.of([one.change for one in slices], own.change)
    return replace(words, stays=spared.of(project, slices, own, words.resources).stays)


def _sources(
    renderer: Renderer, changes: Sequence[Change], found: Worlds, taken: Taken
) -> tuple[list[Sources], list[Sources]]:
    """Return the unformatted slices before and after.

    Raises `FastgenError` for names that are taken, or that two indexes would have.
    """
    old = [renderer.files(one.old, found.before) if one.old else {} for one in changes]
    new = [renderer.files(one.new, found.after) if one.new else {} for one in changes]
    mistakes: list[FastgenError] = []
    for change, texts in zip(changes, new, strict=True):
        if change.new and change.new != change.old:
            mistakes += map(Refused, indexes.same_names(change.new, found.after))
        if change.new and change.typed:
            mistakes += clashes.find(renderer, change.new, found.after, texts, change.typed)
            mistakes += taken(change, texts, found.after)
    raise_all(mistakes)
    return old, new


def _rendered(
    project: Project,
    renderer: Renderer,
    changes: Sequence[Change],
    sources: tuple[list[Sources], list[Sources]],
    steps: Steps,
) -> tuple[list[Rendered], Finished]:
    """Return the slices before and after, and the migrations with the modules of new types."""
    old, new = sources
    history = {one.path: one.text for one in steps.rendered}
    texts = [*(text for one in new for text in one.values()), *history.values()]
    types = type_modules.missing(project, renderer, texts)
    *done, made = finish(project.root, [*old, *new, history | types])
    pairs = zip(changes, done[: len(old)], done[len(old) :], strict=True)
    return [
        Rendered(
            change,
            base if change.old else None,
            theirs if change.new else None,
            resources.records_of(project.root, change.entry) if change.entry else Records(),
        )
        for change, base, theirs in pairs
    ], made


def _add(project: Staged, steps: Steps, made: Finished) -> None:
    """Stage the migrations and the modules of new types."""
    history = {one.path for one in steps.rendered}
    versions = {path: text for path, text in made.files.items() if path in history}
    for one in (*type_modules.created(project, made), *migrations.created(project.root, versions)):
        project.put(one.path, one.after, one.why)
    for gone in steps.gone:
        project.put(gone.path, None, migrations.WHY)


def _with_gone(old: Sequence[Sources], steps: Steps) -> list[Sources]:
    """Return the slices `old` with the migrations that are taken away."""
    return [*old, {one.path: one.source.decode() for one in steps.gone}]


def _without_types(
    project: Staged, renderer: Renderer, old: Sequence[Sources], new: Sequence[Sources]
) -> tuple[str, ...]:
    """Stage the removal of the modules of types that nothing uses any longer; return notes."""
    before, after = (
        needed((text for one in sources for text in one.values()), project.database)
        for sources in (old, new)
    )
    lost = [module for module in before if module not in after]
    gone = [path for path, content in project.files.items() if content is None]
    unused = type_modules.unused(project, renderer, lost, gone) if lost else None
    for one in unused.changes if unused else ():
        project.put(one.path, None, one.why)
    return unused.notes if unused else ()
