"""Where files are kept in memory, on systems that say so."""

import os
import shutil
from pathlib import Path

FOLDER = Path("/dev/shm")
# A run of the quick tests needs a tenth.
LEAST_BYTES = 1 << 30


def folder() -> Path | None:
    """Return it, if there is one with room in which programs can be started."""
    if not (FOLDER.is_mount() and os.access(FOLDER, os.W_OK | os.X_OK)):
        return None
    programs = not os.statvfs(FOLDER).f_flag & os.ST_NOEXEC
    return FOLDER if programs and shutil.disk_usage(FOLDER).free >= LEAST_BYTES else None
