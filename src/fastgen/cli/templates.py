"""`fastgen templates`: adapt the templates of resources to a project."""

from typing import Annotated, Any

import typer

from fastgen.cli import change, completion, groups
from fastgen.cli.change import Report, Ways
from fastgen.cli.common_flags import DIFF, DRY_RUN, JSON
from fastgen.cli.terminal import terminal
from fastgen.commands import eject as ejecting
from fastgen.commands.execution import execute
from fastgen.project.project import opened

LIST_HELP = """List the templates that a project can override."""

EJECT_HELP = """Copy templates to .fastgen/templates/resource, where they override fastgen's.

Without a name it copies all. `fastgen templates list` lists the names. For example:

\b
fastgen templates eject service"""


def build() -> Any:
    """Return the command with its subcommands."""
    commands = {"list": (LIST_HELP, list_templates), "eject": (EJECT_HELP, eject)}
    return groups.group("Adapt the templates of resources to a project.", commands)


def list_templates() -> None:
    """List the templates."""
    for name in ejecting.available():
        terminal.out.write(f"{name}\n")


def eject(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            show_default=False,
            help="Such as service.",
            autocompletion=completion.templates,
        ),
    ] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Copy templates."""
    ways = Ways(dry_run, diff, as_json)
    with opened(writes=ways.writes, renders=True) as project:
        plan = ejecting.propose(project, names or ())
        about = {"project": str(project.root), "templates": [c.path for c in plan.changes]}
        notes = [*project.notes, *([] if plan.changes else ["the templates already exist"])]
        if ways.writes:
            execute(project, plan)
        code = change.outcome(plan, ways, Report(about, notes))
    raise typer.Exit(code)
