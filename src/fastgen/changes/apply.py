"""Applies a plan completely or not at all."""

import contextlib
import errno
import shlex
from collections.abc import Iterator
from pathlib import Path

from fastgen.changes import journal, paths, preflight, preparation, recovery
from fastgen.changes.form import FileStep, Journal
from fastgen.changes.journal import Record
from fastgen.changes.plan import Change, Create, Delete, Plan
from fastgen.errors import AGAIN, Bug, CannotWrite, Refused
from fastgen.system import interrupts
from fastgen.system.interrupts import Interrupted

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NOT_EMPTY = (errno.ENOTEMPTY, errno.EEXIST)


def apply(root: Path, plan: Plan) -> None:
    """Make the changes of `plan` in the project `root`, which the caller has locked.

    Call `recover` first. Raises `Refused` (or `Several`) when a file is not as the plan expects
    it, `CannotWrite` when writing fails, and `Interrupted`. The project is then unchanged,
    except after an `Interrupted` with `project_stands`, when all changes are made. Raises
    `HalfDone` when undoing fails as well.
    """
    interrupts.check()
    root = root.resolve()
    with _readable(root):
        _refuse_second_journal(root)
        changes = preflight.check(root, plan)
        if changes:
            _all_or_nothing(root, dict(sorted(changes.items(), key=_turn)))


def write(root: Path, plan: Plan) -> None:
    """Make the changes of `plan` in the folder `root` without a journal, for a temporary folder."""
    for change in plan.changes:
        file = root / change.path
        if change.after is None:
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(change.after)


def _refuse_second_journal(root: Path) -> None:
    for record in journal.find(root):
        if journal.load(record):
            raise Bug("apply() was called before recover(): changes are under way")
        raise Refused(*recovery.not_removed(record))


def _turn(item: tuple[str, Change]) -> int:
    """Sort deletions last, so that a folder that gets new files is never empty in between."""
    return isinstance(item[1], Delete) - isinstance(item[1], Create)


def _all_or_nothing(root: Path, changes: dict[str, Change]) -> None:
    done = False
    try:
        with interrupts.held():
            record = journal.begin(root)
            written = preparation.prepare(record, changes)
        _perform(record, written)
        with interrupts.held():
            journal.end(record)
            done = True
            journal.clear(record)
    except BaseException as error:
        if done:
            raise Interrupted(project_stands=True) from error
        with interrupts.held():
            _take_back(root)
        raise


def _perform(record: Record, written: Journal) -> None:
    root = record.root
    for path in written.made:
        with interrupts.held():
            (root / path).mkdir(exist_ok=True)
    for number, step in enumerate(written.steps):
        with interrupts.held():
            _step(record, number, step)
    for path in reversed(written.modes):
        with interrupts.held():
            _remove_if_empty(root / path)
    with interrupts.held():
        journal.sync_folders(root, written)


def _step(record: Record, number: int, step: FileStep) -> None:
    file = record.root / step.path
    if paths.digest_of(file) != step.old:
        raise Refused(f"{step.path} has changed while fastgen was working", instead=AGAIN)
    if step.new is None:
        file.unlink()
    else:
        record.new(number).rename(file)


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError as error:
        if error.errno not in NOT_EMPTY:
            raise


def _take_back(root: Path) -> None:
    left = [told for record in journal.find(root) for told in recovery.undo(record).left]
    if left:
        raise Refused("; ".join([*left, "everything else was restored"]))


@contextlib.contextmanager
def _readable(root: Path) -> Iterator[None]:
    """Turn `OSError` into an error with a readable message."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        mine = f'sudo chown -R "$(id -un)" {shlex.quote(str(root))}'
        hint = "df -h" if error.errno in FULL else mine
        raise CannotWrite(
            f"{root} cannot be changed: {reason}; nothing was changed", hint
        ) from error
