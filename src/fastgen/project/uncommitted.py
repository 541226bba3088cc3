"""Finds uncommitted changes of people in files that fastgen edits."""

import contextlib
import tempfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from fastgen.errors import FastgenError
from fastgen.names import layout
from fastgen.project import history, merge, records, sameness, wired_lines
from fastgen.project.project import Project
from fastgen.project.records import Record
from fastgen.project.resources import Entry
from fastgen.project.wirings import Wiring
from fastgen.system.git import Git, GitError


def notes(project: Project, edited: Collection[str]) -> tuple[str, ...]:
    """Return a note for each of the `edited` files with uncommitted changes that people made."""
    if not history.is_kept(project.root):
        return ()
    changed = sorted(history.uncommitted(project.root, edited))
    ours = _Ours(project)
    return tuple(
        f"{path} has changes that are not committed; they are kept"
        for path in changed
        if not ours.made(path)
    )


@dataclass(frozen=True)
class _Ours:
    """The changes that fastgen made since the last commit."""

    project: Project

    def made(self, path: str) -> bool:
        """Whether fastgen made all uncommitted changes in the file `path`."""
        if path.startswith(f"{layout.KEPT}/"):
            return True
        path = self.project.places.usual(path)
        content = merge.unix(self.project.read(path) or b"")
        bare = self._unwired(path, content)
        if any(one.is_of(content) or one.is_of(bare) for one in self._records.get(path, ())):
            return True
        committed = self._committed(path)
        return committed is not None and sameness.same_statements(
            self._unwired(path, merge.unix(committed)), bare
        )

    def _unwired(self, path: str, content: bytes) -> bytes:
        return wired_lines.removed(self._wirings, path, content)

    def _committed(self, path: str) -> bytes | None:
        try:
            there = self.project.places.file(path)
            content = Git(self.project.root).must("show", f"HEAD:./{there}").encode()
            return self.project.places.read(content)
        except (GitError, UnicodeEncodeError):
            return None

    @cached_property
    def _records(self) -> dict[str, list[Record]]:
        """What fastgen last wrote into each file, as far as it can be read."""
        found: dict[str, list[Record]] = {}
        for path, record in _recorded(self.project.root, self._now):
            found.setdefault(path, []).append(record)
        return found

    @cached_property
    def _now(self) -> list[Entry]:
        return list(wired_lines.entries(self.project))

    @cached_property
    def _wirings(self) -> list[Wiring]:
        """The wirings of the resources, both current and committed."""
        found = wired_lines.wanted(self.project, self._now)
        with tempfile.TemporaryDirectory(prefix="fastgen-") as folder:
            before = replace(self.project, root=Path(folder))
            (before.root / layout.ENTRIES).mkdir(parents=True)
            for path, content in self._recipe_before():
                (before.root / path).write_bytes(content)
            found += wired_lines.wanted(before, wired_lines.entries(before))
        return found

    def _recipe_before(self) -> Iterator[tuple[str, bytes]]:
        changed = ("diff-index", "--name-only", "--relative", "-z", "HEAD", "--", layout.ENTRIES)
        try:
            listed = Git(self.project.root).must(*changed).split("\0")
        except GitError:
            return
        now = [entry.path for entry in self._now]
        for path in filter(None, [*now, *listed]):
            content = self._committed(path) if path in listed else self.project.read(path)
            if content is not None:
                yield path, content


def _recorded(root: Path, entries: Iterable[Entry]) -> Iterator[tuple[str, Record]]:
    for entry in entries:
        yield from entry.inside.files.items()
    for unit in records.units(root):
        with contextlib.suppress(FastgenError):
            yield from records.load(root, unit).files.items()
