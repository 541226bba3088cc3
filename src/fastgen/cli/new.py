"""`fastgen new`: from the command line to the job, and back to the person."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main

from fastgen import questions
from fastgen.cli import ask, failure, flags, report
from fastgen.errors import Exit
from fastgen.job import Request
from fastgen.new import create
from fastgen.options import Answers, resolve
from fastgen.questions import NAME, Value

NOTHING = "nothing was written"


def build() -> Any:
    """Return the command with the flags of this template's questions."""
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    app.command("new", help=HELP)(flags.with_questions(new, questions.load().flags))
    return typer.main.get_command(app)


HELP = """Make a new FastAPI project.

On a terminal it asks for what is not given; elsewhere, and with --yes, it takes the defaults."""


def new(
    name: Annotated[str | None, typer.Argument(parser=str, show_default=False)] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="The folder to make.", show_default="./NAME"),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: take defaults.")] = False,
    git: Annotated[bool, typer.Option("--git/--no-git", help="Make the first commit.")] = True,
    install: Annotated[
        bool, typer.Option("--install/--no-install", help="Lock and install with uv.")
    ] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list the files.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    **options: Value,
) -> None:
    """Make a new FastAPI project."""
    given = {**options, **({} if name is None else {NAME: name})}
    asks = _on_terminal() and not (yes or as_json)
    try:
        with report.reporter(as_json=as_json) as reporter:
            answers = _answers(given, output, asks=asks)
            target = _target(str(answers[NAME]), output)
            request = Request(answers, target, git=git, install=install, dry_run=dry_run)
            outcome = create(request, reporter)
            reporter.end(outcome)
    except KeyboardInterrupt:
        left = "the project is there, the rest was not done" if reporter.placed else NOTHING
        raise typer.Exit(failure.interrupted(left, as_json=as_json)) from None
    if outcome.failed:
        raise typer.Exit(Exit.FOLLOW_UP)


def _answers(given: Mapping[str, Value], output: Path | None, *, asks: bool) -> Answers:
    known = questions.load()
    answers = resolve(known, given, ask.ask if asks else None)
    if asks and set(answers) - set(given):
        again = report.reuse(str(answers[NAME]), ask.as_flags(known.flags, answers), output)
        sys.stderr.write(f"\nThe same again: {again}\n\n")
    return answers


def _target(name: str, output: Path | None) -> Path:
    return Path(os.path.abspath(output if output is not None else name))  # noqa: PTH100


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()
