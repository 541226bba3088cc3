"""The files of a project that people write: Python, and other texts."""

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

# What a person would look through for a word.
TEXTS = (
    *(".py", ".md", ".rst", ".txt", ".toml", ".cfg", ".ini", ".yml", ".yaml", ".json", ".http"),
    *(".sh", ".sql", ".html", ".js", ".ts", ".conf", ".example"),
)
# Written by programs, or a history that nobody rewrites.
NOT_READ = {"node_modules", "versions", "__pycache__"}
LARGEST = 1_000_000
ANOTHER = "fastgen add resource ANOTHER-NAME"


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


def texts(root: Path) -> Iterator[str]:
    """Find the texts of the project `root` that people write, other than migrations."""
    for parent, folders, names in os.walk(root):
        folders[:] = sorted(one for one in folders if one[0] != "." and one not in NOT_READ)
        for name in sorted(names):
            file = f"{parent}/{name}"
            if name.endswith(TEXTS) and os.access(file, os.R_OK):
                status = os.lstat(file)
                if stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST:
                    yield os.path.relpath(file, root)
