"""What is going to be changed, on disk before anything is changed.

    .fastgen/journal/
    ├── .gitignore     all of it: git never sees a journal
    ├── new/0, 1, …    the new contents, each moved to its place when its turn comes
    ├── old/0, 1, …    the old contents, moved back when it is undone
    └── journal.json   written last and removed first: changes are under way while it is there

All paths in it are relative to the root, so a project may be moved with it.
"""

import contextlib
import os
import shutil
from pathlib import Path, PurePosixPath

from fastgen.changes import form, paths
from fastgen.changes.form import Journal
from fastgen.errors import Refused

FILE = "journal.json"
NEW, OLD, SPARE = "new", "old", "folder"


def folder(root: Path) -> Path:
    """Return where the journal of the project `root` is."""
    return root / paths.JOURNAL


def new(root: Path, number: int) -> Path:
    """Return where the new content of the step `number` waits for its turn."""
    return folder(root) / NEW / str(number)


def old(root: Path, number: int) -> Path:
    """Return where the old content of the step `number` is kept."""
    return folder(root) / OLD / str(number)


def spare(root: Path) -> Path:
    """Return where a folder gets its mode before it is moved to its place."""
    return folder(root) / SPARE


def load(root: Path) -> Journal | None:
    """Read the journal of the project `root`; nothing when no changes are under way.

    Raises `Refused` when it is not one of ours or could lead out of the project, and `OSError`.
    """
    place = folder(root)
    # A link in the way could make us move what is somewhere else.
    own = [place / name for name in (NEW, OLD, SPARE, FILE)]
    if any(Path(os.path.realpath(path)) != path for path in own):
        raise foreign(f"{paths.JOURNAL} leads out of the project")
    try:
        text = (place / FILE).read_bytes()
    except FileNotFoundError:
        return None
    except (NotADirectoryError, IsADirectoryError) as error:
        raise foreign(f"{error.filename} is not what fastgen makes") from error
    try:
        journal = form.read(text)
    except ValueError as error:
        raise foreign(f"{paths.JOURNAL}/{FILE} is not a journal that this fastgen knows") from error
    for path in (*(step.path for step in journal.steps), *journal.made, *journal.modes):
        above = PurePosixPath(path).parent.as_posix()
        if above != "." and paths.real(root, above) != above:
            raise foreign(f"{paths.JOURNAL}/{FILE} names {path}, which is behind a link")
    return journal


def foreign(reason: str) -> Refused:
    """Return the error for a journal that cannot be followed."""
    return Refused(
        f"{reason}; nothing was changed",
        f"take from {paths.JOURNAL}/{OLD} what you miss, then: rm -r {paths.JOURNAL}",
    )


def end(root: Path) -> None:
    """Remove the file that says that changes are under way: they are now done, or undone."""
    (folder(root) / FILE).unlink()


def clear(root: Path, *, keep_home: bool) -> None:
    """Remove what is left of a journal, as far as the system lets us, and its empty home."""
    # Its end must not be lost in a power cut that comes when success was told.
    with contextlib.suppress(OSError):
        sync(folder(root))
    with contextlib.suppress(OSError):
        shutil.rmtree(folder(root))
    if not keep_home:
        with contextlib.suppress(OSError):
            (root / paths.HOME).rmdir()


def sync_folders(root: Path, journal: Journal) -> None:
    """Wait until the entries of all folders that `journal` changes are on the disk."""
    changed = (*journal.made, *journal.modes, *(step.path for step in journal.steps))
    folders = {(root / path).parent for path in changed}
    for place in sorted(filter(Path.is_dir, folders)):
        sync(place)


def sync(path: Path) -> None:
    """Wait until the file or folder `path` is on the disk; raises `OSError`."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
