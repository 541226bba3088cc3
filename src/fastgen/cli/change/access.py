"""`fastgen change access`."""

from functools import partial
from typing import Annotated, Any

import typer

from fastgen.cli import completion, evolving, typer_commands
from fastgen.cli.asking import resources as asking
from fastgen.cli.flags import DIFF, DRY_RUN, JSON, MIGRATION, RESOURCE
from fastgen.cli.plans import Mode
from fastgen.cli.terminal import terminal
from fastgen.commands import change_access
from fastgen.errors import WrongUsage
from fastgen.slices.rights import ACCESSES

HELP = """\
If rows get owners, all existing rows belong to the account given with --fill; if they lose their
owners, everybody who may use the resource can use them. For example:

\b
fastgen change access item shared
fastgen change access item owner --fill 1"""


def build(text: str) -> Any:
    """Return the command; `text` begins its help."""
    return typer_commands.build(access, f"{text}\n\n{HELP}")


def access(
    resource: Annotated[str | None, RESOURCE] = None,
    rule: Annotated[
        str | None,
        typer.Argument(
            metavar="|".join(ACCESSES),
            show_default=False,
            help="Who may use the rows: their owner; all signed-in users; administrators write and "
            "signed-in users read; anybody reads and signed-in users write.",
            autocompletion=completion.accesses,
        ),
    ] = None,
    fill: Annotated[
        str | None,
        typer.Option(metavar="USER", help="The owner of existing rows: an id, or a mail address."),
    ] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    migration: Annotated[bool | None, MIGRATION] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Change who may use the rows of a resource."""
    if resource is None:
        resource = asking.existing("Resource to change", as_json=as_json, rest=lambda *_: "shared")
    if rule is None and not terminal.can_ask(as_json=as_json):
        raise WrongUsage("no access rule is given", instead=(("", "shared"),))
    propose = partial(
        change_access.propose,
        name=resource,
        access=rule or asking.access("owner"),
        fill=fill,
        migration=migration,
    )
    raise typer.Exit(
        evolving.run(
            propose,
            Mode(dry_run, diff, as_json),
            {},
            nothing="the resource already has this access",
        )
    )
