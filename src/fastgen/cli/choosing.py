"""What is left out of a command line, asked for where somebody sits at a terminal."""

from collections.abc import Sequence

from fastgen.changes.plan import Plan
from fastgen.cli import change, choices
from fastgen.errors import FastgenError, Stopped, WrongUsage
from fastgen.project import lines, place, resources


def resource(question: str, *, as_json: bool) -> str:
    """Return which resource of the project is meant, chosen from a list.

    Raises `WrongUsage` where nobody can be asked, `Stopped` when the person leaves, and `Refused`.
    """
    with place.opened() as project:
        known = resources.listed(project.root)
    if not known or not choices.asks(as_json=as_json):
        there = f"there are {', '.join(known)}" if known else "there are none yet"
        better = known[0] if known else "item"
        raise WrongUsage(f"a resource needs to be named: {there}", instead=(("", better),))
    from fastgen.cli import prompts  # noqa: PLC0415 - only who is asked pays

    try:
        return str(prompts.choose(question, [prompts.Choice(name, name) for name in known]))
    except KeyboardInterrupt as stop:
        raise Stopped from stop


def fields(name: str, *, as_json: bool) -> Sequence[str]:
    """Return the fields to add to the resource `name`, asked for one by one; raises as above."""
    with place.opened() as project:
        entry = resources.must_load(project.root, name, project.database)
    if not choices.asks(as_json=as_json):
        raise WrongUsage("no field is given", instead=(("", "note:text:optional"),))
    from fastgen import add_field  # noqa: PLC0415 - only who is asked pays
    from fastgen.cli import ask_resource  # noqa: PLC0415 - only who is asked pays
    from fastgen.cli.draft import Sheet  # noqa: PLC0415 - only who is asked pays

    old = entry.resource
    sheet = Sheet(project, old.names.singular, old.access, known=old.fields)

    def wrong(text: str) -> str | None:
        [field] = lines.parse_fields(project, [text], old.access)
        error: FastgenError | None = add_field.without_value(text, field)
        return error.message.partition(": ")[2] if error else None

    try:
        return ask_resource.ask_fields(sheet, wrong)
    except KeyboardInterrupt as stop:
        raise Stopped from stop


def confirmed(plan: Plan, notes: Sequence[str]) -> bool:
    """Show what `plan` would change, and ask whether it is to be done; raises `Stopped`."""
    from fastgen.cli import prompts  # noqa: PLC0415 - only who is asked pays

    change.preview(plan, notes)
    try:
        sure = prompts.confirm("Make these changes", default=True)
    except KeyboardInterrupt as stop:
        raise Stopped from stop
    if not sure:
        change.note("nothing was written")
    return sure
