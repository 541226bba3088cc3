"""The user's cache and state folders, as the XDG base directories define them."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

NAME = "fastgen"
# The hint for a state folder that cannot be written.
ANOTHER_STATE = "export XDG_STATE_HOME=$(mktemp -d)"
FOR_OTHERS_TO_WRITE = stat.S_IWGRP | stat.S_IWOTH


def cache() -> Path | None:
    """Return the cache folder, None for a user without a home."""
    return _folder("XDG_CACHE_HOME", ".cache")


def state() -> Path | None:
    """Return the folder for data that must not be lost, None for a user without a home."""
    return _folder("XDG_STATE_HOME", ".local/state")


def make(folder: Path) -> None:
    """Create `folder` if it is missing, accessible to the user only; raises `OSError`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if not is_private(folder):
        raise PermissionError(errno.EACCES, "it is a link, or others can write to it", str(folder))


def is_private(folder: Path) -> bool:
    """Whether `folder` exists, is not a link, and cannot be written by others."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    own = stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid()
    return own and not status.st_mode & FOR_OTHERS_TO_WRITE


def _folder(variable: str, usual: str) -> Path | None:
    given = Path(os.environ.get(variable, ""))
    if given.is_absolute():
        return given / NAME
    try:
        return Path.home() / usual / NAME
    except RuntimeError:
        return None
