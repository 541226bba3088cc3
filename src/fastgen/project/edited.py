"""Files of a slice that people may have edited: what can be changed in them, and what not."""

import difflib
from dataclasses import dataclass

from fastgen import formatting
from fastgen.changes.plan import Change, Edit, Manual
from fastgen.project import imported_tests, merge, sameness, slices
from fastgen.project.place import Project
from fastgen.project.resources import Entry
from fastgen.slices.digests import digest
from fastgen.slices.make import Made

OTHER_TEMPLATES = "it was edited, and the templates that it was made by have changed since"


@dataclass(frozen=True, slots=True)
class Merged:
    """The changes that are safe, and what is left to the person."""

    changes: tuple[Change, ...]
    manual: tuple[Manual, ...]


def is_unchanged(project: Project, entry: Entry, base: Made, path: str, content: bytes) -> bool:
    """Whether `content` is what fastgen wrote, perhaps wired and formatted anew since then."""
    if base.render == entry.render and sameness.same(merge.unix(content), base.files[path]):
        return True
    plain = slices.unwired(project, entry.resource, path, merge.unix(content))
    known = entry.files.get(path)
    if digest(plain) == known:
        return True
    # What other templates made is not there to compare with, only its digest.
    return base.render != entry.render and any(
        digest(one) == known for one in formatting.restyled(plain, project.root)
    )


def merged(project: Project, entry: Entry, base: Made, theirs: Made) -> Merged:
    """Return how the slice of `entry` becomes `theirs`, with what people changed in it kept.

    `base` is the slice as `entry` says it was made. Raises `Refused` for an unreadable file.
    """
    contents = {path: project.read(path) for path in theirs.files}
    steps = [
        _step(project, entry, base, path, contents[path], wanted)
        for path, wanted in theirs.files.items()
        if wanted != base.files[path]
    ]
    return Merged(
        tuple(step for step in steps if isinstance(step, Edit)),
        tuple(step for step in steps if isinstance(step, Manual)),
    )


def _step(
    project: Project, entry: Entry, base: Made, path: str, ours: bytes | None, wanted: bytes
) -> Edit | Manual | None:
    old = base.files[path]
    if ours is None:
        return Manual(path, difference(path, old, wanted), "the file is not there")
    if sameness.same(merge.unix(ours), wanted):
        return None
    if lost := _lost(project, path, ours, wanted):
        return imported_tests.left(path, difference(path, old, wanted), lost)
    if is_unchanged(project, entry, base, path, ours):
        return Edit(path, ours, merge.like(ours, wanted), "the fields")
    known = base.render == entry.render
    result = merge.three_way(old, ours, wanted) if known else None
    if result is None:
        reason = "what was edited in it is in the way of this change" if known else OTHER_TEMPLATES
        return Manual(path, difference(path, old, wanted), reason)
    return None if result == ours else Edit(path, ours, result, "the fields, merged")


def _lost(project: Project, path: str, ours: bytes, wanted: bytes) -> list[str]:
    """Return what the tests `wanted` import that is not there, unless they do so already."""
    if not path.startswith(f"{imported_tests.FOLDER}/"):
        return []
    already = imported_tests.missing(project, ours)
    return [one for one in imported_tests.missing(project, wanted) if one not in already]


def difference(path: str, old: bytes, new: bytes) -> str:
    """Return what to change by hand, as a diff."""
    before, after = (text.decode(errors="replace").splitlines() for text in (old, new))
    return "\n".join(difflib.unified_diff(before, after, f"a/{path}", f"b/{path}", lineterm=""))
