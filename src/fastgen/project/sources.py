"""The Python files of a project."""

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path


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
            if name.endswith(".py") and os.access(file, os.R_OK):
                source = Path(file).read_bytes()
                if any(text in source for text in wanted):
                    yield os.path.relpath(file, root)
