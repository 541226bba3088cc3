"""Paths as they are typed."""

import os
from pathlib import Path

from fastgen.errors import CannotWrite


def absolute(typed: str) -> Path:
    """Return the path that is `typed` in the current folder; links in it are kept.

    A leading `~` is the home folder, as a shell does not expand it in quotes, and nobody means a
    folder of that name. Raises `CannotWrite` if there is no current folder.
    """
    try:
        return Path(os.path.abspath(os.path.expanduser(typed)))  # noqa: PTH100, PTH111
    except FileNotFoundError:
        raise CannotWrite("the current folder no longer exists", "cd ~") from None
