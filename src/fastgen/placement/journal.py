"""A move of several entries into a folder, undone on an error, finished after a kill.

It is written down in the user's own folder, under the name of the stage, which is random: a
repository that brings a stage along has nothing moved.
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

from fastgen import safe_files, user_folders
from fastgen.errors import CannotWrite, TargetRefused
from fastgen.placement import elsewhere
from fastgen.placement.stage import Stage, is_stage_name

NAME = re.compile(r"\.|(?!\.\.$)[^/]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is moved where: a folder under the stage's tree, and one at the stage's own place.

    Neither is a full path, for a folder may be moved after a kill, with the stage in it.
    """

    project: str
    target: str


def move_in(stage: Stage, project: Path, target: Path, kept: Sequence[str]) -> None:
    """Move the entries of `project`, which is in `stage`, into `target`.

    Once the journal is written the move is undone by an error and finished by the next run
    after a kill. Raises `TargetRefused` when something came in meanwhile, `CannotWrite` when
    there is no place for the journal, and `OSError`.
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
        # From here on there is nothing to finish.
        written.unlink()


def finish(stage: Stage) -> Path | None:
    """Finish the move that a killed run had begun in `stage`, and return its target.

    What has come to the target since then is left as it is. Raises `OSError`.
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
    """Return the journal of a move that was begun in `stage`, if there is one."""
    state = user_folders.state()
    file = state / stage.path.name if state else None
    return file if state and user_folders.is_private(state) and file and file.exists() else None


def _read(file: Path) -> Entry | None:
    try:
        found = json.loads(safe_files.read_regular(file, safe_files.SMALL))
        entry = Entry(str(found["project"]), str(found["target"]))
    except (FileNotFoundError, ValueError, TypeError, KeyError, RecursionError):
        return None
    # One name each, never `..`: nothing leads out of the stage, or farther than beside it.
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
    """Keep other runs of fastgen from moving into `folder` at the same time."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
