"""The Python files of a project."""

import contextlib
import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from fastgen import safe_files


def mentioning(
    root: Path, folder: str, texts: Iterable[str], without: Collection[str] = ()
) -> Iterator[str]:
    """Find the files below `folder` of the project `root` that hold one of `texts`.

    The folders `without` are not looked into; those that cannot be read count as empty.
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
        if Path(file).is_symlink():
            return safe_files.read_own(root, os.path.relpath(file, root), safe_files.LARGE)
        return safe_files.read_regular(Path(file), safe_files.LARGE)
    return b""
