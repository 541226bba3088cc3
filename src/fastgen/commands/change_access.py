"""`fastgen change access`, without a terminal."""

from dataclasses import replace

from fastgen.commands import changed
from fastgen.commands.changed import Wish
from fastgen.commands.proposal import Proposal
from fastgen.errors import InvalidOption, raise_all
from fastgen.fields.show import show
from fastgen.messages import nearest, shown
from fastgen.project import understand
from fastgen.project.project import Project
from fastgen.slices import column_sets
from fastgen.slices.column_sets import OWNER
from fastgen.slices.rights import ACCESSES


def propose(
    project: Project,
    name: str,
    access: str,
    *,
    fill: str | None = None,
    migration: bool | None = None,
) -> Proposal:
    """Plan to give the resource `name` another rule of access.

    `fill` is the id of the user who will own the existing rows. Raises `FastgenError`.
    """
    entry = changed.entry_of(project, name)
    old = entry.resource
    _refuse_unknown(access)
    texts = [show(one) for one in old.fields]
    understood = understand.understand(
        project, old.names.singular, None, texts, access, [old.names]
    )
    raise_all(understood.mistakes)
    # An index may begin with the owner, which may no longer exist.
    new = column_sets.without(replace(old, access=understood.must().access, kept_rights=None), ())
    return changed.propose(
        project,
        Wish(entry, new, name, fill={OWNER: fill} if fill is not None else {}),
        title=f"change access of {old.names.labels} to {new.access}",
        why="the access",
        migration=migration,
    )


def _refuse_unknown(access: str) -> None:
    if access not in ACCESSES:
        raise InvalidOption(
            f"an access rule is {', '.join(ACCESSES)}, not {shown(access)}",
            instead=((access, nearest(access, ACCESSES) or ACCESSES[0]),),
        )
