"""`fastgen add field`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer

from fastgen.cli import flags, plans, typer_commands
from fastgen.cli.asking import resources as asking
from fastgen.cli.flags import DIFF, DRY_RUN, FILL, JSON, MIGRATION, WITH_FIELDS
from fastgen.cli.plans import Mode, Report
from fastgen.cli.terminal import terminal
from fastgen.commands import add_field, changed
from fastgen.commands.execution import execute
from fastgen.engine import placing
from fastgen.errors import WrongUsage
from fastgen.project import account, understand
from fastgen.project.project import opened

HELP = """\
The table may have rows, so each field must be optional or have a default, unless --fill gives
existing rows a value. On a terminal it asks for a missing resource or field. For example:

\b
fastgen add field item sku:str:32:optional:unique stock:int:ge=0:default=0
fastgen add field user bio:text:optional

Your changes to the files are kept. `fastgen add resource --help` lists the types and modifiers."""


def build(text: str) -> Any:
    """Return the command; `text` begins its help."""
    return typer_commands.build(field, f"{text}\n\n{HELP}")


def field(
    resource: Annotated[str | None, WITH_FIELDS] = None,
    fields: Annotated[list[str] | None, flags.fields("sku:str:32")] = None,
    fill: Annotated[str | None, FILL] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    migration: Annotated[bool | None, MIGRATION] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Add fields to a resource."""
    if resource is None:
        resource = asking.existing(
            "Resource to add fields to", as_json=as_json, rest=asking.new_field, accounts=True
        )
    texts = fields or _asked(resource, as_json=as_json)
    mode = Mode(dry_run, diff, as_json)
    with opened(writes=mode.writes, renders=True) as project:
        proposal = add_field.propose(project, resource, texts, fill=fill, migration=migration)
        names = proposal.resource.names
        report = Report(
            {"project": str(project.root), "resource": names.singular, "fields": texts},
            [*project.notes, *proposal.notes],
        )
        if mode.writes:
            execute(project, proposal.plan)
        following = [f"uv run pytest {placing.tests_of(project, names)}"]
        code = plans.end(proposal.plan, mode, replace(report, next=following))
    raise typer.Exit(code)


def _asked(name: str, *, as_json: bool) -> Sequence[str]:
    """Ask for the fields to add to the resource `name`."""
    with opened(writes=False, renders=True) as project:
        old = changed.entry_with_fields(project, name).resource
    if not terminal.can_ask(as_json=as_json):
        raise WrongUsage("no field is given", instead=(("", asking.new_field(project, name)),))
    from fastgen.cli.asking import fields  # noqa: PLC0415 - slow, and only needed to ask
    from fastgen.cli.asking.draft import Sheet  # noqa: PLC0415 - slow, and only needed to ask

    def wrong(_sheet: Sheet, text: str) -> str | None:
        [field] = understand.parse_fields(project, [text], old.access)
        typed = [(text, field)]
        error = next(account.mistakes(project, old, typed), add_field.without_value(text, field))
        return error.message.partition(": ")[2] if error else None

    return fields.ask(Sheet(project, old.names.singular, old.access, known=old.fields), wrong)
