"""`fastgen add`: a resource, or fields of one."""

from typing import Annotated, Any

import typer
import typer.main

from fastgen import add_field, add_resource
from fastgen.cli import change, choices
from fastgen.cli.change import Report, Ways
from fastgen.errors import Exit, Refused
from fastgen.project import place
from fastgen.project.place import Project

RESOURCE_HELP = """Add a resource: model, schemas, service, endpoints, tests and migration.

Fields are NAME[:TYPE[:ARGUMENT]][:MODIFIER]..., for example
name:str:100:min=1 price:decimal:10,2:gt=0 status:enum:draft,published:default=draft
category:ref:category:optional

Types: str text int bigint float decimal bool date datetime time uuid email url json enum list ref.
Modifiers: optional unique index default= min= max= gt= ge= lt= le= pattern= ondelete= filter
sort search readonly writeonly. PowerShell splits at commas: put such a field in quotes.

Without fields it asks on a terminal; elsewhere the resource gets the one field name:str:100."""

DRY_RUN = typer.Option("--dry-run", help="List the changes, write nothing.")
DIFF = typer.Option("--diff", help="Show the changes as a diff, write nothing.")
JSON = typer.Option("--json", help="Print one JSON object on stdout.")
MIGRATION = typer.Option(
    "--migration/--no-migration", help="Write a migration. [default: yes]", show_default=False
)


def build() -> Any:
    """Return the command with its subcommands."""
    app = typer.Typer(
        help="Add to a project.", rich_markup_mode=None, pretty_exceptions_enable=False
    )
    app.command("resource", help=RESOURCE_HELP)(resource)
    app.command("field")(field)
    return typer.main.get_command(app)


def resource(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", show_default=False, help="Such as item.")
    ] = None,
    fields: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FIELD]...", show_default=False, help="Such as price:decimal:10,2."
        ),
    ] = None,
    plural: Annotated[
        str | None, typer.Option(metavar="NAME", help="Such as items, where it is guessed wrong.")
    ] = None,
    access: Annotated[
        str | None,
        typer.Option(
            metavar=choices.ACCESS,
            help="Whose rows they are: each user's own; all signed-in users'; written by "
            "administrators; read by anybody. [default: owner]",
            autocompletion=choices.accesses,
        ),
    ] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite files that git has as they are.")
    ] = False,
    migration: Annotated[bool | None, MIGRATION] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Add a resource."""
    with place.opened() as project:
        if not fields and choices.asks(as_json=as_json):
            from fastgen.cli import ask_resource  # noqa: PLC0415

            asked = ask_resource.ask(project, name, plural, access, migration=migration)
            name, fields, plural, access = asked.name, asked.fields, asked.plural, asked.access
        if name is None:
            raise Refused("a resource needs a name", "fastgen add resource item name:str:100")
        request = add_resource.Request(
            name, fields or (), plural, choices.access(access), migration, force
        )
        code = _add(project, request, Ways(dry_run, diff, as_json))
    raise typer.Exit(code)


def _add(project: Project, request: add_resource.Request, ways: Ways) -> Exit:
    proposal = add_resource.propose(project, request)
    names = proposal.resource.names
    about = {
        "project": str(project.root),
        "resource": names.singular,
        "state": proposal.state,
    }
    notes = [*project.notes, *proposal.notes]
    if proposal.state == "identical":
        change.tell(proposal.plan, Ways(as_json=ways.as_json), Report(about, notes))
        change.note(f"the resource {names.singular} is there already, just so")
        return Exit.OK
    if proposal.state == "different" and not request.force:
        shown = Ways(diff=True, as_json=ways.as_json)
        change.tell(proposal.plan, shown, Report(about, notes))
        raise Refused(
            f"the resource {names.singular} is there already, and not as this line makes it",
            f"fastgen add field {names.singular} FIELD..., or --force to overwrite what git has",
        )
    if not request.fields:
        notes.append(f"without fields it gets one: {add_resource.ONLY_FIELD}")
    following = [f"uv run pytest tests/test_{names.plural}.py", "uv run fastapi dev"]
    return change.carry_out(project, proposal.plan, ways, Report(about, notes, following))


def field(
    resource: Annotated[str, typer.Argument(metavar="RESOURCE", help="Such as item.")],
    fields: Annotated[list[str], typer.Argument(metavar="FIELD...", help="Such as sku:str:32.")],
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    migration: Annotated[bool | None, MIGRATION] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Add fields to a resource: column, schemas, tests and a migration.

    The table may have rows: each field is optional or has a default.
    """
    with place.opened() as project:
        proposal = add_field.propose(project, resource, fields, migration=migration)
        names = proposal.resource.names
        about = {"project": str(project.root), "resource": names.singular, "fields": fields}
        report = Report(
            about,
            [*project.notes, *proposal.notes],
            [f"uv run pytest tests/test_{names.plural}.py"],
        )
        code = change.carry_out(project, proposal.plan, Ways(dry_run, diff, as_json), report)
    raise typer.Exit(code)
