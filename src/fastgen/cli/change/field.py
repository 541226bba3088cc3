"""`fastgen change field`."""

from functools import partial
from typing import Annotated, Any

import typer

from fastgen.cli import evolving, flags, typer_commands
from fastgen.cli.asking import resources as asking
from fastgen.cli.flags import DIFF, DRY_RUN, FILL, JSON, MIGRATION, WITH_FIELDS
from fastgen.cli.plans import Mode
from fastgen.commands import change_field

HELP = """\
Give the whole new definition of a field: what it leaves out is removed. The migration converts the
rows; its notes say what it locks, and which rows it refuses. For example:

\b
fastgen change field item price:decimal:12,2:ge=0
fastgen change field item note:text --fill ""

Your changes to the files are kept. `fastgen add resource --help` lists the types and modifiers."""


def build(text: str) -> Any:
    """Return the command; `text` begins its help."""
    return typer_commands.build(field, f"{text}\n\n{HELP}")


def field(
    resource: Annotated[str | None, WITH_FIELDS] = None,
    fields: Annotated[list[str] | None, flags.fields("price:decimal:12,2")] = None,
    fill: Annotated[str | None, FILL] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    migration: Annotated[bool | None, MIGRATION] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Change fields of a resource."""
    if resource is None:
        resource = asking.existing(
            "Resource to change a field of",
            as_json=as_json,
            rest=asking.definition,
            accounts=None,
        )
    if not fields:
        fields = [_asked(resource, as_json=as_json)]
    propose = partial(
        change_field.propose, name=resource, texts=fields, fill=fill, migration=migration
    )
    raise typer.Exit(
        evolving.run(
            propose,
            Mode(dry_run, diff, as_json),
            {"fields": fields},
            nothing="the fields already have exactly this definition",
        )
    )


def _asked(name: str, *, as_json: bool) -> str:
    """Ask which field of the resource `name` to change, and for its new definition."""
    chosen = asking.existing_field(name, "Field to change", as_json=as_json, rest=asking.definition)
    return asking.new_definition(name, chosen)
