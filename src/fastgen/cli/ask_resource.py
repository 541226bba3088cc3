"""Asks for a resource: its name, who may use it, its fields, one by one."""

import sys
from collections.abc import Sequence
from dataclasses import replace

from fastgen import add_resource
from fastgen.add_resource import ONLY_FIELD, Proposal, Request
from fastgen.cli import again, ask_field, failure, prompts
from fastgen.cli.draft import Sheet
from fastgen.cli.explanations import ACCESS
from fastgen.cli.prompts import explained
from fastgen.errors import Clash, FastgenError, InvalidField, InvalidName
from fastgen.fields.parse import MOST_FIELDS
from fastgen.names import resolve
from fastgen.project.place import Project
from fastgen.slices.resource import Access, Resource


def ask(project: Project, given: Request) -> Request:
    """Return `given` with all that it lacks, asked for; nothing is asked twice.

    Raises `KeyboardInterrupt` when the person wants to leave, and `FastgenError` when what
    was given cannot be, before anything is asked.
    """
    possible = _possible(project, given) if given.name else _named(project, given)
    names = possible.resource.names
    access = add_resource.access_of(given.access) or _access(project)
    sheet = Sheet(project, names.singular, access)
    while len(sheet.fields) < MOST_FIELDS and (field := ask_field.ask(sheet)):
        complaint = sheet.complaint(field) or _taken(project, given, names.singular, sheet, field)
        if complaint:
            sys.stderr.write(f"{field} cannot be: {complaint}\n")
            continue
        sheet = replace(sheet, fields=(*sheet.fields, field))
    return replace(given, name=names.singular, access=access, fields=sheet.fields)


def _taken(project: Project, given: Request, name: str, sheet: Sheet, field: str) -> str | None:
    """Return why the code that `field` makes would have its name twice, if it would."""
    fields = (*sheet.fields, field)
    try:
        add_resource.propose(project, replace(given, name=name, access=sheet.access, fields=fields))
    except InvalidField as error:
        return error.message
    return None


def show_again(resource: Resource, flags: Sequence[str]) -> None:
    """Tell the line that does the same without a question."""
    sys.stderr.write(f"\nThe same again: {again.line(resource, *flags)}\n\n")


def _named(project: Project, given: Request) -> Proposal:
    while True:
        name = prompts.text(
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


def _possible(project: Project, request: Request) -> Proposal:
    """Return what the resource would be with a field of no matter; raises what is in its way."""
    proposal = add_resource.propose(project, replace(request, fields=(ONLY_FIELD,)))
    if proposal.state != "new" and not request.force:
        name = proposal.resource.names.singular
        raise Clash(
            f"the resource {name} is there already", f"fastgen add field {name} sku:str:32:optional"
        )
    return proposal


def _access(project: Project) -> Access:
    shown = [explained(access, told) for access, told in ACCESS.items()]
    chosen = prompts.choose("Whose rows they are", shown, project.settings.access)
    return next(access for access in ACCESS if access == chosen)
