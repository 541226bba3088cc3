"""Lets only one fastgen at a time work in a project."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastgen.errors import AGAIN, Refused

PAUSE_SECONDS = 0.05


@contextmanager
def held(root: Path, *, wait_seconds: float = 10) -> Iterator[None]:
    """Lock the project `root` against other runs of fastgen during the block.

    Waits for a run that holds the lock; raises `Refused` after `wait_seconds`, or when the folder
    cannot be locked. The system releases the lock when the process ends. Do not nest: a second
    call in the same process waits for the first.
    """
    try:
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _cannot_lock(root, error) from error
    try:
        _lock(descriptor, root, time.monotonic() + wait_seconds)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, root: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise Refused(
                    f"another fastgen is running in {root}; nothing was changed: try again when it "
                    "has finished",
                    instead=AGAIN,
                ) from error
            time.sleep(PAUSE_SECONDS)
        except OSError as error:
            raise _cannot_lock(root, error) from error
        else:
            return


def _cannot_lock(root: Path, error: OSError) -> Refused:
    return Refused(f"{root} cannot be locked: {error.strerror}; nothing was changed")
