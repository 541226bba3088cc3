"""`fastgen remove field`."""

from functools import partial
from typing import Annotated, Any

import typer

from fastgen.cli import completion, evolving, typer_commands
from fastgen.cli.asking import resources as asking
from fastgen.cli.flags import DIFF, DRY_RUN, JSON, MIGRATION, WITH_FIELDS
from fastgen.cli.plans import Mode
from fastgen.commands import remove_field

HELP = """\
Its column is dropped with all its values. For example:

\b
fastgen remove field item note"""


def build(text: str) -> Any:
    """Return the command; `text` begins its help."""
    return typer_commands.build(field, f"{text}\n\n{HELP}")


def field(
    resource: Annotated[str | None, WITH_FIELDS] = None,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FIELD",
            show_default=False,
            help="Such as note.",
            autocompletion=completion.names_of("resource"),
        ),
    ] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    migration: Annotated[bool | None, MIGRATION] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Remove fields of a resource."""
    if resource is None:
        resource = asking.existing(
            "Resource to remove a field of",
            as_json=as_json,
            rest=asking.first_field,
            accounts=None,
        )
    if not names:
        names = [asking.existing_field(resource, "Field to remove", as_json=as_json)]
    propose = partial(remove_field.propose, name=resource, names=names, migration=migration)
    mode = Mode(dry_run, diff, as_json)
    raise typer.Exit(evolving.run(propose, mode, {"removed": names}))
