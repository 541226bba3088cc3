"""`fastgen add`: a resource, or fields of one."""

import textwrap
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from fastgen.cli import adding, change, choices, choosing, completion, groups
from fastgen.cli.change import Report, Ways
from fastgen.cli.common_flags import DIFF, DRY_RUN, JSON
from fastgen.cli.terminal import terminal
from fastgen.commands.add_resource import Request
from fastgen.commands.execution import execute
from fastgen.errors import WrongUsage
from fastgen.fields.types import TYPES
from fastgen.project.project import opened
from fastgen.project.understand import ONLY_FIELD

HELP = """Add a resource to a project, or fields to an existing resource."""

TYPES_LISTED = textwrap.fill(
    "  ".join(type_.form or type_.name for type_ in TYPES.values()),
    width=74,
    initial_indent="Types      ",
    subsequent_indent="           ",
)

RESOURCE_HELP = f"""Add a resource: model, schemas, service, endpoints, tests and migration.

A field is NAME[:TYPE[:ARGUMENT]][:MODIFIER]... in one word. For example:

\b
fastgen add resource item name:str:100:min=1 price:decimal:10,2:gt=0
fastgen add resource order item:ref:item note:text:optional --access shared
fastgen add resource album title:str artist:ref:artist --unique artist,title

\b
{TYPES_LISTED}
Modifiers  optional  unique  index  filter  sort  search  readonly  writeonly
           min=  max=  gt=  ge=  lt=  le=
           ondelete=cascade|restrict|setnull  pattern=REGEX  default=VALUE

The values of the last two modifiers may contain anything, so they come last in a field. Quote a
field if the shell would change it; PowerShell, for example, splits at commas.

On a terminal, without a field, it asks for everything and shows the changes before it makes them;
answering "no" ends with exit code 1. Elsewhere, and with --yes, the field is name:str:100."""

FIELD_HELP = """Add fields to a resource: column, schemas, tests and a migration.

The table may have rows, so each field must be optional or have a default. On a terminal it asks
for a missing resource or field. For example:

\b
fastgen add field item sku:str:32:optional:unique stock:int:ge=0:default=0

Your changes to the files are kept. `fastgen add resource --help` lists the types and modifiers."""

MIGRATION = typer.Option(
    "--migration/--no-migration", help="Write a migration. [default: yes]", show_default=False
)


UNIQUE = typer.Option(
    metavar="FIELD,FIELD",
    show_default=False,
    help="Fields that no two rows have the same values of together; may be repeated.",
)
INDEX = typer.Option(
    metavar="FIELD,FIELD",
    show_default=False,
    help="Fields, created_at or updated_at with an index together; may be repeated.",
)


def build() -> Any:
    """Return the command with its subcommands."""
    return groups.group(HELP, {"resource": (RESOURCE_HELP, resource), "field": (FIELD_HELP, field)})


def resource(  # noqa: PLR0913, PLR0917 - the flags of the command
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", show_default=False, help="Such as item.")
    ] = None,
    fields: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FIELD",
            show_default=False,
            help="Such as price:decimal:10,2.",
            autocompletion=completion.fields_of("name"),
        ),
    ] = None,
    plural: Annotated[
        str | None, typer.Option(metavar="NAME", help="Such as items, if it is guessed wrong.")
    ] = None,
    access: Annotated[
        str | None,
        typer.Option(
            metavar=choices.ACCESS,
            help="Who uses the rows: their owner; all signed-in users; administrators write and "
            "signed-in users read; anybody reads and signed-in users write. [default: owner]",
            autocompletion=choices.accesses,
        ),
    ] = None,
    unique: Annotated[list[str] | None, UNIQUE] = None,
    index: Annotated[list[str] | None, INDEX] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite files that are committed in git.")
    ] = False,
    migration: Annotated[bool | None, MIGRATION] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing; without a field, use name:str:100.")
    ] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Add a resource."""
    ways = Ways(dry_run, diff, as_json)
    sets = (unique or None, index or None)
    request = Request(name or "", fields or (), plural, access, *sets, migration, force)
    if not (fields or unique or index or yes) and terminal.asks(as_json=as_json):
        raise typer.Exit(adding.by_asking(request, ways, _also(migration, force=force)))
    if name is None:
        better = f"{choosing.free_name()} {ONLY_FIELD}"
        raise WrongUsage("a resource needs a name", instead=(("", better),))
    raise typer.Exit(adding.as_told(request, ways))


def _also(migration: bool | None, *, force: bool) -> Sequence[str]:
    """Return the flags that are not part of a resource, to repeat them in the command shown."""
    flags = {None: [], True: ["--migration"], False: ["--no-migration"]}[migration]
    return [*flags, *["--force"] * force]


def field(
    resource: Annotated[
        str | None,
        typer.Argument(
            metavar="RESOURCE",
            show_default=False,
            help="Such as item.",
            autocompletion=completion.resources,
        ),
    ] = None,
    fields: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FIELD",
            show_default=False,
            help="Such as sku:str:32.",
            autocompletion=completion.fields_of("resource"),
        ),
    ] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    migration: Annotated[bool | None, MIGRATION] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Add fields to a resource."""
    from fastgen.commands import add_field  # noqa: PLC0415 - not needed to add a resource

    name = resource or choosing.resource(
        "Resource to add fields to", as_json=as_json, field=not fields
    )
    texts = fields or choosing.fields(name, as_json=as_json)
    ways = Ways(dry_run, diff, as_json)
    with opened(writes=ways.writes, renders=True) as project:
        proposal = add_field.propose(project, name, texts, migration=migration)
        names = proposal.resource.names
        about = {"project": str(project.root), "resource": names.singular, "fields": texts}
        report = Report(
            about,
            [*project.notes, *proposal.notes],
            [f"uv run pytest tests/test_{names.plural}.py"],
        )
        if ways.writes:
            execute(project, proposal.plan)
        code = change.outcome(proposal.plan, ways, report)
    raise typer.Exit(code)
