"""`fastgen templates eject`, without a terminal: copies of templates for the project to change."""

from collections.abc import Sequence
from difflib import get_close_matches

from fastgen.changes.plan import Change, Create, Plan
from fastgen.errors import Clash, Refused, raise_all
from fastgen.project.place import Project
from fastgen.slices.render import FOLDER, OVERRIDES, SUFFIX
from fastgen.template import template_root


def available() -> list[str]:
    """Return the names of the templates of a slice."""
    return sorted(file.name.partition(".")[0] for file in (template_root() / FOLDER).iterdir())


def propose(project: Project, names: Sequence[str]) -> Plan:
    """Plan copies of the templates `names`, of all when there are none; raises `Refused`."""
    files = {
        file.name.partition(".")[0]: file
        for file in sorted((template_root() / FOLDER).iterdir())
        if file.name.endswith(SUFFIX)
    }
    raise_all([_unknown(name, list(files)) for name in names if name not in files])
    changes: list[Change] = []
    clashes: list[Clash] = []
    for name in names or files:
        path, content = f"{OVERRIDES}/{files[name].name}", files[name].read_bytes()
        there = project.read(path)
        if there is None:
            changes.append(Create(path, content, "the template"))
        elif there != content and names:
            clashes.append(Clash(f"{path} is there already, and changed", f"git diff {path}"))
    raise_all(clashes)
    return Plan(tuple(changes))


def _unknown(name: str, known: Sequence[str]) -> Refused:
    near = get_close_matches(name, known, 1)
    meant = f"; did you mean {near[0]}?" if near else ""
    return Refused(
        f"there is no template {name!r}: there are {', '.join(known)}{meant}",
        f"fastgen templates eject {near[0] if near else known[0]}",
    )
