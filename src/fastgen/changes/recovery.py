"""Undoes changes that were begun but not finished."""

import contextlib
import itertools
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from fastgen.changes import journal, paths, places
from fastgen.changes.form import FileStep, Journal
from fastgen.changes.journal import Record
from fastgen.errors import HalfDone
from fastgen.system import interrupts

# Besides undoing, it only adds missing wiring lines.
UNDO = "fastgen check --fix"


@dataclass(slots=True)
class Undone:
    """The paths that were restored, and a message for each file that was not."""

    put_back: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def look(root: Path) -> tuple[str, ...]:
    """Return messages about what killed runs left in `root`, without changing anything."""
    return tuple(
        f"an interrupted run has left the project half changed: its journal is {place}"
        if os.path.lexists(place / journal.FILE)
        else f"an interrupted run has left {place}"
        for place in places.existing(root.resolve())
    )


def strays(root: Path) -> tuple[str, ...]:
    """Return messages about contents in `root` that have no journal."""
    if places.existing(root.resolve()):
        return ()
    return tuple(
        f"{folder} was left by an interrupted run, and its journal is missing, as after moving or "
        f"copying a project without a repository; the old contents are in {folder}/old"
        for folder in sorted(root.glob(f"{journal.PREFIX}*"))
    )


def recover(root: Path) -> list[str]:
    """Undo what a killed run began in the project `root`, which the caller has locked.

    Returns messages about it. Files that were changed since then are left alone. Raises
    `Refused` for a journal that fastgen did not write, which is left alone as well, and
    `HalfDone` when undoing fails.
    """
    with _possible(root):
        return [told for record in journal.find(root.resolve()) for told in _recover(record)]


def _recover(record: Record) -> list[str]:
    with interrupts.held():
        undone = undo(record)
    if undone.put_back:
        names = ", ".join(undone.put_back)
        return [f"undid the changes of an interrupted run: {names}", *undone.left]
    if undone.left:
        return undone.left
    if os.path.lexists(record.place):
        return [not_removed(record)[0]]
    return [f"removed {record.contents or record.place}, left by an interrupted run"]


def not_removed(record: Record) -> tuple[str, str]:
    """Return the message and the hint for a useless `record` that cannot be removed."""
    there = [one for one in (record.contents, record.place) if one and os.path.lexists(one)]
    shown = " and ".join(map(str, there))
    return f"{shown}, left by an interrupted run, could not be removed", journal.removing(*there)


def undo(record: Record) -> Undone:
    """Undo the changes in the journal of `record`, then remove it.

    An incomplete journal is only removed, as nothing was changed yet. Raises as `recover` does.
    """
    undone = Undone()
    with _possible(record.root):
        written = journal.load(record)
        if written:
            _check_old_contents(record, written)
            _undo(record, written, undone)
            journal.end(record)
        journal.clear(record)
    return undone


@contextlib.contextmanager
def _possible(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = ": ".join(filter(None, (error.strerror or str(error), error.filename)))
        raise HalfDone(
            f"changes in {root} cannot be undone: {reason}; once that is solved, "
            "the next command that writes restores the rest",
            UNDO,
        ) from error


def _check_old_contents(record: Record, written: Journal) -> None:
    for number, step in enumerate(written.steps):
        if step.old is None or not _is_performed(record, number, step):
            continue
        if paths.digest_of(record.root / step.path) != step.new:
            continue
        kept = record.old(number)
        if paths.digest_of(kept) != step.old:
            raise journal.foreign(
                record.place,
                f"{kept}, which held the old content of {step.path}, is missing or changed",
            )


def _undo(record: Record, written: Journal, undone: Undone) -> None:
    root = record.root
    for number, step in reversed(list(enumerate(written.steps))):
        if not _is_performed(record, number, step):
            continue
        now = paths.digest_of(root / step.path)
        if now == step.new:
            _put_back(record, number, step, written.modes)
            undone.put_back.insert(0, step.path)
        else:
            undone.left.insert(0, _leave(record, number, step))
    for path in reversed(written.made):
        _remove_made(root / path)
    journal.sync_folders(root, written)


def _is_performed(record: Record, number: int, step: FileStep) -> bool:
    """Whether the step was made and not undone since."""
    if step.new is not None and os.path.lexists(record.new(number)):
        return False
    return paths.digest_of(record.root / step.path) != step.old


def _put_back(record: Record, number: int, step: FileStep, modes: Mapping[str, int]) -> None:
    root = record.root
    file = root / step.path
    if step.old is None:
        file.unlink()
        return
    for folder in reversed(PurePosixPath(step.path).parents):
        if not (root / folder).exists():
            record.spare.mkdir(exist_ok=True)
            record.spare.chmod(modes.get(folder.as_posix(), 0o755))
            record.spare.rename(root / folder)
    record.old(number).rename(file)


def _leave(record: Record, number: int, step: FileStep) -> str:
    """Keep the file as the user changed it since, and its old content beside it."""
    file, old = record.root / step.path, record.old(number)
    told = f"{step.path} was changed since an interrupted run: it was left as it is"
    if not os.path.lexists(file) or not old.exists():
        return told
    names = itertools.chain([""], map(str, itertools.count(2)))
    places = (file.with_name(f"{file.name}.orig{suffix}") for suffix in names)
    kept = next(place for place in places if not os.path.lexists(place))
    old.rename(kept)
    return f"{told}, and its old content is in {kept.relative_to(record.root).as_posix()}"


def _remove_made(folder: Path) -> None:
    # Others may have added files to the folder, or removed it.
    if folder.is_dir() and not os.listdir(folder):
        folder.rmdir()
