"""`fastgen export`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from fastgen.cli import typer_commands
from fastgen.cli.terminal import terminal
from fastgen.commands import export as core
from fastgen.domain.keys import FILE
from fastgen.project.project import opened

HELP = f"""\
`fastgen apply` reads it, and `fastgen export | fastgen apply -` changes nothing. A file that has
comments is not overwritten. For example:

\b
fastgen export -o {FILE}"""


def build(text: str) -> Any:
    """Return the command; `text` begins its help."""
    return typer_commands.build(export, f"{text}\n\n{HELP}")


def export(
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write FILE instead of stdout."),
    ] = None,
) -> None:
    """Write all resources of a project to one file."""
    with opened(writes=False) as project:
        for note in project.notes:
            terminal.note(note)
        text = core.text(project)
    if output is None:
        terminal.out.write(text)
        return
    core.write(Path(output), text)
    terminal.note(f"{output} is written")
