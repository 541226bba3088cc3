"""What is going to be changed, on disk before anything is changed.

    GIT'S OR THE USER'S FOLDER/fastgen/<digest>/
    ├── contents       the name of the folder below; written first, removed last
    └── journal.json   written last and removed first: changes are under way while it is there

    PROJECT/.fastgen-changes-<random>/     on the project's disk: each move is a rename
    ├── .gitignore     all of it: git never sees it
    ├── new/0, 1, …    the new contents, each moved to its place when its turn comes
    └── old/0, 1, …    the old contents, moved back when it is undone

What says which files are put back is where a repository cannot bring it along. The contents count
only where the journal has their fingerprints.
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

from fastgen import owners, safe_files, user_folders
from fastgen.changes import form, paths, places
from fastgen.changes.form import Journal
from fastgen.errors import Bug, CannotWrite, Refused

FILE = "journal.json"
NAME = "contents"
PREFIX = ".fastgen-changes-"
CONTENTS = re.compile(re.escape(PREFIX) + r"[0-9a-f]{8}")
SEALED = (errno.EACCES, errno.EPERM, errno.EROFS)


@dataclass(frozen=True, slots=True)
class Record:
    """The two folders of one run in the project `root`, which is free of links."""

    root: Path
    place: Path
    # In `root`; nothing when the run was killed before it had chosen a name.
    contents: Path | None

    @property
    def file(self) -> Path:
        """The file that is there while changes are under way."""
        return self.place / FILE

    @property
    def folder(self) -> Path:
        """Where the contents are."""
        if self.contents is None:
            raise foreign(self.place, f"{self.place} lacks the name of its contents")
        return self.contents

    def new(self, number: int) -> Path:
        """Return where the new content of the step `number` waits for its turn."""
        return self.folder / "new" / str(number)

    def old(self, number: int) -> Path:
        """Return where the old content of the step `number` is kept."""
        return self.folder / "old" / str(number)

    @property
    def spare(self) -> Path:
        """Where a folder gets its mode before it is moved to its place."""
        return self.folder / "folder"


def begin(root: Path) -> Record:
    """Make both folders for a run in `root`; raises `CannotWrite` and `OSError`."""
    record = Record(root, _made(root), root / f"{PREFIX}{secrets.token_hex(4)}")
    write(record.place / NAME, record.folder.name.encode())
    sync(record.place.parent)
    # The old contents may be for their owner's eyes only.
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
    """Return what earlier runs have left of `root`; raises `Refused` and `OSError`."""
    return [Record(root, place, _contents(root, place)) for place in places.existing(root)]


def _contents(root: Path, place: Path) -> Path | None:
    if place.is_symlink() or not place.is_dir():
        raise foreign(place, f"{place} is not a folder")
    if not owners.is_own(place):
        # In a repository that several people share.
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
        raise foreign(place, f"{place / NAME} is not what fastgen writes")
    return root / name


def load(record: Record) -> Journal | None:
    """Read the journal of `record`; nothing when no changes are under way.

    Raises `Refused` when it is not one of ours or could lead out of the project, and `OSError`.
    """
    place = record.place
    try:
        text = safe_files.read_regular(record.file, safe_files.SMALL)
        journal = form.read(text)
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise foreign(place, f"{record.file} is no journal of this fastgen: {error}") from error
    # A link in the way could make us move what is somewhere else.
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
    """Remove the file that says that changes are under way: they are now done, or undone."""
    record.file.unlink()


def clear(record: Record) -> None:
    """Remove what is left of a run, as far as the system lets us."""
    # Its end must not be lost in a power cut that comes when success was told.
    with contextlib.suppress(OSError):
        sync(record.place)
    with contextlib.suppress(OSError):
        if record.contents and os.path.lexists(record.contents):
            shutil.rmtree(record.contents)
        shutil.rmtree(record.place)


def write_down(record: Record, journal: Journal) -> None:
    """Say that the changes of `journal`, whose contents are all there, are now under way."""
    text = journal.text()
    if len(text) > safe_files.SMALL:
        raise Bug("a plan changes more files than a journal can list")
    sync(record.new(0).parent)
    sync(record.old(0).parent)
    sync(record.root)
    write(record.file, text)


def sync_folders(root: Path, journal: Journal) -> None:
    """Wait until the entries of all folders that `journal` changes are on the disk."""
    changed = (*journal.made, *journal.modes, *(step.path for step in journal.steps))
    folders = {(root / path).parent for path in changed}
    for place in sorted(filter(Path.is_dir, folders)):
        sync(place)


def write(file: Path, content: bytes) -> None:
    """Have the new `file` hold all of `content`, or not be there; raises `OSError`."""
    fresh = file.with_name(f"{file.name}.new")
    with fresh.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.rename(file)
    sync(file.parent)


def sync(path: Path) -> None:
    """Wait until the file or folder `path` is on the disk; raises `OSError`."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
