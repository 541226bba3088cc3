"""Writes the journal of changes before they are made."""

import contextlib
import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

from fastgen.changes import journal, paths
from fastgen.changes.form import FileStep, Journal
from fastgen.changes.journal import Record
from fastgen.changes.plan import Change

MOST_AT_ONCE = 8


def prepare(record: Record, changes: Mapping[str, Change]) -> Journal:
    """Write the journal of `changes`, by path below the root, into the empty folders of `record`.

    Raises `OSError`.
    """
    root = record.root
    fresh: list[Path] = []
    for number, (path, change) in enumerate(changes.items()):
        if change.before is not None:
            fresh.append(_old(root / path, record.old(number), change.before))
        if change.after is not None:
            fresh.append(_new(root / path, record.new(number), change.after, change.before))
    _sync(fresh)
    deleted = [path for path, change in changes.items() if change.after is None]
    written = Journal(
        steps=[_step(path, change) for path, change in changes.items()],
        made=[path for path in _folders(changes) if not (root / path).exists()],
        modes={path: stat.S_IMODE((root / path).stat().st_mode) for path in _folders(deleted)},
    )
    journal.write_down(record, written)
    return written


def _old(file: Path, kept: Path, content: bytes) -> Path:
    _write(kept, content)
    _copy_status(file, kept)
    return kept


def _new(file: Path, fresh: Path, content: bytes, before: bytes | None) -> Path:
    _write(fresh, content)
    if before is not None:
        _copy_status(file, fresh)
        os.utime(fresh)
    return fresh


def _write(file: Path, content: bytes) -> None:
    with file.open("xb") as stream:
        stream.write(content)


def _sync(files: Iterable[Path]) -> None:
    """Flush `files` to disk at the same time, as each of them waits for the disk."""
    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        for _ in pool.map(journal.sync, files):
            pass


def _copy_status(source: Path, destination: Path) -> None:
    """Give `destination` the mode, the times and, if permitted, the owner of `source`."""
    status = source.stat()
    with contextlib.suppress(PermissionError):
        os.chown(destination, status.st_uid, status.st_gid)
    shutil.copystat(source, destination)


def _step(path: str, change: Change) -> FileStep:
    old, new = (
        None if content is None else paths.digest(content)
        for content in (change.before, change.after)
    )
    return FileStep(path=path, old=old, new=new)


def _folders(files: Iterable[str]) -> list[str]:
    """Return the folders of `files` below the root, outer ones first."""
    found = {parent for path in files for parent in PurePosixPath(path).parents}
    return sorted(str(parent) for parent in found if parent != PurePosixPath())
