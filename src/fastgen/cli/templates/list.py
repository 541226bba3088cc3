"""`fastgen templates list`."""

from typing import Any

from fastgen.cli import typer_commands
from fastgen.cli.terminal import terminal
from fastgen.commands import eject


def build(text: str) -> Any:
    """Return the command with the help `text`."""
    return typer_commands.build(templates, text)


def templates() -> None:
    """List the templates."""
    for name in eject.available():
        terminal.out.line(name)
