"""Tells which paths of a project are safe to change: those that stay in it, links resolved."""

import hashlib
import os
import stat
from pathlib import Path

from fastgen.system.git import is_git_name

NOT_A_FILE = "not a file"
NO_PARTS = {"", ".", ".."}


def is_relative(path: str) -> bool:
    """Whether `path` is a normalized path below the root and outside of git's folder."""
    parts = path.split("/")
    return "\0" not in path and not any(one in NO_PARTS or is_git_name(one) for one in parts)


def real(root: Path, path: str) -> str | None:
    """Resolve the links of `path` below `root`, a path without links; None if they leave it."""
    found = Path(os.path.realpath(root / path))
    if not found.is_relative_to(root):
        return None
    inside = found.relative_to(root).as_posix()
    return inside if is_relative(inside) else None


def digest(content: bytes) -> str:
    """Return the digest of `content`."""
    return hashlib.sha256(content).hexdigest()


def digest_of(file: Path) -> str | None:
    """Return the digest of the content of `file`, None if it is absent; raises `OSError`.

    The digest of a link, a folder or a device is one that no content has.
    """
    try:
        status = file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return digest(file.read_bytes()) if stat.S_ISREG(status.st_mode) else NOT_A_FILE
