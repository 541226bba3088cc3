"""`fastgen templates`: the templates of resources, adapted to a project."""

import sys
from typing import Annotated, Any

import typer
import typer.main

from fastgen import eject as ejecting
from fastgen.cli import change
from fastgen.cli.change import Report, Ways
from fastgen.cli.common_flags import DIFF, DRY_RUN, JSON
from fastgen.project import place


def build() -> Any:
    """Return the command with its subcommands."""
    app = typer.Typer(
        help="Adapt the templates of resources to a project.",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.command("list")(list_templates)
    app.command("eject")(eject)
    return typer.main.get_command(app)


def list_templates() -> None:
    """List the templates that a project may have of its own."""
    for name in ejecting.available():
        sys.stdout.write(f"{name}\n")


def eject(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Such as service; or all.")
    ] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Copy templates to .fastgen/templates/resource, where they win over fastgen's."""
    with place.opened() as project:
        plan = ejecting.propose(project, names or ())
        about = {"project": str(project.root), "templates": [c.path for c in plan.changes]}
        notes = [*project.notes, *([] if plan.changes else ["the templates are there already"])]
        code = change.carry_out(project, plan, Ways(dry_run, diff, as_json), Report(about, notes))
    raise typer.Exit(code)
