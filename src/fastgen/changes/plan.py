"""What is to be changed in a project, and why; nothing here touches it."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from fastgen.changes.paths import is_relative
from fastgen.errors import Bug


@dataclass(frozen=True, slots=True)
class Create:
    """A file that is not there yet; `path` is relative to the root, with `/`."""

    path: str
    content: bytes
    why: str

    @property
    def before(self) -> None:
        """What the file holds now: it is not there."""
        return

    @property
    def after(self) -> bytes:
        """What the file will hold."""
        return self.content


@dataclass(frozen=True, slots=True)
class Edit:
    """A file that gets another content; it must hold `before` when the plan is applied."""

    path: str
    before: bytes
    after: bytes
    why: str


@dataclass(frozen=True, slots=True)
class Delete:
    """A file that goes; it must hold `before` when the plan is applied."""

    path: str
    before: bytes
    why: str

    @property
    def after(self) -> None:
        """What the file will hold: it will not be there."""
        return


Change = Create | Edit | Delete


@dataclass(frozen=True, slots=True)
class Manual:
    """What could not be done safely: the `snippet` that the person puts into `path`."""

    path: str
    snippet: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All that one command changes; raises `Bug` when the changes contradict each other."""

    changes: tuple[Change, ...] = ()
    manual: tuple[Manual, ...] = ()

    def __post_init__(self) -> None:
        """See that each path is one of the project, and has one change."""
        seen: set[str] = set()
        for change in self.changes:
            if not is_relative(change.path):
                raise Bug(f"a plan cannot change {change.path!r}: it is no path of a project")
            if change.path in seen:
                raise Bug(f"a plan changes {change.path} twice")
            seen.add(change.path)
        for path in sorted(seen):
            if above := seen.intersection(map(str, PurePosixPath(path).parents)):
                raise Bug(f"a plan has {above.pop()} as a file and as the folder of {path}")

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do, for us and for the person."""
        return not self.changes and not self.manual
