"""Asks for a resource of the project, or for its access rule."""

from collections.abc import Callable, Mapping, Sequence

from fastgen.cli.terminal import terminal
from fastgen.cli.terminal.prompts import Choice, explained
from fastgen.commands import changed
from fastgen.errors import WrongUsage
from fastgen.fields.show import show
from fastgen.project import account, resources
from fastgen.project.project import Project, opened
from fastgen.slices.resource import USER
from fastgen.slices.rights import Access

# Returns the end of an example command line, given the resource in it.
Rest = Callable[[Project, str], str]
ACCESS: Mapping[Access, str] = {
    "owner": "each user has rows of their own and sees no others",
    "shared": "any signed-in user reads and writes all rows",
    "admin": "signed-in users read, administrators write",
    "public": "anybody reads, signed-in users write",
}


def new_field(project: Project, name: str) -> str:
    """Return an example field that the resource `name` does not have; raises `Refused`."""
    entry = changed.entry_with_fields(project, name)
    known = [field.name for field in entry.resource.fields]
    return f"{_free(('note', 'remark', 'extra'), known)}:text:optional"


def definition(project: Project, name: str) -> str:
    """Return the definition of the first field of the resource `name`; raises `FastgenError`."""
    return show(changed.first_field(changed.entry_with_fields(project, name).resource))


def first_field(project: Project, name: str) -> str:
    """Return the first field of the resource `name`; raises `FastgenError`."""
    return changed.first_field(changed.entry_with_fields(project, name).resource).name


def renamed_field(project: Project, name: str) -> str:
    """Return the first field of the resource `name` and another name; raises `FastgenError`."""
    field = first_field(project, name)
    return f"{field} new_{field}"


def existing(
    question: str, *, as_json: bool, rest: Rest | None = None, accounts: bool | None = False
) -> str:
    """Return a resource of the project that the user chooses.

    `rest` returns what else the command line lacks, for an example with a resource. Accounts are
    offered as well if `accounts` is true, or, if it is None, where they have added fields. Raises
    `WrongUsage` without a terminal, `KeyboardInterrupt` when the user interrupts it, and `Refused`.
    """
    with opened(writes=False, renders=True) as project:
        known = resources.listed(project.root)
        if accounts or (accounts is None and account.entry(project).resource.fields):
            known.append(USER)
    if not known:
        raise WrongUsage("there are no resources yet", "fastgen add resource --help")
    if not terminal.can_ask(as_json=as_json):
        better = f"{known[0]} {rest(project, known[0])}" if rest else known[0]
        told = f"the name of a resource is missing: there are {', '.join(known)}"
        raise WrongUsage(told, instead=(("", better),))
    return str(terminal.ask.choose(question, [Choice(name, name) for name in known]))


def existing_field(name: str, question: str, *, as_json: bool, rest: Rest = first_field) -> str:
    """Return a field of the resource `name` that the user chooses, as `existing` does."""
    with opened(writes=False, renders=True) as project:
        resource = changed.entry_with_fields(project, name).resource
    changed.first_field(resource)
    if not terminal.can_ask(as_json=as_json):
        raise WrongUsage("no field is given", instead=(("", rest(project, name)),))
    choices = [Choice(one.name, f"{one.name:<20} {show(one)}") for one in resource.fields]
    return str(terminal.ask.choose(question, choices))


def new_definition(name: str, field: str) -> str:
    """Ask for another definition of the `field` of the resource `name`, offering the present one.

    Raises `KeyboardInterrupt` when the user interrupts it, and `Refused`.
    """
    from fastgen.cli.asking.draft import Sheet  # noqa: PLC0415 - slow, and only needed to ask

    with opened(writes=False, renders=True) as project:
        old = changed.entry_with_fields(project, name).resource
    now = changed.field_of(old, field)
    others = tuple(one for one in old.fields if one is not now)
    sheet = Sheet(project, old.names.singular, old.access, known=others)

    def wrong(text: str) -> str | None:
        other = text.partition(":")[0] != now.name
        return f"it defines {now.name}" if other else sheet.complaint(text)

    return terminal.ask.text("Its new definition", show(now), wrong)


def new_name(resource: str, field: str | None = None, *, as_json: bool) -> str:
    """Ask for the new name of the `resource`, or of its `field`.

    Raises `WrongUsage` without a terminal, and `FastgenError` when there is no such thing.
    """
    with opened(writes=False, renders=True) as project:
        if field is None:
            old = changed.entry_of(project, resource).resource.names.singular
        else:
            old = changed.field_of(
                changed.entry_with_fields(project, resource).resource, field
            ).name
    if not terminal.can_ask(as_json=as_json):
        raise WrongUsage("no new name is given", instead=(("", f"new_{old}"),))

    def wrong(text: str) -> str | None:
        return None if text and text != old else "type another name"

    return terminal.ask.text(f"New name of {old}", "", wrong)


def access(default: Access) -> Access:
    """Return the access rule that the user chooses; raises `KeyboardInterrupt`."""
    shown = [explained(access, told) for access, told in ACCESS.items()]
    chosen = terminal.ask.choose("Who may use the rows", shown, default)
    return next(access for access in ACCESS if access == chosen)


def free_name() -> str:
    """Return an example name that no resource of the project has; raises `Refused`."""
    with opened(writes=False, renders=True) as project:
        return _free(("item", "note", "thing"), resources.listed(project.root))


def _free(names: Sequence[str], taken: Sequence[str]) -> str:
    return next((name for name in names if name not in taken), f"{names[-1]}_{len(taken)}")
