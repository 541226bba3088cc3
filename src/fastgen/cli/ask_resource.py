"""Asks for a resource: its name, its access rule, its fields one by one."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from fastgen.cli import ask_field, failure
from fastgen.cli.draft import Sheet
from fastgen.cli.explanations import ACCESS
from fastgen.cli.prompts import explained
from fastgen.cli.terminal import terminal
from fastgen.commands import add_resource
from fastgen.commands.add_resource import Addition, Request
from fastgen.errors import Clash, FastgenError, InvalidField, InvalidName
from fastgen.fields.parse import MOST_FIELDS
from fastgen.names.resource import resolve
from fastgen.project import again
from fastgen.project.project import Project
from fastgen.project.understand import ONLY_FIELD
from fastgen.slices.resource import Access, Resource


def ask(project: Project, given: Request) -> Request:
    """Return `given` completed by asking for what it lacks.

    Raises `KeyboardInterrupt` when the user interrupts it, and `FastgenError` for mistakes in
    `given` before anything is asked.
    """
    possible = _possible(project, given) if given.name else _named(project, given)
    names = possible.resource.names
    access = possible.resource.access if given.access else _access(project)
    whole = replace(given, name=names.singular, access=access)
    fields = ask_fields(
        Sheet(project, names.singular, access),
        lambda sheet, field: _taken(project, replace(whole, fields=(*sheet.fields, field))),
    )
    return replace(whole, fields=fields)


def ask_fields(sheet: Sheet, wrong: Callable[[Sheet, str], str | None]) -> Sequence[str]:
    """Ask for the fields of `sheet`, at least one; `wrong` returns further mistakes in a field."""
    while len(sheet.known) + len(sheet.fields) < MOST_FIELDS and (field := ask_field.ask(sheet)):
        if complaint := sheet.complaint(field) or wrong(sheet, field):
            terminal.err.write(f"invalid field {field}: {complaint}\n")
            continue
        sheet = replace(sheet, fields=(*sheet.fields, field))
    return sheet.fields


def _taken(project: Project, request: Request) -> str | None:
    """Return why the name of the last field is taken in the code, None if it is free."""
    try:
        add_resource.propose(project, request)
    except InvalidField as error:
        return error.message
    return None


def show_again(resource: Resource, flags: Sequence[str]) -> None:
    """Show the command that does the same without asking."""
    terminal.again(again.line(resource, *flags))


def _named(project: Project, given: Request) -> Addition:
    while True:
        name = terminal.text(
            "Name of the resource, such as item", "", lambda typed: _misnamed(typed, given.plural)
        )
        try:
            return _possible(project, replace(given, name=name))
        except FastgenError as error:
            if not all(isinstance(part, Clash | InvalidName) for part in error.parts):
                raise
            failure.tell(error)


def _misnamed(typed: str, plural: str | None) -> str | None:
    try:
        resolve(typed, plural)
    except InvalidName as error:
        return error.message
    return None


def _possible(project: Project, request: Request) -> Addition:
    """Return the proposal with a placeholder field; raises what prevents the resource."""
    proposal = add_resource.propose(project, replace(request, fields=(ONLY_FIELD,)))
    if proposal.state != "new" and not request.force:
        name = proposal.resource.names.singular
        raise Clash(f"the resource {name} already exists", f"fastgen add field {name}")
    return proposal


def _access(project: Project) -> Access:
    shown = [explained(access, told) for access, told in ACCESS.items()]
    chosen = terminal.choose("Whose rows they are", shown, project.settings.access)
    return next(access for access in ACCESS if access == chosen)
