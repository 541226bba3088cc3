"""`fastgen remove`: a resource."""

from typing import Annotated, Any

import typer
import typer.main

from fastgen import remove_resource
from fastgen.cli import change
from fastgen.cli.change import Report, Ways
from fastgen.cli.common_flags import DIFF, DRY_RUN, JSON
from fastgen.project import conflicts, place

MIGRATION = typer.Option(
    "--migration/--no-migration",
    help="Write a migration that drops the table. [default: yes]",
    show_default=False,
)


def build() -> Any:
    """Return the command with its subcommands."""
    app = typer.Typer(
        help="Take a resource out of a project.",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    # With a callback the only command keeps its name.
    app.callback()(lambda: None)
    app.command("resource")(resource)
    return typer.main.get_command(app)


def resource(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as item.")],
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    migration: Annotated[bool | None, MIGRATION] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Remove a resource: its unchanged files, its lines in others, and its table.

    Files that were edited stay, as conflicts for you to resolve; migrations always stay.
    """
    ways = Ways(dry_run, diff, as_json)
    with place.opened() as project:
        proposal = remove_resource.propose(project, name, migration=migration)
        names = proposal.resource.names
        about = {"project": str(project.root), "resource": names.singular}
        report = Report(about, [*project.notes, *proposal.notes])
        code = change.carry_out(project, proposal.plan, ways, report)
        if ways.writes:
            for kept in proposal.conflicts:
                conflicts.mark_deleted(project.root, kept.path, kept.base, kept.ours)
    raise typer.Exit(code)
