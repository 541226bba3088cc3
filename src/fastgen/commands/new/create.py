"""`fastgen new`, without a terminal: plan, render aside, move into place, follow up."""

import errno
import os
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from fastgen.commands.new import first_resources, follow_up, resources_file
from fastgen.commands.new.job import Outcome, Reporter, Request, Step
from fastgen.errors import CannotWrite, FastgenError, TargetRefused, raise_all
from fastgen.placement import cleanup, elsewhere, move, stage, workspace
from fastgen.placement.site import Site, inspect
from fastgen.project import project_files, recipe
from fastgen.project.recipe import Recipe
from fastgen.rendering import formatting, scaffold, secrets_file
from fastgen.system import interrupts
from fastgen.system.interrupts import Interrupted
from fastgen.template.location import template_root

IGNORES = ".gitignore"
FULL = (errno.ENOSPC, errno.EDQUOT)


def create(request: Request, reporter: Reporter) -> Outcome:
    """Generate the project of `request`, or for a dry run only list its files.

    Raises `FastgenError` and `Interrupted`. Either nothing is left behind then, or the project
    is in place and complete.
    """
    # The database may have been chosen after the command line was checked.
    raise_all(first_resources.mistakes(request.resources, request.database))
    raise_all(resources_file.mistakes(request.file, request.database))
    with _readable(request.target):
        _clear(request.target, reporter, dry_run=request.dry_run)
        where = inspect(request.target)
        _refuse_nesting(where.target)
        workspace.refuse(where.target)
        try:
            return _create(request, where, reporter)
        except KeyboardInterrupt as stop:
            # `inspect` refuses targets that have one already.
            stands = (where.target / recipe.FILE).exists()
            raise Interrupted(project_stands=stands) from stop


def refusals(target: Path, reporter: Reporter, *, dry_run: bool) -> list[FastgenError]:
    """Return why no project can be created at `target`, after cleaning up after killed runs."""
    try:
        with _readable(target):
            _clear(target, reporter, dry_run=dry_run)
            _refuse_nesting(inspect(target).target)
    except FastgenError as error:
        return [*error.parts]
    return []


def _clear(target: Path, reporter: Reporter, *, dry_run: bool) -> None:
    places = [_scratch()] if dry_run else _places(target)
    for said in cleanup.clear(places, moves=not dry_run):
        reporter.note(said)


def _create(request: Request, where: Site, reporter: Reporter) -> Outcome:
    reporter.started("render")
    outcome, ignores = _make(request, where, reporter)
    step = Step("render", "done")
    outcome.steps.append(step)
    reporter.finished(step)
    if not request.dry_run:
        follow_up.run(outcome, where, ignores, reporter)
    return outcome


def _places(target: Path) -> list[Path]:
    """Return the folders that may hold a stage for `target`: in it or above, also behind links."""
    real = Path(os.path.realpath(target))
    return [target, *target.parents, real, *real.parents]


def _refuse_nesting(target: Path) -> None:
    project = recipe.enclosing(target)
    if project:
        raise TargetRefused(
            f"{target} is inside the fastgen project {project}: projects cannot be nested",
            instead=elsewhere.instead(target, project),
        )


def _make(request: Request, where: Site, reporter: Reporter) -> tuple[Outcome, list[str]]:
    """Render in a stage and, unless it is a dry run, move the result into place."""
    parent = _scratch() if request.dry_run else where.stage_parent
    with stage.opened(parent) as staged:
        project = move.project_in(staged, where)
        _render(request, project, where.kept)
        first_resources.add(project, request.resources, reporter)
        resources_file.add(project, request.file, reporter)
        interrupts.check()
        kept = {name.casefold() for name in where.kept}
        files = [f for f in _files(project) if f.split("/")[0].casefold() not in kept]
        ignores = _patterns(project) if IGNORES in kept else []
        if not request.dry_run:
            move.put(staged, where)
    return Outcome(request, where.target, files), ignores


def _scratch() -> Path:
    """Return the folder for the stage of a dry run, away from the target."""
    return Path(tempfile.gettempdir())


def _render(request: Request, project: Path, kept: Collection[str]) -> None:
    """Render the `project` of `request`, whose target keeps the entries `kept`."""
    scaffold.render(template_root(), project, request.answers)
    interrupts.check()
    renders = project_files.digests(project)
    Recipe(answers=request.answers).save(project)
    secrets_file.write_env(project)
    formatting.format_python(project)
    project_files.record(project, renders, kept)
    interrupts.check()


def _files(project: Path) -> list[str]:
    return sorted(
        (Path(folder) / name).relative_to(project).as_posix()
        for folder, _, names in os.walk(project)
        for name in names
    )


def _patterns(project: Path) -> list[str]:
    file = project / IGNORES
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


@contextmanager
def _readable(target: Path) -> Iterator[None]:
    """Turn `OSError` into `CannotWrite` with a readable message."""
    try:
        yield
    except OSError as error:
        message = f"{target} cannot be written: {error.strerror or error}; nothing was left behind"
        if error.errno in FULL:
            raise CannotWrite(message, "df -h") from error
        raise CannotWrite(message, instead=elsewhere.instead(target)) from error
