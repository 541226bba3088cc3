"""Finds the files of a project that people write: Python and other text files."""

import contextlib
import os
import stat
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

from fastgen.system import safe_files

# The text files that a person would search for a word.
TEXTS = (
    *(".py", ".md", ".rst", ".txt", ".toml", ".cfg", ".ini", ".yml", ".yaml", ".json", ".http"),
    *(".sh", ".sql", ".html", ".js", ".ts", ".conf", ".example"),
)
# Written by programs, or a history that nobody rewrites.
NOT_READ = {"node_modules", "versions", "__pycache__"}


def mentioning(
    root: Path, folder: str, texts: Iterable[str], without: Collection[str] = ()
) -> Iterator[str]:
    """Find the files below `folder` of the project `root` that contain one of `texts`.

    The folders `without` are not searched; files that cannot be read count as empty.
    """
    wanted = [text.encode() for text in texts]
    skipped = {str(root / path) for path in without}
    for parent, folders, names in os.walk(root / folder):
        folders[:] = sorted(name for name in folders if f"{parent}/{name}" not in skipped)
        for name in sorted(names):
            file = f"{parent}/{name}"
            if name.endswith(".py"):
                source = _content(root, file)
                if any(text in source for text in wanted):
                    yield os.path.relpath(file, root)


def _content(root: Path, file: str) -> bytes:
    with contextlib.suppress(OSError, ValueError):
        status = os.lstat(file)
        if stat.S_ISLNK(status.st_mode):
            return safe_files.read_own(root, os.path.relpath(file, root), safe_files.LARGE)
        return _regular(file, status.st_ino, status.st_mtime_ns, status.st_size)
    return b""


@cache
def _regular(file: str, *_: int) -> bytes:
    """Return the content of `file`, which is searched again and again, for one state of it."""
    return safe_files.read_regular(Path(file), safe_files.LARGE)


def texts(root: Path) -> Iterator[str]:
    """Find the text files of the project `root` that people write, except migrations."""
    for parent, folders, names in os.walk(root):
        folders[:] = sorted(one for one in folders if one[0] != "." and one not in NOT_READ)
        for name in sorted(names):
            file = f"{parent}/{name}"
            if name.endswith(TEXTS) and os.access(file, os.R_OK):
                status = os.lstat(file)
                if stat.S_ISREG(status.st_mode) and status.st_size <= safe_files.LARGE:
                    yield os.path.relpath(file, root)
