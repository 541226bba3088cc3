"""`fastgen templates eject`."""

from typing import Annotated, Any

import typer

from fastgen.cli import plans, typer_commands
from fastgen.cli.flags import DIFF, DRY_RUN, JSON
from fastgen.cli.plans import Mode, Report
from fastgen.commands import eject as ejecting
from fastgen.commands.execution import execute
from fastgen.project.project import opened

HELP = """Without a name it copies all. `fastgen templates list` lists the names. For example:

\b
fastgen templates eject service"""


def build(text: str) -> Any:
    """Return the command; `text` begins its help."""
    return typer_commands.build(eject, f"{text}\n\n{HELP}")


def _completed(incomplete: str) -> list[str]:
    return [name for name in ejecting.available() if name.startswith(incomplete)]


def eject(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            show_default=False,
            help="Such as service.",
            autocompletion=_completed,
        ),
    ] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Copy templates."""
    mode = Mode(dry_run, diff, as_json)
    with opened(writes=mode.writes, renders=True) as project:
        plan = ejecting.propose(project, names or ())
        report = Report(
            {"project": str(project.root), "templates": [c.path for c in plan.changes]},
            [*project.notes, *([] if plan.changes else ["the templates already exist"])],
        )
        if mode.writes:
            execute(project, plan)
        code = plans.end(plan, mode, report)
    raise typer.Exit(code)
