"""Swaps two folders in one system call."""

import ctypes
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

RENAME_EXCHANGE = 2  # Linux, <linux/fs.h>
RENAME_SWAP = 2  # macOS, <sys/stdio.h>
AT_FDCWD = -100


def available(folder: Path) -> bool:
    """Whether this system can swap two entries of `folder`.

    Whether the file system can as well shows only at the swap itself.
    """
    return _function() is not None and folder.is_dir()


def exchange(first: Path, second: Path) -> None:
    """Swap `first` and `second`, on the same file system; raises `OSError`."""
    function = _function()
    if function is None:
        raise OSError("this system cannot swap folders")
    # Audit hooks see it as a rename by Python.
    sys.audit("os.rename", str(first), str(second), -1, -1)
    a, b = os.fsencode(first), os.fsencode(second)
    if sys.platform == "darwin":
        failed = function(a, b, RENAME_SWAP)
    else:
        failed = function(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE)
    if failed:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), str(first), None, str(second))


@cache
def _function() -> Any:
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin":
        return getattr(library, "renamex_np", None)
    function = getattr(library, "renameat2", None)
    if function is not None:
        text, number = ctypes.c_char_p, ctypes.c_int
        function.argtypes = (number, text, number, text, ctypes.c_uint)
    return function
