"""`fastgen templates eject`, without a terminal: copy templates into the project."""

from collections.abc import Sequence

from fastgen.changes.plan import Change, Create, Plan
from fastgen.errors import Clash, Refused, raise_all
from fastgen.messages import meant, nearest, shown
from fastgen.names import layout
from fastgen.project.project import Project
from fastgen.slices.render import FOLDER, SUFFIX
from fastgen.template.location import template_root


def available() -> list[str]:
    """Return the names of the templates of a slice."""
    files = (template_root() / FOLDER).glob(f"*{SUFFIX}")
    return sorted(_short(file.name) for file in files)


def propose(project: Project, names: Sequence[str]) -> Plan:
    """Plan to copy the templates `names`, or all templates if `names` is empty.

    Existing copies are kept. Raises `Refused` for an unknown name, `Clash` when a named
    template has a changed copy.
    """
    known = available()
    raise_all([_unknown(name, known) for name in names if _short(name) not in known])
    wanted = {_short(name) for name in names}
    changes: list[Change] = []
    clashes: list[Clash] = []
    for file in sorted((template_root() / FOLDER).glob(f"*{SUFFIX}")):
        path, content = f"{layout.TEMPLATES}/{file.name}", file.read_bytes()
        there = project.read(path)
        if wanted and _short(file.name) not in wanted:
            continue
        if there is None:
            changes.append(Create(path, content, "the template"))
        elif there != content and wanted:
            clashes.append(
                Clash(f"{path} already exists and was changed", f"mv {path} {path}.mine")
            )
    raise_all(clashes)
    return Plan(tuple(changes))


def _short(name: str) -> str:
    return name.partition(".")[0]


def _unknown(name: str, known: Sequence[str]) -> Refused:
    near = nearest(name, known)
    message = f"there is no template {shown(name)}: there are {', '.join(known)}{meant(near)}"
    if near is None:
        return Refused(message, "fastgen templates list")
    return Refused(message, instead=((name, near),))
