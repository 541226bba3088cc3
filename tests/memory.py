"""Where files are kept in memory, on systems that say so."""

import os
import shutil
from pathlib import Path

FOLDER = Path("/dev/shm")
# A run of the quick tests needs a tenth.
LEAST_BYTES = 1 << 30


def folder() -> Path | None:
    """Return a folder that is only ours, if there is room, and programs can be started there."""
    if not (FOLDER.is_mount() and os.access(FOLDER, os.W_OK | os.X_OK)):
        return None
    programs = not os.statvfs(FOLDER).f_flag & os.ST_NOEXEC
    if not programs or shutil.disk_usage(FOLDER).free < LEAST_BYTES:
        return None
    ours = FOLDER / f"fastgen-{os.getuid()}"
    ours.mkdir(mode=0o711, exist_ok=True)  # some tests are somebody else for a while
    return ours if ours.lstat().st_uid == os.getuid() and not ours.is_symlink() else None
