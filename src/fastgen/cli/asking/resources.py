"""Asks for a resource of the project, or for who uses its rows."""

from collections.abc import Mapping, Sequence

from fastgen.cli.terminal import terminal
from fastgen.cli.terminal.prompts import Choice, explained
from fastgen.commands import changed
from fastgen.errors import WrongUsage
from fastgen.fields.show import show
from fastgen.project import resources
from fastgen.project.project import Project, opened
from fastgen.slices.rights import Access

ACCESS: Mapping[Access, str] = {
    "owner": "each user has rows of their own and sees no others",
    "shared": "any signed-in user reads and writes all rows",
    "admin": "signed-in users read, administrators write",
    "public": "anybody reads, signed-in users write",
}


def existing(question: str, *, as_json: bool, field: bool = False) -> str:
    """Return a resource of the project that the user chooses; `field` if a field is missing too.

    Raises `WrongUsage` without a terminal, `KeyboardInterrupt` when the user interrupts it, and
    `Refused`.
    """
    with opened(writes=False, renders=True) as project:
        known = resources.listed(project.root)
    if not known:
        raise WrongUsage("there are no resources yet", "fastgen add resource --help")
    if not terminal.can_ask(as_json=as_json):
        better = f"{known[0]} {new_field(project, known[0])}" if field else known[0]
        told = f"a resource needs to be named: there are {', '.join(known)}"
        raise WrongUsage(told, instead=(("", better),))
    return str(terminal.ask.choose(question, [Choice(name, name) for name in known]))


def access(default: Access) -> Access:
    """Return the access rule that the user chooses; raises `KeyboardInterrupt`."""
    shown = [explained(access, told) for access, told in ACCESS.items()]
    chosen = terminal.ask.choose("Whose rows they are", shown, default)
    return next(access for access in ACCESS if access == chosen)


def free_name() -> str:
    """Return an example name that no resource of the project has; raises `Refused`."""
    with opened(writes=False, renders=True) as project:
        return _free(("item", "note", "thing"), resources.listed(project.root))


def new_field(project: Project, name: str) -> str:
    """Return an example field that the resource `name` does not have; raises `Refused`."""
    entry = changed.entry_with_fields(project, name)
    known = [field.name for field in entry.resource.fields]
    return f"{_free(('note', 'remark', 'extra'), known)}:text:optional"


def definition(name: str) -> str:
    """Return the definition of the first field of the resource `name`; raises `FastgenError`."""
    with opened(writes=False, renders=True) as project:
        entry = changed.entry_with_fields(project, name)
        return show(changed.first_field(entry.resource))


def _free(names: Sequence[str], taken: Sequence[str]) -> str:
    return next((name for name in names if name not in taken), f"{names[-1]}_{len(taken)}")
