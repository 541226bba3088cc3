"""A project with the changes that a plan has staged so far."""

from dataclasses import dataclass, field

from fastgen.changes.plan import Change, Conflict, Create, Delete, Edit
from fastgen.project.project import Project
from fastgen.system import safe_files


@dataclass(frozen=True, slots=True)
class Staged(Project):
    """A project whose `read` returns staged contents; None stands for a deleted file."""

    files: dict[str, bytes | None] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    # New files of slices, which may not be staged yet.
    coming: set[str] = field(default_factory=set)

    def read(self, path: str, limit: int = safe_files.LARGE) -> bytes | None:
        """Return the staged content of `path`, else the file's; raises `Refused`."""
        path = self.places.usual(path)
        return self.files[path] if path in self.files else Project.read(self, path, limit)

    def put(self, path: str, content: bytes | None, why: str) -> None:
        """Stage the content of `path`, None to delete it; the first reason is kept."""
        self.files[path] = content
        self.reasons.setdefault(path, why)

    def changes(self) -> list[Change]:
        """Return the changes from the project's files to the staged ones."""
        found: list[Change] = []
        for path, after in self.files.items():
            before, why = Project.read(self, path), self.reasons[path]
            if before is None and after is not None:
                found.append(Create(path, after, why))
            elif before is not None and after is None:
                found.append(Delete(path, before, why))
            elif before is not None and after is not None and before != after:
                found.append(Edit(path, before, after, why))
        return found


def stage(project: Project) -> Staged:
    """Return `project` with nothing staged."""
    return Staged(
        project.root,
        project.recipe,
        project.settings,
        project.notes,
        project.left,
        project.places,
    )
