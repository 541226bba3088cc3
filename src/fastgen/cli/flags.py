"""Flags and arguments of several commands."""

from typing import Any

import typer

from fastgen.cli import completion
from fastgen.slices.rights import ACCESSES

DRY_RUN = typer.Option("--dry-run", help="List the changes and write nothing.")
DIFF = typer.Option("--diff", help="Show the changes as a diff and write nothing.")
JSON = typer.Option("--json", help="Print one JSON object on stdout.")
MIGRATION = typer.Option(
    "--migration/--no-migration", help="Write a migration. [default: yes]", show_default=False
)
FILL = typer.Option(
    metavar="VALUE", help="The value of existing rows, for a required field without default."
)
RESOURCE = typer.Argument(
    metavar="RESOURCE",
    show_default=False,
    help="Such as item.",
    autocompletion=completion.resources,
)
# Of commands about fields, which accounts have as well.
WITH_FIELDS = typer.Argument(
    metavar="RESOURCE",
    show_default=False,
    help="Such as item, or user for fields that were added to accounts.",
    autocompletion=completion.with_fields,
)
ACCESS = typer.Option(
    metavar="|".join(ACCESSES),
    help="Who may use the rows: their owner; all signed-in users; administrators write and "
    "signed-in users read; anybody reads and signed-in users write. [default: owner]",
    autocompletion=completion.accesses,
)


def fields(example: str, *, of: str = "resource") -> Any:
    """Return the argument for fields, with an example, of the resource in another argument."""
    return typer.Argument(
        metavar="FIELD",
        show_default=False,
        help=f"Such as {example}.",
        autocompletion=completion.fields_of(of),
    )
