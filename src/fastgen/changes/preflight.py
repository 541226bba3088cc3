"""Checks that a plan still fits the files on disk, before anything is written."""

import os
import stat
from pathlib import Path

from fastgen.changes import paths
from fastgen.changes.plan import Change, Create, Delete, Plan
from fastgen.errors import AGAIN, FastgenError, Refused, raise_all


def check(root: Path, plan: Plan) -> dict[str, Change]:
    """Return the changes of `plan` by their paths below `root`, whose path has no links.

    For a linked file, that is the path of the link's target. Raises `Refused` (or `Several`), one
    for each file that is not as the plan expects it or that cannot be changed, and `OSError`.
    """
    found: dict[str, Change] = {}
    errors: list[FastgenError] = []
    for change in plan.changes:
        path = paths.real(root, change.path)
        if path is None:
            errors.append(_outside(root, change.path))
        elif path in found:
            also = found[path].path
            errors.append(Refused(f"{also} and {change.path} are the same file: change one"))
        else:
            found[path] = change
            errors += _problems(root, root / path, change)
    raise_all(errors)
    return found


def _outside(root: Path, path: str) -> Refused:
    leads = os.path.realpath(root / path)
    return Refused(f"{path} leads to {leads}: only files of the project are changed")


def _problems(root: Path, file: Path, change: Change) -> list[Refused]:
    if isinstance(change, Create):
        # The name counts, so a broken link exists as well.
        if os.path.lexists(root / change.path):
            return [Refused(f"{change.path} already exists", instead=AGAIN)]
        return _folder_problems(root, file, change.path)
    return _file_problems(file, change, root) or _folder_problems(root, file, change.path)


def _file_problems(file: Path, change: Change, root: Path) -> list[Refused]:
    path = change.path
    if isinstance(change, Delete) and (root / path).is_symlink():
        return [Refused(f"{path} is a link: it is not clear which file to delete", f"rm {path}")]
    try:
        mode = file.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return [Refused(f"{path} no longer exists", instead=AGAIN)]
    if not stat.S_ISREG(mode):
        return [Refused(f"{path} is not a file")]
    return _mode_problems(file, mode, path) or _content_problems(file, change)


def _mode_problems(file: Path, mode: int, path: str) -> list[Refused]:
    # It could be replaced without write permission, but it was made read-only for a reason.
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        return [Refused(f"{path} is read-only", f"chmod u+w {path}")]
    if not os.access(file, os.R_OK):
        return [Refused(f"{path} cannot be read", f"chmod u+r {path}")]
    return []


def _content_problems(file: Path, change: Change) -> list[Refused]:
    if file.read_bytes() != change.before:
        return [Refused(f"{change.path} has changed since it was read", instead=AGAIN)]
    return []


def _folder_problems(root: Path, file: Path, path: str) -> list[Refused]:
    folder = next(parent for parent in file.parents if os.path.lexists(parent))
    shown = folder.relative_to(root).as_posix()
    if not folder.is_dir():
        return [Refused(f"{path} cannot be created: {shown} is not a folder")]
    if not os.access(folder, os.W_OK | os.X_OK):
        return [Refused(f"{path} cannot be changed: {shown} is read-only", f"chmod u+w {shown}")]
    if folder.stat().st_dev != root.stat().st_dev:
        return [Refused(f"{path} is on another file system than the project")]
    return []
