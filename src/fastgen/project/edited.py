"""Changes the files of a slice, which people may have edited."""

import difflib
import shlex

from fastgen.changes.plan import Manual
from fastgen.project import history, merge, sameness, slice_files
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.rendering import formatting
from fastgen.slices.finish import Finished

OTHER_TEMPLATES = (
    "it was edited, the templates have changed since it was generated, and git does not have "
    "what was generated"
)


def is_unchanged(project: Project, entry: Entry, base: Finished, path: str, content: bytes) -> bool:
    """Whether `content` is what fastgen wrote, apart from wiring and formatting."""
    content, before = merge.unix(content), original(project, entry, base, path)
    if before is not None and sameness.same(content, before):
        return True
    plain = slice_files.unwired(project, entry.resource, path, content)
    record = entry.files.get(path)
    if record is None or record.is_of(plain):
        return record is not None
    if before is not None:
        return sameness.same(plain, before)
    # Only what identifies it is known.
    return any(record.is_of(one) for one in formatting.restyled(plain, project.root))


def original(project: Project, entry: Entry, base: Finished, path: str) -> bytes | None:
    """Return what fastgen last wrote into the file `path`, without wiring; None if nobody knows.

    It is what is rendered now, `base`, if the same was rendered then, else what git has.
    """
    if is_proven(entry, base, path):
        return base.files[path]
    record = entry.files.get(path)
    return history.blob(project.root, record.blob) if record and record.blob else None


def is_proven(entry: Entry, base: Finished, path: str) -> bool:
    """Whether what is rendered now for the file `path` was rendered when it was written."""
    if not entry.files:
        # Nothing was added to accounts yet: their files came with the project, from this template.
        return True
    record = entry.files.get(path)
    if record and record.render:
        return record.render == base.renders[path]
    return entry.render == base.render


def kept(project: Project, path: str) -> Manual:
    """Return the manual step for an edited file of a slice that is removed."""
    quoted = shlex.quote(path)
    in_git = history.is_kept(project.root)
    ways = f"git rm {quoted}    # or, to keep it: git add {quoted}" if in_git else f"rm {quoted}"
    return Manual(path, ways, "it was edited: save what you need, then remove it")


def difference(path: str, old: bytes, new: bytes) -> str:
    """Return the change to make by hand, as a diff."""
    before, after = (text.decode(errors="replace").splitlines() for text in (old, new))
    return "\n".join(difflib.unified_diff(before, after, f"a/{path}", f"b/{path}", lineterm=""))
