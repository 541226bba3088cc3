"""`fastgen rename resource`."""

from functools import partial
from typing import Annotated, Any

import typer

from fastgen.cli import completion, evolving, typer_commands
from fastgen.cli.asking import resources as asking
from fastgen.cli.flags import DIFF, DRY_RUN, JSON, MIGRATION
from fastgen.cli.plans import Mode
from fastgen.commands import rename_resource

HELP = """\
Its modules, classes, routes and tests are renamed, and its table with all that is named after it;
resources that refer to it follow. Clients have to use the new route, unless it stays by
--keep-path; a later rename without it moves the route. For example:

\b
fastgen rename resource item product
fastgen rename resource item product --keep-path"""


def build(text: str) -> Any:
    """Return the command; `text` begins its help."""
    return typer_commands.build(resource, f"{text}\n\n{HELP}")


def resource(  # noqa: PLR0913, PLR0917 - the flags of the command
    old: Annotated[
        str | None,
        typer.Argument(
            metavar="OLD",
            show_default=False,
            help="Such as item.",
            autocompletion=completion.resources,
        ),
    ] = None,
    new: Annotated[
        str | None, typer.Argument(metavar="NEW", show_default=False, help="Such as product.")
    ] = None,
    plural: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Such as products, if fastgen guesses it wrong."),
    ] = None,
    keep_path: Annotated[
        bool, typer.Option("--keep-path", help="Keep the old route, such as /items.")
    ] = False,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    migration: Annotated[bool | None, MIGRATION] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Rename a resource."""
    if old is None:
        old = asking.existing(
            "Resource to rename", as_json=as_json, rest=lambda _, one: f"new_{one}"
        )
    if new is None:
        new = asking.new_name(old, as_json=as_json)
    propose = partial(
        rename_resource.propose,
        name=old,
        new_name=new,
        plural=plural,
        keeps_path=keep_path,
        migration=migration,
    )
    mode = Mode(dry_run, diff, as_json)
    about = {"renamed": {old: new}, "keep_path": keep_path}
    raise typer.Exit(evolving.run(propose, mode, about))
