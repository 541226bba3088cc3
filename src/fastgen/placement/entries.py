"""Moves several entries into a folder; undone on an error, finished after a kill.

The journal is in the user's state folder under the random name of the stage, so that a stage in
somebody's repository moves nothing.
"""

import contextlib
import errno
import fcntl
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from fastgen.errors import CannotWrite, TargetRefused
from fastgen.placement import elsewhere
from fastgen.placement.stage import Stage, is_stage_name
from fastgen.system import safe_files, user_folders

NAME = re.compile(r"\.|(?!\.\.$)[^/]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A move: from a folder under the stage's tree to one beside the stage.

    Neither is a full path, as the folder with the stage may be moved after a kill.
    """

    project: str
    target: str


def move_in(stage: Stage, project: Path, target: Path, kept: Sequence[str]) -> None:
    """Move the entries of `project`, which is in `stage`, into `target`.

    Once the journal is written, an error undoes the move, and after a kill the next run finishes
    it. Raises `TargetRefused` when the target was filled meanwhile, `CannotWrite` when there is
    no place for the journal, and `OSError`.
    """
    with _locked(target):
        found = sorted(name for name in os.listdir(target) if not is_stage_name(name))
        if found != sorted(kept):
            raise TargetRefused(
                f"{target} exists and is not empty: it was filled while fastgen was working",
                instead=elsewhere.instead(target),
            )
        names = sorted(os.listdir(project))
        beside = "." if target == stage.path.parent else target.name
        written = _write(stage, Entry(project.relative_to(stage.tree).as_posix(), beside))
        moved: list[str] = []
        try:
            for name in names:
                (project / name).rename(target / name)
                moved.append(name)
        except BaseException:
            for name in reversed(moved):
                (target / name).rename(project / name)
            written.unlink()
            raise
        # From here on, nothing is left to finish.
        written.unlink()


def finish(stage: Stage) -> Path | None:
    """Finish the move that a killed run began in `stage`, and return its target.

    Files that were added to the target since then are kept. Raises `OSError`.
    """
    file = begun(stage)
    entry = _read(file) if file else None
    if file is None or entry is None or not (stage.tree / entry.project).is_dir():
        return None
    project, target = stage.tree / entry.project, stage.path.parent / entry.target
    for name in sorted(os.listdir(project)):
        if not os.path.lexists(target / name):
            (project / name).rename(target / name)
    file.unlink()
    return target.resolve()


def begun(stage: Stage) -> Path | None:
    """Return the journal of an unfinished move in `stage`, if there is one."""
    state = user_folders.state()
    file = state / stage.path.name if state else None
    return file if state and user_folders.is_private(state) and file and file.exists() else None


def _read(file: Path) -> Entry | None:
    try:
        found = json.loads(safe_files.read_regular(file, safe_files.SMALL))
        entry = Entry(str(found["project"]), str(found["target"]))
    except (FileNotFoundError, ValueError, TypeError, KeyError, RecursionError):
        return None
    # Single names and never `..`, so that nothing leads farther than beside the stage.
    for name in (entry.project, entry.target):
        if not NAME.fullmatch(name):
            return None
    return entry


def _write(stage: Stage, entry: Entry) -> Path:
    state = user_folders.state()
    try:
        if state is None:
            raise FileNotFoundError(errno.ENOENT, "no home folder")
        user_folders.make(state)
        written = state / stage.path.name
        fresh = written.with_name(f"{written.name}.new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(asdict(entry), file)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(written)
    except OSError as error:
        where = f"{state}: " if state else ""
        raise CannotWrite(
            f"there is no place for the journal of the move: {where}{error.strerror}; "
            "nothing was left behind",
            user_folders.ANOTHER_STATE,
        ) from error
    return written


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Lock `folder` against moves by other runs of fastgen."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
