"""Commands as this command line has them, each imported when it is called."""

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from fastgen.cli.terminal import terminal
from fastgen.errors import Exit, Stopped

PLAIN: Mapping[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_enable": False}


class _AsTyped:
    """Accepts strings and flags unchanged; Typer would import Pydantic to convert them."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ARG002 - Typer's names
        """Return `value` unchanged."""
        if param.nargs == -1:
            return list(value or ())
        return value


def _as_typed(params: list[Any]) -> list[Any]:
    for one in params:
        # If Typer renames this, commands only become slower.
        one._runtime_param = _AsTyped()  # noqa: SLF001
    return params


class Group(TyperGroup):
    """A command with subcommands, which shows its help when it is called without one."""

    def get_params(self, ctx: Any) -> Any:
        """Return the parameters, `--help` included."""
        return _as_typed(super().get_params(ctx))


class _Command(TyperCommand):
    """A command whose parameters are strings and flags."""

    def get_params(self, ctx: Any) -> Any:
        """Return the parameters, `--help` included."""
        return _as_typed(super().get_params(ctx))

    def invoke(self, ctx: Any) -> Any:
        """Run the command; raises `Stopped` when the user interrupts it."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            raise Stopped(project_stands=getattr(stop, "project_stands", False)) from stop


class Unbuilt(TyperCommand):
    """A command of which only the first line of its help is known until it is called."""

    def __init__(self, name: str, text: str, module: str) -> None:
        """Take the `module` that builds the command."""
        super().__init__(name, help=text, short_help=text, rich_markup_mode=None)
        self._text = text
        self._module = module

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Build the command, and return its context: that of the command from then on."""
        command = importlib.import_module(self._module).build(self._text)
        return command.make_context(*args, **kwargs)


def build(function: Callable[..., None], text: str) -> Any:
    """Return the command that calls `function`, with the help `text`."""
    app = typer.Typer(add_completion=False, **PLAIN)
    app.command(cls=_Command, help=text)(function)
    return typer.main.get_command(app)


def group(name: str, text: str) -> Any:
    """Return the command `name`, with the help `text` and without subcommands yet."""
    app = typer.Typer(
        name=name,
        cls=Group,
        help=text,
        add_completion=False,
        invoke_without_command=True,
        **PLAIN,
    )
    app.callback()(help_when_alone)
    return typer.main.get_command(app)


def help_when_alone(ctx: typer.Context) -> None:
    """Show the help of a command that was called without a subcommand, as wrong usage."""
    if ctx.invoked_subcommand is None:
        terminal.err.write(f"{ctx.get_help()}\n")
        raise typer.Exit(Exit.USAGE)
