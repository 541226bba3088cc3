"""The folder beside the target where a project is rendered, locked while its process runs."""

import contextlib
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastgen.system import interrupts

PREFIX = ".fastgen-"
# A name that `tempfile.mkdtemp` makes of the prefix.
NAME = re.compile(re.escape(PREFIX) + r"[a-z0-9_]{8}")
TREE = "tree"
CONTENTS = {TREE}


@dataclass(frozen=True, slots=True)
class Stage:
    """A locked temporary folder; the project is under `tree`."""

    path: Path

    @property
    def tree(self) -> Path:
        """The folder in which the project is rendered."""
        return self.path / TREE


@contextlib.contextmanager
def opened(parent: Path) -> Iterator[Stage]:
    """Create a stage in `parent`, and remove it with all its contents at the end.

    Raises `OSError` when `parent` cannot be written.
    """
    descriptor = -1
    stage = None
    try:
        with interrupts.held():
            stage, descriptor = _create(parent)
        yield stage
    finally:
        if stage is not None:
            with interrupts.held():
                remove(stage.path)
                os.close(descriptor)


def _create(parent: Path) -> tuple[Stage, int]:
    while True:
        stage = Stage(Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent)))
        try:
            descriptor = _lock(stage.path, wait=True)
            if descriptor is not None:
                stage.tree.mkdir()
                return stage, descriptor
        except FileNotFoundError:
            # Another run removed it as abandoned before it was locked.
            continue
        except OSError:
            remove(stage.path)
            raise


def abandoned(parent: Path) -> Iterator[Stage]:
    """Yield the stages in `parent` whose process has ended, each locked meanwhile."""
    try:
        names = sorted(os.listdir(parent))
    except OSError:
        return
    for name in filter(is_stage_name, names):
        path = parent / name
        # It belongs to others, is in use, or is gone by now.
        with contextlib.suppress(OSError):
            descriptor = _lock(path, wait=False)
            if descriptor is None:
                continue
            try:
                if path.stat().st_uid == os.geteuid() and set(os.listdir(path)) <= CONTENTS:
                    yield Stage(path)
            finally:
                os.close(descriptor)


def is_stage_name(name: str) -> bool:
    """Whether `name` is the name of a stage."""
    return NAME.fullmatch(name) is not None


def remove(path: Path) -> None:
    """Delete the folder `path` with all its contents, as far as possible."""
    shutil.rmtree(path, ignore_errors=True)


def _lock(path: Path, *, wait: bool) -> int | None:
    """Lock the folder `path`; None if another process holds the lock or it does not exist."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        if os.fstat(descriptor).st_ino == path.stat().st_ino:
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None
