"""What is at the target now, and how a project can get there."""

import os
import re
import stat
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from fastgen.errors import TargetRefused
from fastgen.placement import elsewhere, exchange
from fastgen.placement.stage import is_stage_name

# Files that hosting services put into a new repository.
KEPT = re.compile(r"\.git|\.gitignore|(?:license|licence|copying|readme)(?:[.-].*)?", re.IGNORECASE)
NAMED = 3


class Way(Enum):
    """How the project is moved into place."""

    RENAME = "rename over nothing, or over an empty folder"
    EXCHANGE = "swap with a copy that holds what is kept"
    MOVE_IN = "move the entries in, with a journal"


@dataclass(frozen=True, slots=True)
class Site:
    """A target in which a project can be created."""

    target: Path
    way: Way
    stage_parent: Path
    kept: tuple[str, ...] = ()
    inode: int | None = None

    @property
    def chain(self) -> tuple[str, ...]:
        """The folders to create below `stage_parent`, down to the target."""
        if self.way is Way.MOVE_IN:
            return (self.target.name,)
        return self.target.relative_to(self.stage_parent).parts


def inspect(target: Path) -> Site:
    """Return how a project is moved to `target`, an absolute path.

    Raises `TargetRefused` when the target is in use, and `OSError`.
    """
    if not os.path.lexists(target):
        return Site(target, Way.RENAME, _existing_ancestor(target))
    if not target.exists():
        raise TargetRefused(f"{target} is a broken link", instead=elsewhere.instead(target))
    if not target.is_dir():
        raise TargetRefused(
            f"{target} exists and is not a folder", instead=elsewhere.instead(target)
        )
    return _existing(target.resolve())


def _existing(target: Path) -> Site:
    names = sorted(entry for entry in os.listdir(target) if not is_stage_name(entry))
    foreign = [name for name in names if not _is_kept(target / name)]
    if foreign:
        more = f" and {len(foreign) - NAMED} more" if len(foreign) > NAMED else ""
        found = ", ".join(foreign[:NAMED])
        raise TargetRefused(
            f"{target} exists and is not empty: it contains {found}{more} "
            "(only .git, .gitignore, a license and a README are kept)",
            instead=elsewhere.instead(target),
        )
    inode = target.stat().st_ino
    if not _can_be_replaced(target):
        return Site(target, Way.MOVE_IN, target, tuple(names), inode)
    way = Way.EXCHANGE if names else Way.RENAME
    return Site(target, way, target.parent, tuple(names), inode)


def _is_kept(path: Path) -> bool:
    if not KEPT.fullmatch(path.name):
        return False
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) or stat.S_ISLNK(mode) or path.name.lower() == ".git"


def _can_be_replaced(target: Path) -> bool:
    """Whether `target` can be replaced by another folder while nobody works in it."""
    here = Path.cwd()
    status, parent = target.stat(), target.parent.stat()
    return (
        target != here
        and target not in here.parents
        and target != target.parent
        and status.st_dev == parent.st_dev
        and not target.is_mount()
        and status.st_uid == os.geteuid()
        and os.access(target.parent, os.W_OK | os.X_OK)
        and not any(is_stage_name(name) for name in os.listdir(target))
        and (not os.listdir(target) or exchange.available(target.parent))
    )


def _existing_ancestor(target: Path) -> Path:
    for ancestor in target.parents:
        if os.path.lexists(ancestor):
            if not ancestor.is_dir():
                raise TargetRefused(
                    f"{ancestor} is not a folder", instead=elsewhere.instead(target)
                )
            return ancestor
    raise TargetRefused(f"{target} has no parent folder", instead=elsewhere.instead(target))
