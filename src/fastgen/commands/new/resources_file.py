"""The resources of a new project from a file: `fastgen new --resources FILE`."""

from pathlib import Path

from fastgen.changes.apply import write
from fastgen.commands import apply
from fastgen.commands.new.first_resources import template_project
from fastgen.commands.new.job import Reporter
from fastgen.databases import Database
from fastgen.domain.source import Source
from fastgen.errors import Bug, FastgenError
from fastgen.project import recipe, settings
from fastgen.project.project import Project


def mistakes(source: Source | None, database: Database) -> list[FastgenError]:
    """Return all mistakes in the file `source`, before the project exists."""
    if source is None:
        return []
    with template_project(database) as template:
        return apply.mistakes(template, source)


def add(root: Path, source: Source | None, reporter: Reporter) -> None:
    """Add the resources of the file `source` to the new project at `root`.

    Raises `FastgenError` when they are refused, as by one that an option brings.
    """
    if source is None:
        return
    project = Project(root, recipe.load(root), settings.load(root))
    applied = apply.propose(project, source)
    if applied.plan.manual:
        raise Bug(f"the template cannot be wired: {applied.plan.manual[0].reason}")
    for note in applied.notes:
        reporter.note(note)
    write(root, applied.plan)
