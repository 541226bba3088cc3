"""Reads files that somebody else may have written: regular ones, up to a size."""

import os
import stat
from pathlib import Path

KB = 1024
# Entries of the recipe, journals, templates of a project.
SMALL = 64 * KB
# pyproject.toml and Python sources.
LARGE = 1024 * KB


class NotRegular(ValueError):
    """A folder, a FIFO, a device."""

    def __init__(self) -> None:
        """Say it."""
        super().__init__("it is not a regular file")


def read_regular(path: Path, limit: int) -> bytes:
    """Return what the regular file `path` holds.

    Raises `OSError`, and `ValueError` when it is no regular file or larger than `limit` bytes.
    """
    # A FIFO would wait for its writer, with the project locked.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotRegular
        content = file.read(limit + 1)
    if len(content) > limit:
        raise ValueError(f"it is larger than {limit // KB} KB")
    return content


def read_own(root: Path, path: str, limit: int) -> bytes:
    """Return what `path` below the folder `root` holds, as `read_regular` does.

    Raises `ValueError` also when a link leads out of `root`.
    """
    file = Path(os.path.realpath(root / path))
    if not file.is_relative_to(os.path.realpath(root)):
        raise ValueError(f"it leads to {file}, which is outside of {root}")
    return read_regular(file, limit)
