"""`fastgen new`: from the command line to the job and its report."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from fastgen import databases, messages
from fastgen.cli import typer_commands
from fastgen.cli.new import ask, question_flags, report
from fastgen.cli.terminal import terminal
from fastgen.commands.new import first_resources, next_steps, resources_file
from fastgen.commands.new.create import create, refusals
from fastgen.commands.new.job import Outcome, Request
from fastgen.databases import Database
from fastgen.domain import source as files
from fastgen.domain.source import Source
from fastgen.errors import (
    Exit,
    FastgenError,
    InvalidName,
    InvalidOption,
    OutputLost,
    WrongUsage,
    raise_all,
)
from fastgen.messages import shown
from fastgen.names import project as project_names
from fastgen.system import typed_path
from fastgen.template import answers, questions
from fastgen.template.questions import NAME, Value

DATABASE = "database"
OUTPUT = "--output=*"
HELP = "On a terminal it asks for missing options; elsewhere, and with --yes, it uses the defaults."


@dataclass(frozen=True, slots=True)
class First:
    """The resources that a project begins with: typed, or those of a file."""

    texts: tuple[str, ...]
    source: Source | None

    @property
    def flags(self) -> list[str]:
        """The flags that say the same."""
        flags = [] if self.source is None else ["--resources", self.source.path]
        return [*flags, *(part for text in self.texts for part in ("--resource", text))]


def build(text: str) -> Any:
    """Return the command with a flag for each question of `copier.yml`; `text` begins its help."""
    function = question_flags.with_questions(new, questions.load().flags)
    return typer_commands.build(function, f"{text}\n\n{HELP}")


def new(  # noqa: PLR0913, PLR0917 - the flags of the command
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            parser=str,
            show_default=False,
            help="Name of the project, or a path that ends with it, as in ../myapi.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(metavar="DIR", parser=str, help="Folder to create. [default: ./NAME]"),
    ] = None,
    resource: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT",
            parser=str,
            show_default=False,
            help='Begin with a resource, as in "item name:str:100"; may be repeated.',
        ),
    ] = None,
    resources: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            parser=str,
            show_default=False,
            help="Begin with the resources of a file; see `fastgen apply --help`.",
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing; use the defaults.")
    ] = False,
    no_git: Annotated[
        bool, typer.Option("--no-git", help="Do not create a repository or a commit.")
    ] = False,
    no_install: Annotated[
        bool, typer.Option("--no-install", help="Do not lock or install with uv.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List the files and write nothing.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on stdout.")
    ] = False,
    **chosen: Value,
) -> None:
    """Create a new FastAPI project."""
    given = {**chosen, **({} if name is None else {NAME: name})}
    asks = not yes and terminal.can_ask(as_json=as_json)
    with report.reporter(as_json=as_json) as reporter:
        found = partial(_refusals, output=output, reporter=reporter, dry_run=dry_run)
        first = _first(resource, resources)
        _refuse_mistakes(given, output, first, found, asks=asks)
        flags = [*first.flags, *_reusable(output, no_git, no_install)]
        typed, answered = ask.answers(given, flags, found, asks=asks)
        request = Request(
            answered,
            _target(typed, output),
            git=not no_git,
            install=not no_install,
            dry_run=dry_run,
            resources=first.texts,
            file=first.source,
        )
        with _corrected(typed):
            outcome = create(request, reporter)
        _end(reporter, outcome)
    if outcome.failed:
        raise typer.Exit(Exit.FOLLOW_UP)


def _first(texts: Sequence[str] | None, file: str | None) -> First:
    """Return the resources of `--resource` or of `--resources`; raises `FastgenError`."""
    if texts and file is not None:
        raise InvalidOption("--resource and --resources cannot be combined: give one of them")
    source = None if file is None else files.read(Path(file), file)
    return First(tuple(texts or ()), source)


def _refuse_mistakes(
    given: Mapping[str, Value],
    output: str | None,
    first: First,
    refused: Callable[[str], Sequence[FastgenError]],
    *,
    asks: bool,
) -> None:
    """Raise all mistakes in the command line before anything is asked or rendered."""
    wrong: list[FastgenError] = []
    typed = str(given.get(NAME, ""))
    if output is not None and project_names.is_path(typed):
        wrong.append(_two_folders(typed, output))
        given = {**given, NAME: project_names.last_part(typed)}
    if NAME not in given and not asks:
        wrong.append(WrongUsage("the project needs a name", instead=(("", "myapi"),)))
    wrong += answers.mistakes(questions.load(), given)
    is_named = NAME in given and not any(isinstance(error, InvalidName) for error in wrong)
    if is_named or output is not None:
        wrong += refused(str(given[NAME]) if is_named else "myapi")
    database = _database(given, asks=asks)
    wrong += first_resources.mistakes(first.texts, database)
    wrong += resources_file.mistakes(first.source, database)
    raise_all(wrong)


def _refusals(
    name: str, output: str | None, reporter: report.Quiet, *, dry_run: bool
) -> Sequence[FastgenError]:
    try:
        with _corrected(name):
            raise_all(refusals(_target(name, output), reporter, dry_run=dry_run))
    except FastgenError as error:
        return error.parts
    return ()


@contextmanager
def _corrected(typed: str) -> Iterator[None]:
    """Make hints that choose another folder call the project by its name instead of a path."""
    try:
        yield
    except FastgenError as error:
        for part in error.parts:
            if part.instead and part.instead[0][0] == OUTPUT and project_names.is_path(typed):
                part.instead = ((typed, project_names.last_part(typed)), *part.instead)
        raise


def _database(given: Mapping[str, Value], *, asks: bool) -> Database:
    """Return the database, or the more permissive one if it may still be asked for."""
    default = next((q.default for q in questions.load().flags if q.name == DATABASE), None)
    chosen = given.get(DATABASE, None if asks else default)
    return databases.BY_NAME.get(str(chosen), databases.MOST_PERMISSIVE)


def _end(reporter: report.Quiet, outcome: Outcome) -> None:
    try:
        reporter.end(outcome)
        terminal.out.flush()
    except OutputLost as error:
        if outcome.request.dry_run:
            raise
        command = next_steps.commands(outcome)[0]
        raise OutputLost(error.reason, "the project is complete", command) from error


def _reusable(output: str | None, no_git: bool, no_install: bool) -> list[str]:
    flags = [] if output is None else ["--output", output]
    flags += ["--no-git"] * no_git
    return flags + ["--no-install"] * no_install


def _target(typed: str, output: str | None) -> Path:
    """Return the folder to create: NAME as it was `typed`, or `output`."""
    if output is None:
        return typed_path.absolute(typed)
    if not output.strip():
        raise InvalidOption(
            "--output is empty: it needs the folder to create",
            instead=((OUTPUT, f"--output ./{typed}"),),
        )
    if project_names.is_path(typed):
        raise _two_folders(typed, output)
    return typed_path.absolute(output)


def _two_folders(typed: str, output: str) -> InvalidOption:
    name = project_names.last_part(typed)
    return InvalidOption(
        f"{shown(typed)} and --output both say where to create the project: give one of them",
        # For a path that was typed at the question.
        messages.command(["fastgen", "new", name, "--output", output]),
        instead=((typed, name),),
    )
