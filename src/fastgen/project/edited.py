"""Files of a slice that people may have edited: what can be changed in them, and what not."""

import difflib
from dataclasses import dataclass

from fastgen.changes.plan import Change, Edit, Manual
from fastgen.project import merge
from fastgen.project.place import Project
from fastgen.project.resources import Entry
from fastgen.slices.digests import digest
from fastgen.slices.make import Made


@dataclass(frozen=True, slots=True)
class Merged:
    """The changes that are safe, and what is left to the person."""

    changes: tuple[Change, ...]
    manual: tuple[Manual, ...]


def is_unchanged(entry: Entry, base: Made, path: str, content: bytes) -> bool:
    """Whether `content` is what fastgen wrote, perhaps formatted anew since then."""
    plain = merge.unix(content)
    if digest(plain) == entry.files.get(path):
        return True
    return base.render == entry.render and plain == base.files[path]


def merged(project: Project, entry: Entry, base: Made, theirs: Made) -> Merged:
    """Return how the slice of `entry` becomes `theirs`, with what people changed in it kept.

    `base` is the slice as `entry` says it was made. Raises `Refused` for an unreadable file.
    """
    contents = {path: project.read(path) for path in theirs.files}
    steps = [
        _step(entry, base, path, contents[path], wanted)
        for path, wanted in theirs.files.items()
        if wanted != base.files[path]
    ]
    return Merged(
        tuple(step for step in steps if isinstance(step, Edit)),
        tuple(step for step in steps if isinstance(step, Manual)),
    )


def _step(
    entry: Entry, base: Made, path: str, ours: bytes | None, wanted: bytes
) -> Edit | Manual | None:
    old = base.files[path]
    if ours is None:
        return Manual(path, difference(path, old, wanted), "the file is not there")
    if merge.unix(ours) == wanted:
        return None
    if is_unchanged(entry, base, path, ours):
        return Edit(path, ours, merge.like(ours, wanted), "the fields")
    if base.render != entry.render:
        reason = "it was edited, and the templates that it was made by have changed since"
        return Manual(path, difference(path, old, wanted), reason)
    result = merge.three_way(old, ours, wanted)
    if result is None:
        reason = "what was edited in it is in the way of this change"
        return Manual(path, difference(path, old, wanted), reason)
    return None if result == ours else Edit(path, ours, result, "the fields, merged")


def difference(path: str, old: bytes, new: bytes) -> str:
    """Return what to change by hand, as a diff."""
    before, after = (text.decode(errors="replace").splitlines() for text in (old, new))
    return "\n".join(difflib.unified_diff(before, after, f"a/{path}", f"b/{path}", lineterm=""))
