"""Writes the journal of changes before they are made."""

import contextlib
import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from fastgen.changes import journal, paths
from fastgen.changes.form import FileStep, Journal
from fastgen.changes.journal import Record
from fastgen.changes.plan import Change


def prepare(record: Record, changes: Mapping[str, Change]) -> Journal:
    """Write the journal of `changes`, by path below the root, into the empty folders of `record`.

    Raises `OSError`.
    """
    root = record.root
    for number, (path, change) in enumerate(changes.items()):
        _write_old(root / path, record.old(number), change)
        _write_new(root / path, record.new(number), change)
    deleted = [path for path, change in changes.items() if change.after is None]
    written = Journal(
        steps=[_step(path, change) for path, change in changes.items()],
        made=[path for path in _folders(changes) if not (root / path).exists()],
        modes={path: stat.S_IMODE((root / path).stat().st_mode) for path in _folders(deleted)},
    )
    journal.write_down(record, written)
    return written


def _write_old(file: Path, kept: Path, change: Change) -> None:
    if change.before is not None:
        _write(kept, change.before)
        _copy_status(file, kept)


def _write_new(file: Path, fresh: Path, change: Change) -> None:
    if change.after is not None:
        _write(fresh, change.after)
        if change.before is not None:
            _copy_status(file, fresh)
            os.utime(fresh)


def _write(file: Path, content: bytes) -> None:
    with file.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


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
