"""Finds the files of a project that people write: Python and other text files."""

import contextlib
import os
import stat
from collections.abc import Collection, Iterable, Iterator
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from fastgen.system import safe_files

# The text files that a person would search for a word.
TEXTS = (
    *(".py", ".md", ".rst", ".txt", ".toml", ".cfg", ".ini", ".yml", ".yaml", ".json", ".http"),
    *(".sh", ".sql", ".html", ".js", ".ts", ".conf", ".example"),
)
# Files written by programs, or a history that nobody rewrites.
NOT_READ = {"node_modules", "versions", "__pycache__"}


def mentioning(
    root: Path, folder: str, texts: Iterable[str], without: Collection[str] = ()
) -> Iterator[str]:
    """Find the files below `folder` of the project `root` that contain one of `texts`.

    The folders `without` are not searched; files that cannot be read count as empty.
    """
    wanted = [text.encode() for text in texts]
    skipped = tuple(f"{path}/" for path in without)
    known = _known.get() or _Known()
    for path in known.listed(root, folder):
        if not path.startswith(skipped):
            source = known.content(root, path)
            if any(text in source for text in wanted):
                yield path


@contextlib.contextmanager
def read_once() -> Iterator[None]:
    """Read the files only once in the block, in which fastgen changes none of them."""
    token = _known.set(_Known())
    try:
        yield
    finally:
        _known.reset(token)


class _Known:
    """What is known of Python files, by the root of their project."""

    def __init__(self) -> None:
        self._listed: dict[tuple[Path, str], list[str]] = {}
        self._contents: dict[tuple[Path, str], bytes] = {}

    def listed(self, root: Path, folder: str) -> list[str]:
        """Return the paths of all Python files below `folder`."""
        if (root, folder) not in self._listed:
            self._listed[root, folder] = [*_python(root, folder)]
        return self._listed[root, folder]

    def content(self, root: Path, path: str) -> bytes:
        """Return the content of the file `path`."""
        if (root, path) not in self._contents:
            self._contents[root, path] = _content(root, f"{root}/{path}")
        return self._contents[root, path]


# Set while files are read only once.
_known: ContextVar[_Known | None] = ContextVar("known", default=None)


def _python(root: Path, folder: str) -> Iterator[str]:
    above = f"{root}/"
    for parent, folders, names in os.walk(f"{above}{folder}"):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".py"):
                yield f"{parent}/{name}".removeprefix(above)


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
    return safe_files.read_regular(file, safe_files.LARGE)


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
