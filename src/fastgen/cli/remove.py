"""`fastgen remove resource`."""

from typing import Annotated, Any

import typer

from fastgen.cli import change, choosing, completion, groups
from fastgen.cli.change import Report, Ways
from fastgen.cli.common_flags import DIFF, DRY_RUN, JSON
from fastgen.commands import remove_resource
from fastgen.errors import Exit
from fastgen.project.project import opened

HELP = """Remove a resource: its unchanged files, its lines in others, and its table.

Files that you edited are kept as conflicts to resolve (exit code 4). Existing migrations are kept
too; a new one drops the table. A resource that others refer to is not removed. Without a name, on
a terminal, it offers a list and shows the changes before it makes them. For example:

\b
fastgen remove resource item"""

MIGRATION = typer.Option(
    "--migration/--no-migration",
    help="Write a migration that drops the table. [default: yes]",
    show_default=False,
)


def build() -> Any:
    """Return the command with its subcommand."""
    return groups.group("Remove a resource from a project.", {"resource": (HELP, resource)})


def resource(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            show_default=False,
            help="Such as item.",
            autocompletion=completion.resources,
        ),
    ] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    migration: Annotated[bool | None, MIGRATION] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Remove a resource."""
    ways = Ways(dry_run, diff, as_json)
    chosen = name or choosing.resource("Resource to remove", as_json=as_json)
    if name is None and ways.writes and not _confirmed(chosen, migration):
        raise typer.Exit(Exit.REFUSED)
    with opened(writes=ways.writes, renders=True) as project:
        proposal = remove_resource.propose(project, chosen, migration=migration)
        names = proposal.resource.names
        about = {"project": str(project.root), "resource": names.singular}
        report = Report(
            about, [*project.notes, *proposal.notes], previewed=name is None and ways.writes
        )
        if ways.writes:
            remove_resource.execute(project, proposal)
        code = change.outcome(proposal.plan, ways, report)
    raise typer.Exit(code)


def _confirmed(name: str, migration: bool | None) -> bool:
    """Show what would be removed, and ask whether to remove it."""
    with opened(writes=False, renders=True) as project:
        proposal = remove_resource.propose(project, name, migration=migration)
    return choosing.confirmed(proposal.plan, proposal.notes)
