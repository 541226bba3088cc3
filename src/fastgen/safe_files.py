"""Reads files that others may have made."""

import os
import stat
from pathlib import Path


def read_regular(path: Path, limit: int) -> bytes:
    """Return what the regular file `path` holds.

    Raises `OSError`, and `ValueError` when it is no regular file or larger than `limit` bytes.
    """
    # A FIFO without a writer would keep us waiting.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError("it is no regular file")
        content = file.read(limit + 1)
    if len(content) > limit:
        raise ValueError(f"it is larger than {limit} bytes")
    return content
