"""Changes the files of a slice, which people may have edited."""

import difflib
import shlex

from fastgen.changes.plan import Manual
from fastgen.project import history, merge, sameness, slice_files
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.rendering import formatting
from fastgen.slices.digests import digest
from fastgen.slices.finish import Finished

OTHER_TEMPLATES = "it was edited, and the templates have changed since it was generated"


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
