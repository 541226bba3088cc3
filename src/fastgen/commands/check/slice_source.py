"""The edited files of a slice, as they are and as they are rendered."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from fastgen.project import merge, resources
from fastgen.project.kinds import parsed
from fastgen.project.project import Project
from fastgen.project.records import Records
from fastgen.project.resources import Entry
from fastgen.slices.render import Renderer
from fastgen.slices.resource import World


@dataclass(frozen=True, slots=True)
class Told:
    """A difference between the code and the recipe, with its place."""

    path: str
    line: int
    text: str


@dataclass(frozen=True)
class Slice:
    """A slice of a project, rendered only on demand."""

    project: Project
    entry: Entry
    world: World

    @cached_property
    def rendered(self) -> Mapping[str, str]:
        """The unformatted files by path."""
        return Renderer(self.project.root).files(self.entry.resource, self.world)

    @cached_property
    def records(self) -> Records:
        """What fastgen last wrote into the files; raises `Refused`."""
        return resources.records_of(self.project.root, self.entry)

    def ours(self, path: str) -> ast.Module | None:
        """Return the tree of the file `path`, None if it is as fastgen wrote it, or missing.

        Raises `Refused` when the file or its record cannot be read.
        """
        content = self.project.read(path)
        record = self.records.files.get(path)
        if content is None or (record and record.is_of(merge.unix(content))):
            return None
        return parsed(content)

    def tree(self, path: str) -> ast.Module:
        """Return the tree of the file `path`, empty if it is missing."""
        return parsed(self.project.read(path) or b"")

    def theirs(self, path: str) -> ast.Module:
        """Return the tree of what is rendered for `path`."""
        return parsed(self.rendered[path].encode())
