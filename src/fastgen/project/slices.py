"""The files of a slice as the project has them, next to what fastgen made."""

from collections.abc import Mapping

from fastgen.changes.plan import Change, Create, Edit
from fastgen.project.place import Project
from fastgen.slices.digests import digest
from fastgen.slices.make import Made


def changes(project: Project, files: Mapping[str, bytes], why: str) -> list[Change]:
    """Return what makes the project's files hold `files`: nothing where they do."""
    found: list[Change] = []
    for path, content in files.items():
        before = project.read(path)
        if before is None:
            found.append(Create(path, content, why))
        elif before != content:
            found.append(Edit(path, before, content, why))
    return found


def digests(made: Made) -> dict[str, str]:
    """Return by which digest each file is known again."""
    return {path: digest(content) for path, content in made.files.items()}
