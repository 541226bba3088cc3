"""Merges the files of a slice, which people may have edited."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastgen.changes.plan import Manual
from fastgen.engine.changes import Change
from fastgen.engine.renaming import Renaming
from fastgen.engine.staged import Staged
from fastgen.names import layout
from fastgen.project import edited, imported_tests, merge, sameness, slice_files
from fastgen.slices.finish import Finished
from fastgen.slices.render import paths

MISSING = "the file is missing"
CONFLICT = "the edits in it conflict with this change"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A change with its slice as it was generated, and as it will be."""

    change: Change
    base: Finished
    theirs: Finished


@dataclass(frozen=True, slots=True)
class File:
    """A file of a slice: where it is and will be, and what is rendered for it."""

    path: str
    new_path: str
    base: bytes
    theirs: bytes


def merged(project: Staged, rendered: Rendered, renaming: Renaming, why: str) -> Iterator[Manual]:
    """Stage the changes from the old slice to the new one, and yield what is left to the user.

    The lists of children are taken out of a model that changes: they are wired again afterwards.
    Raises `Refused` for an unreadable file.
    """
    for file in _files(rendered):
        if file.path == file.new_path and file.base == file.theirs:
            continue
        ours = project.read(file.path)
        if ours is None:
            difference = edited.difference(file.new_path, file.base, file.theirs)
            yield Manual(file.new_path, difference, MISSING)
            continue
        content, left = _merged(project, rendered, renaming, file, ours)
        told = why if content == merge.like(ours, file.theirs) else f"{why}, merged"
        if file.path != file.new_path:
            project.put(file.path, None, why)
        if content != ours or file.path != file.new_path:
            project.put(file.new_path, content, told)
        yield from left


def _files(rendered: Rendered) -> Iterator[File]:
    old, new = rendered.change.old, rendered.change.new
    if old and new:
        for path, new_path in zip(paths(old), paths(new), strict=True):
            yield File(path, new_path, rendered.base.files[path], rendered.theirs.files[new_path])


def _merged(
    project: Staged, rendered: Rendered, renaming: Renaming, file: File, ours: bytes
) -> tuple[bytes, list[Manual]]:
    """Return the new content of the file, and what is left to the user."""
    entry = rendered.change.entry
    assert entry  # noqa: S101 - a slice that is merged is there
    if sameness.same(merge.unix(ours), file.theirs):
        return ours, []
    difference = edited.difference(file.new_path, file.base, file.theirs)
    if lost := _lost(project, file, ours):
        return ours, [imported_tests.left(file.new_path, difference, lost)]
    if edited.is_unchanged(project, entry, rendered.base, file.path, ours):
        return merge.like(ours, file.theirs), []
    if rendered.base.render != entry.render:
        return ours, [Manual(file.new_path, difference, edited.OTHER_TEMPLATES)]
    plain = slice_files.unwired(project, entry.resource, file.path, merge.unix(ours))
    base, mine = renaming.applied(file.base), renaming.applied(plain)
    # First with the new words on all sides, so that only other changes can conflict.
    result = merge.three_way(base, mine, file.theirs) or merge.three_way(
        file.base, plain, file.theirs
    )
    if result is None:
        difference = edited.difference(file.new_path, base, file.theirs)
        kept = ours if file.path == file.new_path else mine
        return merge.like(ours, kept), [Manual(file.new_path, difference, CONFLICT)]
    return merge.like(ours, result), []


def _lost(project: Staged, file: File, ours: bytes) -> list[str]:
    """Return the missing imports of the tests `theirs` that `ours` does not have yet."""
    if not file.path.startswith(f"{layout.TESTS}/"):
        return []
    already = imported_tests.missing(project, ours)
    return [one for one in imported_tests.missing(project, file.theirs) if one not in already]
