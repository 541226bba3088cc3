"""`fastgen remove resource`."""

from typing import Annotated, Any

import typer

from fastgen.cli import plans, typer_commands
from fastgen.cli.asking import resources as asking
from fastgen.cli.flags import DIFF, DRY_RUN, JSON, MIGRATION, RESOURCE
from fastgen.cli.plans import Mode, Report
from fastgen.commands import remove_resource
from fastgen.commands.execution import execute
from fastgen.errors import Exit
from fastgen.project.project import opened

HELP = """\
Files that you edited are kept as conflicts to resolve (exit code 4). A new migration drops the
table; if the latest one created it and is not committed, it is deleted instead. A resource that
others refer to is not removed. Without a name, on a terminal, the command offers a list and shows
the changes before it makes them. For example:

\b
fastgen remove resource item"""


def build(text: str) -> Any:
    """Return the command; `text` begins its help."""
    return typer_commands.build(resource, f"{text}\n\n{HELP}")


def resource(
    name: Annotated[str | None, RESOURCE] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    migration: Annotated[bool | None, MIGRATION] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Remove a resource."""
    mode = Mode(dry_run, diff, as_json)
    previewed = name is None and mode.writes
    chosen = asking.existing("Resource to remove", as_json=as_json) if name is None else name
    if previewed and not _confirmed(chosen, migration):
        raise typer.Exit(Exit.REFUSED)
    with opened(writes=mode.writes, renders=True) as project:
        proposal = remove_resource.propose(project, chosen, migration=migration)
        report = Report(
            {"project": str(project.root), "resource": proposal.resource.names.singular},
            [*project.notes, *proposal.notes],
            previewed=previewed,
        )
        if mode.writes:
            execute(project, proposal.plan)
        code = plans.end(proposal.plan, mode, report)
    raise typer.Exit(code)


def _confirmed(name: str, migration: bool | None) -> bool:
    """Show what would be removed, and ask whether to remove it."""
    with opened(writes=False, renders=True) as project:
        proposal = remove_resource.propose(project, name, migration=migration)
    return plans.confirmed(proposal.plan, proposal.notes)
