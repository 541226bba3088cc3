"""`fastgen apply`."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from fastgen.cli import plans, typer_commands
from fastgen.cli.flags import DIFF, DRY_RUN, JSON, MIGRATION
from fastgen.cli.plans import Mode, Report
from fastgen.cli.terminal import terminal
from fastgen.commands import apply as core
from fastgen.commands.apply import Applied
from fastgen.commands.execution import execute
from fastgen.domain import source as files
from fastgen.domain.keys import FILE
from fastgen.domain.mistakes import LooksRenamed
from fastgen.domain.source import Source
from fastgen.domain.suspects import NO_ANSWERS
from fastgen.errors import Exit, FastgenError, Refused
from fastgen.messages import command
from fastgen.project.project import Project, opened
from fastgen.system import safe_files

STDIN = "-"
HELP = f"""\
The file lists all resources with their fields, in any order. All differences are applied in one
step, with one migration. If the file does not name something that exists, the command refuses, or
removes it with --prune; a renamed resource or field needs a line under `renamed`, or an answer on a
terminal. For example:

\b
version: 1
resources:
  artist: [name:str:120:search]
  album:
    access: shared
    fields: ["title:str:160", "artist:ref:artist:ondelete=cascade"]
    unique: [[artist, title]]
renamed: {{song: track, track.length: seconds}}

\b
fastgen export -o {FILE}
fastgen apply --diff"""


def build(text: str) -> Any:
    """Return the command; `text` begins its help."""
    return typer_commands.build(apply, f"{text}\n\n{HELP}")


def apply(
    file: Annotated[
        str | None,
        typer.Argument(metavar="FILE", help=f"Or - for stdin. [default: {FILE}]"),
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove everything that the file does not name.")
    ] = False,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    migration: Annotated[bool | None, MIGRATION] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Change the resources of a project to match a file."""
    mode = Mode(dry_run, diff, as_json)
    typed = _stdin() if file == STDIN else None
    with opened(writes=mode.writes, renders=True) as project:
        source = typed or _read(project, file)
        propose = partial(core.propose, project, source, prune=prune, migration=migration)
        applied = _answered(propose, can_ask=file != STDIN and terminal.can_ask(as_json=as_json))
        code = _carry_out(project, source, applied, mode)
    raise typer.Exit(code)


def _answered(propose: Callable[..., Applied], *, can_ask: bool) -> Applied:
    """Return what `propose` plans, after asking about apparent renames, if possible.

    Raises `FastgenError`; nothing is asked while there are other mistakes.
    """
    answers = NO_ANSWERS
    while True:
        try:
            return propose(answers=answers)
        except FastgenError as error:
            asked = [one for one in error.parts if isinstance(one, LooksRenamed)]
            if not can_ask or len(asked) < len(error.parts):
                raise
        for one in asked:
            question = f"Was {one.old} renamed to {one.new}, keeping its values"
            if terminal.ask.confirm(question, default=True):
                answers = replace(answers, renamed=(*answers.renamed, (one.old, one.new)))
            else:
                answers = replace(answers, others=answers.others | {(one.old, one.new)})


def _stdin() -> Source:
    content = terminal.read(safe_files.LARGE + 1)
    if len(content) > safe_files.LARGE:
        raise Refused(f"stdin is larger than {safe_files.LARGE // safe_files.KB} KB")
    return Source("stdin", content)


def _read(project: Project, file: str | None) -> Source:
    path, shown = (project.root / FILE, FILE) if file is None else (Path(file), file)
    return files.read(path, shown, command(["fastgen", "export", "-o", shown]))


def _carry_out(project: Project, source: Source, applied: Applied, mode: Mode) -> Exit:
    report = Report(
        {
            "project": str(project.root),
            "file": source.path,
            "added": applied.added,
            "changed": applied.changed,
            "removed": applied.removed,
        },
        [*project.notes, *applied.notes],
        ["uv run pytest", "uv run fastapi dev"],
    )
    if applied.plan.empty:
        plans.tell(applied.plan, Mode(as_json=mode.as_json), Report(report.about, report.notes))
        terminal.note(f"the resources already match {source.path}")
        return Exit.OK
    if mode.writes:
        execute(project, applied.plan)
    return plans.end(applied.plan, mode, report)
