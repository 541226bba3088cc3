"""`fastgen info`: the options and the resources of a project."""

from typing import Annotated, Any

import typer

import fastgen
from fastgen.cli import failure, typer_commands
from fastgen.cli.flags import JSON
from fastgen.cli.terminal import terminal
from fastgen.commands import info as core
from fastgen.commands.info import Info
from fastgen.errors import Exit
from fastgen.fields.show import show
from fastgen.messages import visible
from fastgen.project import again
from fastgen.project.project import opened
from fastgen.slices.resource import Resource

API = "/api/v1"
HELP = """\
It shows the fields of each resource, and works in any folder of the project. With --json it prints
one object, for programs, which also lists the generated files that people edited."""


def build(text: str) -> Any:
    """Return the command; `text` begins its help."""
    return typer_commands.build(info, f"{text}\n\n{HELP}")


def info(as_json: Annotated[bool, JSON] = False) -> None:
    """Show the options and the resources of a project."""
    with opened(writes=False) as project:
        found = core.gather(project)
        edited = core.edited(project) if as_json else []
    notes = [*project.notes, *_refused(found)]
    for text in notes:
        terminal.note(text)
    for error in found.broken:
        failure.tell(error)
    code = Exit.REFUSED if found.broken else Exit.OK
    if as_json:
        terminal.json(_as_data(found, notes, edited))
    else:
        terminal.out.write("".join(f"{line}\n" for line in _lines(found)))
    raise typer.Exit(code)


def _lines(found: Info) -> list[str]:
    about = {
        "project": found.name,
        "folder": found.root,
        "template": found.template or "unknown",
        "fastgen": fastgen.__version__ + (" (another template)" if found.refused else ""),
    }
    lines = [
        f"{_shown(name):<12} {_shown(value)}" for name, value in {**about, **found.options}.items()
    ]
    if found.account.fields:
        added = (f"  {show(field)}" for field in found.account.fields)
        lines += ["", "accounts, added fields:", *added]
    for resource in found.resources:
        names = resource.names
        lines += [
            "",
            f"resource {names.singular}: {_about(resource)}",
            *(f"  {show(field)}" for field in resource.fields),
            *(f"  unique {','.join(names)}" for names in resource.unique),
            *(f"  index {','.join(names)}" for names in resource.index),
        ]
    if not found.resources and not found.broken:
        advice = "" if found.refused else ": fastgen add resource item name:str:100"
        lines += ["", f"no resources yet{advice}"]
    return lines


def _about(resource: Resource) -> str:
    names = resource.names
    return f"access {resource.access}, table {names.table}, {API}/{names.path}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return {True: "yes", False: "no"}[value]
    return visible(str(value), kept="")


def _refused(found: Info) -> list[str]:
    error = found.refused
    return [f"{error.message}; this helps: {error.hint}"] if error else []


def _as_data(found: Info, notes: list[str], edited: list[str]) -> dict[str, Any]:
    return {
        "project": found.name,
        "path": str(found.root),
        "template": found.template,
        "fastgen": fastgen.__version__,
        "template_differs": found.refused is not None,
        "options": dict(found.options),
        "user": [show(field) for field in found.account.fields],
        "resources": [_resource(one) for one in found.resources],
        "broken": [{"message": error.message, "hint": error.hint} for error in found.broken],
        "edited": edited,
        "notes": notes,
    }


def _resource(resource: Resource) -> dict[str, Any]:
    names = resource.names
    return {
        "name": names.singular,
        "plural": names.plural,
        "class": names.cls,
        "table": names.table,
        "url": f"{API}/{names.path}",
        "access": resource.access,
        "fields": [show(field) for field in resource.fields],
        "unique": resource.unique,
        "index": resource.index,
        "again": again.line(resource),
    }
