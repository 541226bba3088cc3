"""Undoes changes that were begun and not finished."""

import itertools
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from fastgen import interrupts
from fastgen.changes import journal, paths
from fastgen.changes.form import Journal, Step
from fastgen.errors import HalfDone


@dataclass(slots=True)
class Undone:
    """The paths that were put back, and a sentence for each file that was left as it is."""

    put_back: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def recover(root: Path) -> list[str]:
    """Undo what a killed run has begun in the project `root`, which the caller has locked.

    Returns the sentences that tell it. Files that were changed since then are left alone.
    Raises `Refused` for a journal that is not ours, which is left alone too, and `HalfDone`
    when the system does not let us.
    """
    if not os.path.lexists(journal.folder(root)):
        return []
    with interrupts.held():
        undone = undo(root.resolve(), keep_home=False)
    if undone.put_back:
        names = ", ".join(undone.put_back)
        return [f"undid what an interrupted run had begun to change: {names}", *undone.left]
    if undone.left:
        return undone.left
    if os.path.lexists(journal.folder(root)):
        return [f"{paths.JOURNAL}, left by an interrupted run, could not be removed"]
    return [f"removed {paths.JOURNAL}, left by an interrupted run"]


def undo(root: Path, *, keep_home: bool) -> Undone:
    """Put back all that the journal in `root`, which is free of links, says; then remove it.

    Without a complete journal nothing was changed: what there is of it is removed, and the
    empty folder around it unless `keep_home`. Raises as `recover` does.
    """
    undone = Undone()
    try:
        written = journal.load(root)
        if written:
            keep_home = written.keep_home
            _check_old_contents(root, written)
            _undo(root, written, undone)
            journal.end(root)
        journal.clear(root, keep_home=keep_home)
    except OSError as error:
        reason = ": ".join(filter(None, (error.strerror or str(error), error.filename)))
        raise HalfDone(
            f"changes in {root} cannot be undone: {reason}; "
            f"what the files held is in {paths.JOURNAL}/{journal.OLD}",
            "fastgen info, when that is mended: it puts back the rest",
        ) from error
    return undone


def _check_old_contents(root: Path, written: Journal) -> None:
    for number, step in enumerate(written.steps):
        if step.old is None or not _is_performed(root, number, step):
            continue
        if paths.digest_of(root / step.path) != step.new:
            continue
        if paths.digest_of(journal.old(root, number)) != step.old:
            raise journal.foreign(f"{paths.JOURNAL} has lost what {step.path} held")


def _undo(root: Path, written: Journal, undone: Undone) -> None:
    for number, step in reversed(list(enumerate(written.steps))):
        if not _is_performed(root, number, step):
            continue
        now = paths.digest_of(root / step.path)
        if now == step.new:
            _put_back(root, number, step, written.modes)
            undone.put_back.insert(0, step.path)
        else:
            undone.left.insert(0, _leave(root, number, step))
    for path in reversed(written.made):
        _remove_made(root / path)
    journal.sync_folders(root, written)


def _is_performed(root: Path, number: int, step: Step) -> bool:
    """Whether the step's turn had come, and it was not undone since."""
    if step.new is not None and os.path.lexists(journal.new(root, number)):
        return False
    return paths.digest_of(root / step.path) != step.old


def _put_back(root: Path, number: int, step: Step, modes: Mapping[str, int]) -> None:
    file = root / step.path
    if step.old is None:
        file.unlink()
        return
    for folder in reversed(PurePosixPath(step.path).parents):
        if not (root / folder).exists():
            spare = journal.spare(root)
            spare.mkdir(exist_ok=True)
            spare.chmod(modes.get(folder.as_posix(), 0o755))
            spare.rename(root / folder)
    journal.old(root, number).rename(file)


def _leave(root: Path, number: int, step: Step) -> str:
    """Keep what a person made of the file since, and beside it what it held before."""
    file, old = root / step.path, journal.old(root, number)
    told = f"{step.path} was changed since an interrupted run: it is left as it is"
    if not os.path.lexists(file) or not old.exists():
        return told
    names = itertools.chain([""], map(str, itertools.count(2)))
    places = (file.with_name(f"{file.name}.orig{suffix}") for suffix in names)
    kept = next(place for place in places if not os.path.lexists(place))
    old.rename(kept)
    return f"{told}, and what it held is in {kept.relative_to(root).as_posix()}"


def _remove_made(folder: Path) -> None:
    # Others may have put something in, or removed it.
    if folder.is_dir() and not os.listdir(folder):
        folder.rmdir()
