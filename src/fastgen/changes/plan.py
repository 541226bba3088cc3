"""The changes to make in a project, as data."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from fastgen.changes.paths import is_relative
from fastgen.errors import Bug


@dataclass(frozen=True, slots=True)
class Create:
    """A file to create; `path` is relative to the root, with `/`."""

    path: str
    content: bytes
    why: str

    @property
    def before(self) -> None:
        """The current content: none."""
        return

    @property
    def after(self) -> bytes:
        """The new content."""
        return self.content


@dataclass(frozen=True, slots=True)
class Edit:
    """A file to edit; its content must be `before` when the plan is applied."""

    path: str
    before: bytes
    after: bytes
    why: str


@dataclass(frozen=True, slots=True)
class Delete:
    """A file to delete; its content must be `before` when the plan is applied."""

    path: str
    before: bytes
    why: str

    @property
    def after(self) -> None:
        """The new content: none."""
        return


Change = Create | Edit | Delete


@dataclass(frozen=True, slots=True)
class Manual:
    """A change that could not be made safely: the user puts `snippet` into `path`."""

    path: str
    snippet: str
    reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """An edited file that stays although it was to be deleted: as generated, and as it is."""

    path: str
    base: bytes
    ours: bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """All changes of one command; raises `Bug` when they contradict each other."""

    changes: tuple[Change, ...] = ()
    manual: tuple[Manual, ...] = ()
    # Are shown in git's index.
    conflicts: tuple[Conflict, ...] = ()

    def __post_init__(self) -> None:
        """Check that each path is in the project and has one change."""
        seen: set[str] = set()
        for change in self.changes:
            if not is_relative(change.path):
                raise Bug(f"a plan cannot change {change.path!r}: it is not a path in a project")
            if change.path in seen:
                raise Bug(f"a plan changes {change.path} twice")
            seen.add(change.path)
        for path in sorted(seen):
            if above := seen.intersection(map(str, PurePosixPath(path).parents)):
                raise Bug(f"a plan has {above.pop()} as a file and as the folder of {path}")

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do, neither for fastgen nor for the user."""
        return not self.changes and not self.manual
