"""The application: its commands, built when they are needed, and its exit codes."""

import importlib
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

import fastgen
from fastgen.cli import failure
from fastgen.cli.groups import PlainGroup
from fastgen.cli.terminal import terminal
from fastgen.errors import Exit, FastgenError, Stopped

EXIT_CODES = """\
Exit codes: 0 done; 1 a value or a state was refused, nothing is written; 2 wrong usage;
3 the project is written, but a step after it (lock, commit, install) failed; 4 done, except
what is left to you; 70 a fault of fastgen; 130 interrupted."""


# In the order of `--help`; each has its own module.
COMMANDS = {
    "new": "Make a new FastAPI project.",
    "add": "Add a resource to a project, or fields to a resource.",
    "remove": "Remove a resource from a project.",
    "info": "Show the options and the resources of a project.",
    "check": "Compare a project with its recipe.",
    "templates": "Adapt the templates of resources.",
}


class _LazyGroup(PlainGroup):
    """Builds a command's options when it is called, so that `--help` does not read `copier.yml`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] in COMMANDS:
            module = importlib.import_module(f"fastgen.cli.{args[0]}")
            self.commands[args[0]] = module.build()
        return super().resolve_command(ctx, args)


app = typer.Typer(
    name="fastgen",
    cls=_LazyGroup,
    help="Generates production-ready FastAPI projects.",
    epilog=EXIT_CODES,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        terminal.out.write(f"fastgen {fastgen.__version__}\n")
        raise typer.Exit


@app.callback()
def _common(
    ctx: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback handles it
        bool,
        typer.Option("--version", "-V", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
    debug: Annotated[  # noqa: ARG001 - `run` reads it before anything can fail
        bool, typer.Option("--debug", help="Show a traceback for a fault of fastgen.")
    ] = False,
) -> None:
    if ctx.invoked_subcommand is None:
        terminal.err.write(f"{ctx.get_help()}\n")
        raise typer.Exit(Exit.USAGE)


def _declare(name: str, text: str) -> None:
    # Only the name and help for `--help`: the command itself is built when it is called.
    app.command(name, help=text)(lambda: None)


for _name, _text in COMMANDS.items():
    _declare(_name, _text)


def _with_help(arguments: Sequence[str]) -> list[str]:
    """Turn `fastgen help add` into `fastgen add --help`."""
    if next((one for one in arguments if not one.startswith("-")), None) != "help":
        return list(arguments)
    place = list(arguments).index("help")
    return [*arguments[:place], *arguments[place + 1 :], "--help"]


def run(arguments: Sequence[str]) -> int:
    """Run the command line `arguments` and return the exit code."""
    debug, as_json = "--debug" in arguments, "--json" in arguments
    try:
        wanted = _with_help(arguments)
        code = int(app(args=wanted, prog_name="fastgen", standalone_mode=False) or 0)
        terminal.out.flush()
        if code != Exit.INTERRUPTED:
            return code
        # Typer caught it outside of our commands.
        return failure.report(Stopped(), as_json=as_json, debug=debug)
    except TyperException as error:
        return failure.usage(error, as_json=as_json, arguments=arguments)
    except FastgenError as error:
        return failure.report(error, as_json=as_json, debug=debug, arguments=arguments)
    except Exception as error:  # noqa: BLE001 - the last place that can print a readable message
        return failure.unforeseen(error, as_json=as_json, debug=debug, arguments=arguments)
