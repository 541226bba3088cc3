"""The application: its commands and its exit codes."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
import typer.main
from typer.exceptions import TyperException

import fastgen
from fastgen.cli import failure, typer_commands
from fastgen.cli.terminal import terminal
from fastgen.errors import Exit, FastgenError, Stopped

# In the order of `--help`, each with the first line of its help. A command is the module of its
# name, with a function `build`; one with subcommands is a package of them.
COMMANDS: Mapping[str, str | tuple[str, Mapping[str, str]]] = {
    "new": "Create a new FastAPI project.",
    "add": (
        "Add a resource to a project, or fields to a resource.",
        {
            "resource": "Add a resource: model, schemas, service, endpoints, tests and migration.",
            "field": "Add fields to a resource: column, schemas, tests and a migration.",
        },
    ),
    "change": (
        "Change fields of a resource, or who may use its rows.",
        {
            "field": "Redefine fields of a resource: type, limits, modifiers.",
            "access": "Change who may use the rows of a resource.",
        },
    ),
    "rename": (
        "Rename a resource or a field.",
        {
            "resource": "Rename a resource: its files, routes and table, and references to it.",
            "field": "Rename a field of a resource; its values are kept.",
        },
    ),
    "remove": (
        "Remove a resource, or fields of a resource.",
        {
            "resource": "Remove a resource: its unchanged files, its lines in others, and its "
            "table.",
            "field": "Remove fields of a resource, with their columns.",
        },
    ),
    "apply": "Change the resources of a project to match a file.",
    "export": "Write all resources of a project to one file.",
    "info": "Show the options and the resources of a project.",
    "check": "Compare a project with its recipe.",
    "templates": (
        "Customize the templates of resources.",
        {
            "list": "List the templates that a project can override.",
            "eject": "Copy templates to .fastgen/templates/resource, where they override "
            "fastgen's.",
        },
    ),
}

EXIT_CODES = """\
Exit codes: 0 done; 1 a value or a state was refused, nothing is written; 2 wrong usage;
3 the project is written, but a step after it (lock, commit, install) failed; 4 done, except
what is left to you; 70 a bug in fastgen; 130 interrupted."""

app = typer.Typer(
    name="fastgen",
    cls=typer_commands.Group,
    help="Generates production-ready FastAPI projects.",
    epilog=EXIT_CODES,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    **typer_commands.PLAIN,
)


def _version(wanted: bool) -> None:
    if wanted:
        terminal.out.line(f"fastgen {fastgen.__version__}")
        raise typer.Exit


@app.callback()
def _common(
    ctx: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback handles it
        bool,
        typer.Option("--version", "-V", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
    debug: Annotated[  # noqa: ARG001 - `run` reads it before anything can fail
        bool, typer.Option("--debug", help="Show a traceback for a bug in fastgen.")
    ] = False,
) -> None:
    typer_commands.help_when_alone(ctx)


def _with_commands() -> Any:
    """Return the application with its commands, of which none is imported."""
    root: Any = typer.main.get_command(app)
    for name, told in COMMANDS.items():
        module = f"fastgen.cli.{name}"
        if isinstance(told, str):
            root.add_command(typer_commands.Unbuilt(name, told, module))
        else:
            text, parts = told
            group = typer_commands.group(name, text)
            for part, line in parts.items():
                group.add_command(typer_commands.Unbuilt(part, line, f"{module}.{part}"))
            root.add_command(group)
    return root


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
        code = int(_with_commands()(args=wanted, prog_name="fastgen", standalone_mode=False) or 0)
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
