"""Changes the files of a slice, which people may have edited."""

import difflib
from dataclasses import dataclass

from fastgen.changes.plan import Change, Edit, Manual
from fastgen.names import layout
from fastgen.project import imported_tests, merge, sameness, slice_files
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.rendering import formatting
from fastgen.slices.digests import digest
from fastgen.slices.finish import Finished

OTHER_TEMPLATES = "it was edited, and the templates have changed since it was generated"


@dataclass(frozen=True, slots=True)
class Merged:
    """The safe changes, and what is left to the user."""

    changes: tuple[Change, ...]
    manual: tuple[Manual, ...]


def is_unchanged(project: Project, entry: Entry, base: Finished, path: str, content: bytes) -> bool:
    """Whether `content` is what fastgen wrote, apart from wiring and formatting."""
    if base.render == entry.render and sameness.same(merge.unix(content), base.files[path]):
        return True
    plain = slice_files.unwired(project, entry.resource, path, merge.unix(content))
    known = entry.files.get(path)
    if digest(plain) == known:
        return True
    # If other templates made it, only its digest is known.
    return base.render != entry.render and any(
        digest(one) == known for one in formatting.restyled(plain, project.root)
    )


def merged(project: Project, entry: Entry, base: Finished, theirs: Finished) -> Merged:
    """Return the changes that turn the slice of `entry` into `theirs` and keep people's edits.

    `base` is the slice as it was generated for `entry`. Raises `Refused` for an unreadable file.
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
    project: Project, entry: Entry, base: Finished, path: str, ours: bytes | None, wanted: bytes
) -> Edit | Manual | None:
    old = base.files[path]
    if ours is None:
        return Manual(path, difference(path, old, wanted), "the file is missing")
    if sameness.same(merge.unix(ours), wanted):
        return None
    if lost := _lost(project, path, ours, wanted):
        return imported_tests.left(path, difference(path, old, wanted), lost)
    if is_unchanged(project, entry, base, path, ours):
        return Edit(path, ours, merge.like(ours, wanted), "the fields")
    known = base.render == entry.render
    result = merge.three_way(old, ours, wanted) if known else None
    if result is None:
        reason = "the edits in it conflict with this change" if known else OTHER_TEMPLATES
        return Manual(path, difference(path, old, wanted), reason)
    return None if result == ours else Edit(path, ours, result, "the fields, merged")


def _lost(project: Project, path: str, ours: bytes, wanted: bytes) -> list[str]:
    """Return the missing imports of the tests `wanted` that `ours` does not have yet."""
    if not path.startswith(f"{layout.TESTS}/"):
        return []
    already = imported_tests.missing(project, ours)
    return [one for one in imported_tests.missing(project, wanted) if one not in already]


def difference(path: str, old: bytes, new: bytes) -> str:
    """Return the change to make by hand, as a diff."""
    before, after = (text.decode(errors="replace").splitlines() for text in (old, new))
    return "\n".join(difflib.unified_diff(before, after, f"a/{path}", f"b/{path}", lineterm=""))
