"""`fastgen rename field`."""

from functools import partial
from typing import Annotated, Any

import typer

from fastgen.cli import completion, evolving, typer_commands
from fastgen.cli.asking import resources as asking
from fastgen.cli.flags import DIFF, DRY_RUN, JSON, MIGRATION, WITH_FIELDS
from fastgen.cli.plans import Mode
from fastgen.commands import rename_field

HELP = """\
The column is renamed and keeps its values; the field is also renamed in schemas, tests and the
lines that you added to the files of the resource. For example:

\b
fastgen rename field item price amount"""


def build(text: str) -> Any:
    """Return the command; `text` begins its help."""
    return typer_commands.build(field, f"{text}\n\n{HELP}")


def field(
    resource: Annotated[str | None, WITH_FIELDS] = None,
    old: Annotated[
        str | None,
        typer.Argument(
            metavar="OLD",
            show_default=False,
            help="Such as price.",
            autocompletion=completion.names_of("resource"),
        ),
    ] = None,
    new: Annotated[
        str | None, typer.Argument(metavar="NEW", show_default=False, help="Such as amount.")
    ] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    migration: Annotated[bool | None, MIGRATION] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Rename a field of a resource."""
    if resource is None:
        resource = asking.existing(
            "Resource to rename a field of",
            as_json=as_json,
            rest=asking.renamed_field,
            accounts=None,
        )
    if old is None:
        old = asking.existing_field(
            resource, "Field to rename", as_json=as_json, rest=asking.renamed_field
        )
    if new is None:
        new = asking.new_name(resource, old, as_json=as_json)
    propose = partial(
        rename_field.propose, name=resource, old_name=old, new_name=new, migration=migration
    )
    mode = Mode(dry_run, diff, as_json)
    raise typer.Exit(evolving.run(propose, mode, {"renamed": {old: new}}))
