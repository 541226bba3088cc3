"""`fastgen check`: compare a project with its recipe."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from fastgen.changes.plan import Plan
from fastgen.cli import plans, typer_commands
from fastgen.cli.flags import DIFF, DRY_RUN, JSON
from fastgen.cli.plans import Mode, Report
from fastgen.cli.terminal import terminal
from fastgen.commands.check import accepting
from fastgen.commands.check import compare as core
from fastgen.commands.check.compare import Fixed
from fastgen.commands.check.difference import Difference
from fastgen.commands.execution import execute
from fastgen.errors import Exit, InvalidOption
from fastgen.messages import visible
from fastgen.project.project import Project, opened

AGREES = "recipe, files, wiring, migrations and lock agree"
HELP = """\
It compares files, wiring, migrations and lock, and prints each difference with a hint below it.
The exit code is 1 if there are any, else 0. Files that you edited are not differences."""


def build(text: str) -> Any:
    """Return the command; `text` begins its help."""
    return typer_commands.build(check, f"{text}\n\n{HELP}")


def check(
    fix: Annotated[
        bool,
        typer.Option(
            "--fix",
            help="Add missing wiring, put branched migrations in a row, undo a killed run.",
        ),
    ] = False,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept",
            help="Record renamed columns and classes, prefixes, access, squashed migrations.",
        ),
    ] = False,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Compare a project with its recipe."""
    mode = Mode(dry_run, diff, as_json)
    if not (fix or accept or mode.writes):
        told = "--dry-run and --diff need --fix or --accept"
        raise InvalidOption(told, instead=(("--fix", "--fix"),))
    writes = (fix or accept) and mode.writes
    with opened(writes=writes) as project:
        fixed = _proposed(project, fix=fix, accept=accept)
        if writes:
            execute(project, fixed.plan)
        found = list(core.differences(project))
    _tell(project, fixed, found, mode)
    raise typer.Exit(Exit.REFUSED if found else Exit.OK)


def _proposed(project: Project, *, fix: bool, accept: bool) -> Fixed:
    fixed = core.fix(project) if fix else Fixed(Plan())
    if not accept:
        return fixed
    accepted = accepting.accept(project)
    changes = (*fixed.plan.changes, *accepted.plan.changes)
    return Fixed(Plan(changes), (*fixed.notes, *accepted.notes))


def _tell(project: Project, fixed: Fixed, found: Sequence[Difference], mode: Mode) -> None:
    notes = (*project.notes, *fixed.notes)
    about = {
        "project": str(project.root),
        "agree": not found,
        "differences": [
            {"path": one.path, "message": _line(one), "hint": one.hint} for one in found
        ],
    }
    if mode.as_json or fixed.plan.changes:
        plans.tell(fixed.plan, mode, Report(about, notes))
    else:
        for text in notes:
            terminal.note(text)
    if not mode.as_json and not mode.diff:
        terminal.out.write("".join(map(_shown, found)) or f"{AGREES}\n")


def _shown(difference: Difference) -> str:
    # Lines to paste are several lines.
    hint = difference.hint.replace("\n", "\n        ")
    return f"{visible(difference.path, kept='')}: {_line(difference)}\n  hint: {hint}\n"


def _line(difference: Difference) -> str:
    return " ".join(difference.message.split())
