"""`fastgen add resource`."""

import shlex
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer

from fastgen.cli import failure, flags, plans, typer_commands
from fastgen.cli.asking.resources import free_name
from fastgen.cli.flags import ACCESS, DIFF, DRY_RUN, JSON, MIGRATION
from fastgen.cli.plans import Mode, Report
from fastgen.cli.terminal import terminal
from fastgen.commands import add_field, add_resource
from fastgen.commands.add_resource import Addition, Request
from fastgen.commands.execution import execute
from fastgen.engine import placing
from fastgen.errors import Exit, Refused, WrongUsage
from fastgen.fields.types import TYPES
from fastgen.project import again
from fastgen.project.project import Project, opened
from fastgen.project.typed_sets import NONE
from fastgen.project.understand import ONLY_FIELD
from fastgen.slices.resource import Resource

ALONE = f"a resource without fields gets one: {ONLY_FIELD}"
TYPES_LISTED = textwrap.fill(
    "  ".join(type_.form or type_.name for type_ in TYPES.values()),
    width=74,
    initial_indent="Types      ",
    subsequent_indent="           ",
)
HELP = f"""A field is NAME[:TYPE[:ARGUMENT]][:MODIFIER]... in one word. For example:

\b
fastgen add resource item name:str:100:min=1 price:decimal:10,2:gt=0
fastgen add resource order item:ref:item note:text:optional --access shared
fastgen add resource line order:ref:order number:int:ge=1 --unique order,number

\b
{TYPES_LISTED}
Modifiers  optional  unique  index  filter  sort  search  readonly  writeonly
           min=  max=  gt=  ge=  lt=  le=
           ondelete=cascade|restrict|setnull  pattern=REGEX  default=VALUE

The values of the last two modifiers may contain anything, so they come last in a field. Quote a
field if the shell would change it; PowerShell, for example, splits at commas.

On a terminal, without a field, it asks for everything and shows the changes before it makes them;
answering "no" ends with exit code 1. Elsewhere, and with --yes, the field is name:str:100."""

UNIQUE = typer.Option(
    metavar="FIELD,FIELD",
    show_default=False,
    help="Fields whose values are unique together; may be repeated.",
)
INDEX = typer.Option(
    metavar="FIELD,FIELD",
    show_default=False,
    help="Fields, created_at or updated_at with a common index; may be repeated.",
)


def build(text: str) -> Any:
    """Return the command; `text` begins its help."""
    return typer_commands.build(resource, f"{text}\n\n{HELP}")


def resource(  # noqa: PLR0913, PLR0917 - the flags of the command
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", show_default=False, help="Such as item.")
    ] = None,
    fields: Annotated[list[str] | None, flags.fields("price:decimal:10,2", of="name")] = None,
    plural: Annotated[
        str | None, typer.Option(metavar="NAME", help="Such as items, if fastgen guesses it wrong.")
    ] = None,
    access: Annotated[str | None, ACCESS] = None,
    unique: Annotated[list[str] | None, UNIQUE] = None,
    index: Annotated[list[str] | None, INDEX] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
    diff: Annotated[bool, DIFF] = False,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Change an existing resource, or overwrite files that are committed in git.",
        ),
    ] = False,
    migration: Annotated[bool | None, MIGRATION] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing; without a field, use name:str:100.")
    ] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Add a resource."""
    mode = Mode(dry_run, diff, as_json)
    sets = (unique or None, index or None)
    request = Request(name or "", fields or (), plural, access, *sets, migration, force)
    if not (fields or unique or index or yes) and terminal.can_ask(as_json=as_json):
        raise typer.Exit(_by_asking(request, mode))
    if name is None:
        raise WrongUsage("a resource needs a name", instead=(("", f"{free_name()} {ONLY_FIELD}"),))
    with opened(writes=mode.writes, renders=True) as project:
        proposal = add_resource.propose(project, request)
        code = _carry_out(project, request, proposal, mode)
    raise typer.Exit(code)


def _by_asking(given: Request, mode: Mode) -> Exit:
    """Ask for what `given` lacks, show the changes, make them, and return the exit code."""
    from fastgen.cli.add import questions  # noqa: PLC0415 - slow, and only needed to ask

    # The project is not locked while the user thinks, as others may work in it. A plan that no
    # longer fits when it is confirmed is refused when it is applied.
    with opened(writes=mode.writes, renders=True) as project:
        for text in project.notes:
            terminal.note(text)
    request = questions.ask(project, given)
    with opened(writes=mode.writes, renders=True) as project:
        proposal = add_resource.propose(project, request)
    terminal.again(again.line(proposal.resource, *_flags(given)))
    previewed = mode.writes and _is_for_writing(request, proposal)
    if previewed and not plans.confirmed(proposal.plan, proposal.notes):
        return Exit.REFUSED
    with opened(writes=mode.writes, renders=True) as project:
        return _carry_out(project, request, proposal, mode, previewed=previewed)


def _flags(request: Request) -> Sequence[str]:
    """Return the flags that are not part of a resource, to repeat them in the command shown."""
    chosen = {None: [], True: ["--migration"], False: ["--no-migration"]}[request.migration]
    return [*chosen, *["--force"] * request.force]


def _is_for_writing(request: Request, proposal: Addition) -> bool:
    return proposal.state == "new" or (proposal.state == "different" and request.force)


def _carry_out(
    project: Project, request: Request, proposal: Addition, mode: Mode, *, previewed: bool = False
) -> Exit:
    names = proposal.resource.names
    report = Report(
        {
            "project": str(project.root),
            "resource": names.singular,
            "state": proposal.state,
            "unique": proposal.resource.unique,
            "index": proposal.resource.index,
        },
        [*project.notes, *proposal.notes, *([] if request.fields else [ALONE])],
        previewed=previewed,
    )
    if proposal.state == "identical":
        plans.tell(proposal.plan, Mode(as_json=mode.as_json), Report(report.about, report.notes))
        terminal.note(f"the resource {names.singular} already exists, exactly like this")
        return Exit.OK
    if not _is_for_writing(request, proposal):
        return _refuse(proposal, mode, report)
    if mode.writes:
        execute(project, proposal.plan)
    following = [f"uv run pytest {placing.tests_of(project, names)}", "uv run fastapi dev"]
    return plans.end(proposal.plan, mode, replace(report, next=following))


def _refuse(proposal: Addition, mode: Mode, report: Report) -> Exit:
    """Show how the existing resource differs from what was typed."""
    name = proposal.resource.names.singular
    error = Refused(
        f"the resource {name} already exists and differs from this line: add field adds fields, "
        "and --force changes it, which drops what the line does not name",
        _way(proposal.resource, proposal.old),
    )
    about = {**report.about, "error": failure.as_data(error)}
    plans.tell(proposal.plan, Mode(diff=True, as_json=mode.as_json), Report(about, report.notes))
    failure.tell(error)
    return error.exit_code


def _way(new: Resource, old: Resource | None) -> str:
    """Return the command that brings the resource closest to `new` with the least loss."""
    known = {field.name for field in old.fields} if old else set[str]()
    added = [add_field.addable(field) for field in new.fields if field.name not in known]
    if added:
        return shlex.join(["fastgen", "add", "field", new.names.singular, *added])
    return again.line(new, *_cleared(new, old), "--force")


def _cleared(new: Resource, old: Resource | None) -> list[str]:
    """Return the flags that leave out all sets of columns of a kind that `old` has."""
    unique = ["--unique", NONE] if old and old.unique and not new.unique else []
    index = ["--index", NONE] if old and old.index and not new.index else []
    return [*unique, *index]
