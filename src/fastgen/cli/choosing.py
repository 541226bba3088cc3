"""Asks for missing arguments on a terminal."""

from collections.abc import Sequence

from fastgen.changes.plan import Plan
from fastgen.cli import change
from fastgen.cli.prompts import Choice
from fastgen.cli.terminal import terminal
from fastgen.errors import Stopped, WrongUsage
from fastgen.project import resources, understand
from fastgen.project.project import Project, opened


def resource(question: str, *, as_json: bool, field: bool = False) -> str:
    """Return a resource of the project that the user chooses; `field` if a field is missing too.

    Raises `WrongUsage` without a terminal, `Stopped` when the user interrupts it, and `Refused`.
    """
    with opened(writes=False, renders=True) as project:
        known = resources.listed(project.root)
    if not known:
        raise WrongUsage("there are no resources yet", "fastgen add resource item name:str:100")
    if not terminal.asks(as_json=as_json):
        better = f"{known[0]} {_new_field(project, known[0])}" if field else known[0]
        told = f"a resource needs to be named: there are {', '.join(known)}"
        raise WrongUsage(told, instead=(("", better),))
    try:
        return str(terminal.choose(question, [Choice(name, name) for name in known]))
    except KeyboardInterrupt as stop:
        raise Stopped from stop


def fields(name: str, *, as_json: bool) -> Sequence[str]:
    """Ask for the fields to add to the resource `name`; raises as `resource` does."""
    with opened(writes=False, renders=True) as project:
        entry = resources.must_load(project.root, name, project.database)
    if not terminal.asks(as_json=as_json):
        raise WrongUsage("no field is given", instead=(("", _new_field(project, name)),))
    from fastgen.cli import ask_resource  # noqa: PLC0415 - slow, and only needed to ask
    from fastgen.cli.draft import Sheet  # noqa: PLC0415 - slow, and only needed to ask
    from fastgen.commands import add_field  # noqa: PLC0415 - slow, and only needed to ask

    old = entry.resource
    sheet = Sheet(project, old.names.singular, old.access, known=old.fields)

    def wrong(_sheet: Sheet, text: str) -> str | None:
        [field] = understand.parse_fields(project, [text], old.access)
        error = add_field.without_value(text, field)
        return error.message.partition(": ")[2] if error else None

    try:
        return ask_resource.ask_fields(sheet, wrong)
    except KeyboardInterrupt as stop:
        raise Stopped from stop


def free_name() -> str:
    """Return an example name that no resource of the project has; raises `Refused`."""
    with opened(writes=False, renders=True) as project:
        return _free(("item", "note", "thing"), resources.listed(project.root))


def _new_field(project: Project, name: str) -> str:
    entry = resources.must_load(project.root, name, project.database)
    known = [field.name for field in entry.resource.fields]
    return f"{_free(('note', 'remark', 'extra'), known)}:text:optional"


def _free(names: Sequence[str], taken: Sequence[str]) -> str:
    return next((name for name in names if name not in taken), f"{names[-1]}_{len(taken)}")


def confirmed(plan: Plan, notes: Sequence[str]) -> bool:
    """Show the changes of `plan`, and ask whether to make them; raises `Stopped`."""
    change.preview(plan, notes)
    try:
        sure = terminal.confirm("Make these changes", default=True)
    except KeyboardInterrupt as stop:
        raise Stopped from stop
    if not sure:
        terminal.note("nothing was written")
    return sure
