"""Merges the files of a slice, which people may have edited."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastgen.changes.plan import Conflict, Manual
from fastgen.engine import lost_names, own_names
from fastgen.engine.changes import Change
from fastgen.engine.renaming import Renaming
from fastgen.engine.staged import Staged
from fastgen.names import layout
from fastgen.project import edited, imported_tests, merge, sameness, slice_files, style
from fastgen.project.edited import Generated
from fastgen.project.project import Project
from fastgen.project.records import Records
from fastgen.slices.finish import Finished
from fastgen.slices.render import paths

MISSING = "the file is missing"
CONFLICT = "the edits in it conflict with this change"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A change with its slice as generated before and after it, None where there is none."""

    change: Change
    base: Finished | None
    theirs: Finished | None
    # Of the files of the base.
    records: Records


@dataclass(frozen=True, slots=True)
class File:
    """A file of a slice: its paths before and after the change, and its rendered contents."""

    path: str
    new_path: str
    base: bytes
    theirs: bytes

    @property
    def stays(self) -> bool:
        """Whether the same is rendered for it as before, at the same place."""
        return self.path == self.new_path and self.base == self.theirs

    def is_lost(self, project: Project) -> bool:
        """Whether `project` has the file at neither path."""
        return all(project.read(path) is None for path in (self.path, self.new_path))


def stage(project: Staged, rendered: Rendered, renaming: Renaming, why: str) -> Iterator[Manual]:
    """Stage the files of a slice, and yield what is left to the user.

    The lists of children are taken out of a model that changes: they are wired again afterwards.
    Raises `Refused` for an unreadable file.
    """
    entry, base, theirs = rendered.change.entry, rendered.base, rendered.theirs
    known = (
        slice_files.generated(project, entry, rendered.records, base) if entry and base else None
    )
    if entry is None and theirs:
        yield from _write(project, theirs.files, why)
    elif known and theirs is None:
        yield from _removed(project, known, why)
    elif known and theirs:
        files = list(_files(rendered.change, known.now, theirs))
        lost = [file for file in files if rendered.change.again and file.is_lost(project)]
        for file in files:
            if file not in lost:
                yield from _merge(project, known, file, renaming, why)
        yield from _write(project, {file.new_path: file.theirs for file in lost}, why)


def _write(project: Staged, files: Mapping[str, bytes], why: str) -> Iterator[Manual]:
    possible, left = slice_files.possible(project, files, project.coming)
    for path, content in possible.items():
        ours = project.read(path)
        if ours is None or not sameness.same(merge.unix(ours), content):
            project.put(path, content, why)
    yield from left


def _removed(project: Staged, known: Generated, why: str) -> Iterator[Manual]:
    for path, base in known.now.files.items():
        ours = project.read(path)
        if ours is None:
            continue
        if known.is_unchanged(path, ours):
            project.put(path, None, why)
        else:
            project.conflicts.append(Conflict(path, base, ours))
            yield edited.kept(project, path)


def _files(change: Change, base: Finished, theirs: Finished) -> Iterator[File]:
    if change.old and change.new:
        for path, new_path in zip(paths(change.old), paths(change.new), strict=True):
            yield File(path, new_path, base.files[path], theirs.files[new_path])


def _merge(
    project: Staged, known: Generated, file: File, renaming: Renaming, why: str
) -> Iterator[Manual]:
    ours = project.read(file.path)
    if file.stays and (ours is None or renaming.applied(ours) == ours):
        return
    if ours is None:
        difference = edited.difference(file.new_path, file.base, file.theirs)
        yield Manual(file.new_path, difference, _missing(project, file.path))
        return
    content, left = _merged(project, known, file, ours, renaming)
    told = why if content == merge.like(ours, file.theirs) else f"{why}, merged"
    if file.path != file.new_path:
        project.put(file.path, None, why)
    if content != ours or file.path != file.new_path:
        project.put(file.new_path, content, told)
    yield from left


def _missing(project: Staged, path: str) -> str:
    there = project.places.with_others.get(path)
    return f"its code is in {there}, which also contains other code" if there else MISSING


def _merged(
    project: Staged, known: Generated, file: File, ours: bytes, renaming: Renaming
) -> tuple[bytes, list[Manual]]:
    """Return the new content of the file, and what is left to the user."""
    if sameness.same(merge.unix(ours), file.theirs):
        return ours, []
    difference = edited.difference(file.new_path, file.base, file.theirs)
    if lost := _lost(project, file, ours, renaming):
        return ours, [imported_tests.left(file.new_path, difference, lost)]
    if known.is_unchanged(file.path, ours):
        return merge.like(ours, file.theirs), []
    before = known.original(file.path)
    if before is None and not file.stays:
        return ours, [Manual(file.new_path, difference, known.why_unknown(file.path))]
    before = file.base if before is None or file.stays else before
    plain = known.unwired(file.path, merge.unix(ours))
    plain = style.as_usual(project, file.path, plain)
    theirs, base, result = _in_their_words(file, before, plain, renaming)
    if result is None:
        difference = edited.difference(file.new_path, base, theirs)
        kept = ours if file.path == file.new_path else renaming.applied(plain)
        return merge.like(ours, kept), [Manual(file.new_path, difference, CONFLICT)]
    left: list[Manual] = []
    if file.path.endswith(".py"):
        result, left = lost_names.kept(file.new_path, renaming.applied(plain), result)
    return style.kept(project, file.path, ours, merge.like(ours, result)), left


def _in_their_words(
    file: File, before: bytes, plain: bytes, renaming: Renaming
) -> tuple[bytes, bytes, bytes | None]:
    """Return what is rendered for the file, and what was, with the names that people gave.

    Also returns what they and `plain`, the file as it is, are merged into, None if they conflict.
    """
    own, path = own_names.given(before, plain), file.new_path
    before, theirs = (
        own_names.called(before, own),
        own_names.called(file.theirs, renaming.both(own)),
    )
    base, mine = renaming.applied(before), renaming.applied(plain)
    # First with the new words on all sides, so that only other changes can conflict.
    result = merge.three_way(path, base, mine, theirs)
    return theirs, base, result or merge.three_way(path, before, plain, theirs)


def _lost(project: Staged, file: File, ours: bytes, renaming: Renaming) -> list[str]:
    """Return the missing imports of the tests `theirs` that `ours` does not have yet."""
    if not file.path.startswith(f"{layout.TESTS}/"):
        return []
    already = imported_tests.missing(project, ours)
    own = renaming.both(own_names.given(file.base, merge.unix(ours)))
    theirs = own_names.called(file.theirs, own)
    lost = imported_tests.missing(project, theirs, coming=project.coming)
    return [one for one in lost if one not in already]
