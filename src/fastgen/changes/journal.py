"""The journal of changes, complete on disk before anything is changed.

    GIT'S OR THE USER'S FOLDER/fastgen/<digest>/
    ├── contents       the name of the folder below; written first, removed last
    └── journal.json   written last and removed first: changes are under way while it is there

    PROJECT/.fastgen-changes-<random>/     on the project's disk: each move is a rename
    ├── .gitignore     ignores the whole folder
    ├── new/0, 1, …    the new contents, each moved into place in its turn
    └── old/0, 1, …    the old contents, moved back by an undo

The journal decides what is put back, so it is where no repository can bring one. Contents
are only used if the journal has their digests.
"""

import contextlib
import errno
import os
import re
import secrets
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fastgen.changes import form, paths, places
from fastgen.changes.form import Journal
from fastgen.errors import Bug, CannotWrite, Refused
from fastgen.system import owners, safe_files, user_folders

FILE = "journal.json"
NAME = "contents"
PREFIX = ".fastgen-changes-"
CONTENTS = re.compile(re.escape(PREFIX) + r"[0-9a-f]{8}")
SEALED = (errno.EACCES, errno.EPERM, errno.EROFS)


@dataclass(frozen=True, slots=True)
class Record:
    """The two folders of one run in the project `root`, whose path has no links."""

    root: Path
    place: Path
    # In `root`; None if the run was killed before it chose a name.
    contents: Path | None

    @property
    def file(self) -> Path:
        """The file that exists while changes are under way."""
        return self.place / FILE

    @property
    def folder(self) -> Path:
        """The folder of the contents."""
        if self.contents is None:
            raise foreign(self.place, f"{self.place} does not name its contents")
        return self.contents

    def new(self, number: int) -> Path:
        """Return the path of the new content of the step `number`."""
        return self.folder / "new" / str(number)

    def old(self, number: int) -> Path:
        """Return the path of the old content of the step `number`."""
        return self.folder / "old" / str(number)

    @property
    def spare(self) -> Path:
        """The path where a new folder gets its mode before it is moved into place."""
        return self.folder / "folder"


def begin(root: Path) -> Record:
    """Create both folders for a run in `root`; raises `CannotWrite` and `OSError`."""
    record = Record(root, _made(root), root / f"{PREFIX}{secrets.token_hex(4)}")
    write(record.place / NAME, record.folder.name.encode())
    sync(record.place.parent)
    # The old contents may be readable by their owner only.
    record.folder.mkdir(mode=0o700)
    (record.folder / ".gitignore").write_bytes(b"*\n")
    record.new(0).parent.mkdir()
    record.old(0).parent.mkdir()
    return record


def _made(root: Path) -> Path:
    tried = []
    for place in places.of(root):
        try:
            places.make(place)
        except OSError as error:
            if error.errno not in SEALED:
                raise
            tried.append(f"{place.parent}: {error.strerror}")
        else:
            return place
    raise CannotWrite(
        f"there is no place for the journal of the changes: {'; '.join(tried) or 'no home folder'}",
        user_folders.ANOTHER_STATE,
    )


def find(root: Path) -> list[Record]:
    """Return the records that earlier runs left of `root`; raises `Refused` and `OSError`."""
    return [Record(root, place, _contents(root, place)) for place in places.existing(root)]


def _contents(root: Path, place: Path) -> Path | None:
    if place.is_symlink() or not place.is_dir():
        raise foreign(place, f"{place} is not a folder")
    if not owners.is_own(place):
        # Possible in a repository that several users share.
        raise Refused(
            f"{place} is the journal of an interrupted run of {owners.owner(place)}: "
            "only they can undo it",
            f"sudo -u '#{place.stat().st_uid}' fastgen check --fix",
        )
    try:
        name = safe_files.read_regular(place / NAME, safe_files.SMALL).decode()
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise foreign(place, f"{place / NAME} cannot be used: {error}") from error
    if not CONTENTS.fullmatch(name):
        raise foreign(place, f"{place / NAME} was not written by fastgen")
    return root / name


def load(record: Record) -> Journal | None:
    """Read the journal of `record`; None if no changes are under way.

    Raises `Refused` when fastgen did not write it or it leads out of the project, and `OSError`.
    """
    place = record.place
    try:
        text = safe_files.read_regular(record.file, safe_files.LARGE)
        journal = form.read(text)
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise foreign(place, f"{record.file} is not a journal of this fastgen: {error}") from error
    # A link in the path could make us move files elsewhere.
    for own in (record.new(0).parent, record.old(0).parent, record.spare):
        if Path(os.path.realpath(own)) != own:
            raise foreign(place, f"{own} leads out of the project")
    for path in (*(step.path for step in journal.steps), *journal.made, *journal.modes):
        above = PurePosixPath(path).parent.as_posix()
        if above != "." and paths.real(record.root, above) != above:
            raise foreign(place, f"{record.file} names {path}, which is behind a link")
    return journal


def foreign(place: Path, reason: str) -> Refused:
    """Return the error for the journal in `place` that cannot be followed."""
    return Refused(f"{reason}; nothing was changed", removing(place))


def removing(*folders: Path) -> str:
    """Return the command that removes `folders`."""
    return shlex.join(["rm", "-r", *map(str, folders)])


def end(record: Record) -> None:
    """Remove the file that marks changes as under way, once they are made or undone."""
    record.file.unlink()


def clear(record: Record) -> None:
    """Remove the files of a run, as far as possible."""
    # After a reported success, a power cut must not bring the journal back.
    with contextlib.suppress(OSError):
        sync(record.place)
    with contextlib.suppress(OSError):
        if record.contents and os.path.lexists(record.contents):
            shutil.rmtree(record.contents)
        shutil.rmtree(record.place)


def write_down(record: Record, journal: Journal) -> None:
    """Mark the changes of `journal` as under way, once all its contents are on disk."""
    text = journal.text()
    if len(text) > safe_files.LARGE:
        raise Bug("a plan changes more files than a journal can list")
    sync(record.new(0).parent)
    sync(record.old(0).parent)
    sync(record.root)
    write(record.file, text)


def sync_folders(root: Path, journal: Journal) -> None:
    """Flush the entries of all folders that `journal` changes to disk."""
    changed = (*journal.made, *journal.modes, *(step.path for step in journal.steps))
    folders = {(root / path).parent for path in changed}
    for place in sorted(filter(Path.is_dir, folders)):
        sync(place)


def write(file: Path, content: bytes) -> None:
    """Create `file` with all of `content`, or not at all; raises `OSError`."""
    fresh = file.with_name(f"{file.name}.new")
    with fresh.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.rename(file)
    sync(file.parent)


def sync(path: Path) -> None:
    """Flush the file or folder `path` to disk; raises `OSError`."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
