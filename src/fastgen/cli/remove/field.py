"""`fastgen remove field`."""

from functools import partial
from typing import Annotated, Any

import typer

from fastgen.cli import completion, evolving, typer_commands
from fastgen.cli.flags import DIFF, DRY_RUN, JSON, MIGRATION
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
    resource: Annotated[
        str,
        typer.Argument(
            metavar="RESOURCE", help="Such as item.", autocompletion=completion.resources
        ),
    ],
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="FIELD", help="Such as note.", autocompletion=completion.names_of("resource")
        ),
    ],
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    migration: Annotated[bool | None, MIGRATION] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Remove fields of a resource."""
    propose = partial(remove_field.propose, name=resource, names=names, migration=migration)
    mode = Mode(dry_run, diff, as_json)
    raise typer.Exit(evolving.run(propose, mode, {"removed": names}))
