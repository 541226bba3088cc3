"""Reads files that others may have written: only regular files, up to a size limit."""

import os
import stat
from functools import cache
from pathlib import Path

KB = 1024
# For recipe entries, journals and a project's templates.
SMALL = 64 * KB
# For pyproject.toml and Python sources.
LARGE = 1024 * KB


class NotRegular(ValueError):
    """The path is a folder, a FIFO or a device."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__("it is not a regular file")


def read_regular(path: Path | str, limit: int) -> bytes:
    """Return the content of the regular file `path`.

    Raises `OSError`, and `ValueError` when it is not a regular file or exceeds `limit` bytes.
    """
    # Opening a FIFO would wait for a writer while the project is locked.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotRegular
        content = file.read(limit + 1)
    if len(content) > limit:
        raise ValueError(f"it is larger than {limit // KB} KB")
    return content


def read_own(root: Path, path: str, limit: int) -> bytes:
    """Return the content of `path` below the folder `root`, as `read_regular` does.

    Raises `ValueError` also when a link leads out of `root`.
    """
    found = root / path
    # Where nothing is, there is no link either.
    found.lstat()
    file = os.path.realpath(found)
    if not file.startswith(_real(root).rstrip("/") + "/"):
        raise ValueError(f"it leads to {file}, which is outside of {root}")
    return read_regular(file, limit)


@cache
def _real(root: Path) -> str:
    """Return the path of the folder `root` without links, which each of its files needs."""
    return os.path.realpath(root)
