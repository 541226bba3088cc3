"""Commands with subcommands, and what all commands have in common."""

from collections.abc import Callable
from typing import Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from fastgen.cli.terminal import terminal
from fastgen.errors import Exit


class _AsTyped:
    """Accepts strings and flags unchanged; Typer would import Pydantic to convert them."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ARG002 - Typer's names
        """Return `value` unchanged."""
        if param.nargs == -1:
            return list(value or ())
        return value


class PlainCommand(TyperCommand):
    """A command whose parameters are strings and flags."""

    def get_params(self, ctx: Any) -> Any:
        """Return the parameters, `--help` included."""
        return _plain(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """A command with subcommands whose own parameters are strings and flags."""

    def get_params(self, ctx: Any) -> Any:
        """Return the parameters, `--help` included."""
        return _plain(super().get_params(ctx))


def _plain(params: list[Any]) -> list[Any]:
    for one in params:
        # If Typer renames this, commands only become slower.
        one._runtime_param = _AsTyped()  # noqa: SLF001
    return params


def single(name: str, text: str, function: Callable[..., None]) -> Any:
    """Return the command `name` that calls `function`, with the help `text`."""
    app = _app()
    app.command(name, cls=PlainCommand, help=text)(function)
    return typer.main.get_command(app)


def group(text: str, commands: dict[str, tuple[str, Callable[..., None]]]) -> Any:
    """Return a command with the subcommands `commands`: by name, their help and function.

    The list of commands shows only the first line of a help.
    """
    app = _app(cls=PlainGroup, help=text, invoke_without_command=True)
    app.callback()(_help_when_alone)
    for name, (told, function) in commands.items():
        first = told.partition("\n")[0]
        app.command(name, cls=PlainCommand, help=told, short_help=first)(function)
    return typer.main.get_command(app)


def _app(**settings: Any) -> typer.Typer:
    return typer.Typer(
        rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False, **settings
    )


def _help_when_alone(ctx: typer.Context) -> None:
    if ctx.invoked_subcommand is None:
        terminal.err.write(f"{ctx.get_help()}\n")
        raise typer.Exit(Exit.USAGE)
