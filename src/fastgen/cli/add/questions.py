"""Asks for a resource: its name, its access rule, its fields one by one."""

from dataclasses import replace

from fastgen.cli import failure
from fastgen.cli.asking import fields, resources
from fastgen.cli.asking.draft import Sheet
from fastgen.cli.terminal import terminal
from fastgen.commands import add_resource
from fastgen.commands.add_resource import Addition, Request
from fastgen.errors import Clash, FastgenError, InvalidField, InvalidName
from fastgen.names.resource import resolve
from fastgen.project.project import Project
from fastgen.project.understand import ONLY_FIELD


def ask(project: Project, given: Request) -> Request:
    """Return `given` completed by asking for what it lacks.

    Raises `KeyboardInterrupt` when the user interrupts it, and `FastgenError` for mistakes in
    `given` before anything is asked.
    """
    possible = _possible(project, given) if given.name else _named(project, given)
    names = possible.resource.names
    access = possible.resource.access
    if not given.access:
        access = resources.access(project.settings.access)
    whole = replace(given, name=names.singular, access=access)
    asked = fields.ask(
        Sheet(project, names.singular, access),
        lambda sheet, field: _taken(project, replace(whole, fields=(*sheet.fields, field))),
    )
    return replace(whole, fields=asked)


def _taken(project: Project, request: Request) -> str | None:
    """Return why the name of the last field is taken in the code, None if it is free."""
    try:
        add_resource.propose(project, request)
    except InvalidField as error:
        return error.message
    return None


def _named(project: Project, given: Request) -> Addition:
    while True:
        name = terminal.ask.text(
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
