"""Commands that have subcommands, and what all commands have in common."""

from collections.abc import Callable
from typing import Any

import typer
import typer.main

from fastgen.errors import Exit


def single(name: str, text: str, function: Callable[..., None]) -> Any:
    """Return the command `name` that calls `function`, with `text` for its help."""
    app = _app()
    app.command(name, help=text)(function)
    return _built(app)


def group(text: str, commands: dict[str, tuple[str, Callable[..., None]]]) -> Any:
    """Return the command that has `commands`: by name, their help and what they call.

    The first line of a help is all that the list of the commands shows.
    """
    app = _app(help=text, invoke_without_command=True)
    app.callback()(_help_when_alone)
    for name, (told, function) in commands.items():
        app.command(name, help=told, short_help=told.partition("\n")[0])(function)
    return _built(app)


class _AsTyped:
    """Takes texts and flags as they are; Typer would import Pydantic to look at them."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ARG002 - Typer's names
        if param.nargs == -1:
            return list(value or ())
        return value


def _built(app: typer.Typer) -> Any:
    command = typer.main.get_command(app)
    for one in (command, *getattr(command, "commands", {}).values()):
        for param in one.params:
            # Were Typer not to know the name any more, it would only be slower.
            param._runtime_param = _AsTyped()  # noqa: SLF001
    return command


def _app(**settings: Any) -> typer.Typer:
    return typer.Typer(
        rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False, **settings
    )


def _help_when_alone(ctx: typer.Context) -> None:
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help(), err=True)
        raise typer.Exit(Exit.USAGE)
