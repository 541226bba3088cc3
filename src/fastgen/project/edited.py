"""Tells files that people edited from unchanged ones."""

import difflib
import shlex
from collections.abc import Callable
from dataclasses import dataclass

from fastgen.changes.plan import Manual
from fastgen.project import history, merge, sameness
from fastgen.project.project import Project
from fastgen.project.records import Records
from fastgen.rendering import formatting
from fastgen.slices.finish import Finished

SUFFIX = ".py"
OTHER_TEMPLATES = (
    "it was edited, the templates have changed since it was generated, and git does not have "
    "the generated file"
)


NO_RECORD = "it was edited, and there is no record of the generated file"
Unwired = Callable[[str, bytes], bytes]


def as_it_is(_: str, content: bytes) -> bytes:
    """Return the `content` of a file without wiring."""
    return content


@dataclass(frozen=True, slots=True)
class Generated:
    """Files that were generated together: what was recorded, and what is rendered for them now.

    `unwired` takes the lines of resources out of the content of one at a path.
    """

    project: Project
    records: Records
    now: Finished
    unwired: Unwired = as_it_is
    # Whether files without a record came with the project, from this template.
    assumed: bool = False

    def is_proven(self, path: str) -> bool:
        """Whether what is rendered now for `path` was rendered when the file was written."""
        if self.assumed and path not in self.records.files:
            return path in self.now.files
        return self.records.proves(path, self.now)

    def original(self, path: str) -> bytes | None:
        """Return what fastgen last wrote into the file `path`, without wiring; None if unknown.

        It is what is rendered now, if the same was rendered then, else what git has.
        """
        if self.is_proven(path):
            return self.now.files[path]
        record = self.records.files.get(path)
        if record is None or record.blob is None:
            return None
        return history.blob(self.project.root, record.blob, self.project.places.file(path))

    def is_unchanged(self, path: str, content: bytes) -> bool:
        """Whether `content` is what fastgen wrote, or would write, but for wiring and layout."""
        content, record = merge.unix(content), self.records.files.get(path)
        now = self.now.files.get(path)
        if record and record.is_of(content):
            return True
        plain = self.unwired(path, content)
        if (record and record.is_of(plain)) or self._is_one_of(path, {content, plain}, now):
            return True
        before = None if self.is_proven(path) else self.original(path)
        if before is not None:
            return self._is_one_of(path, {content, plain}, before)
        if record is None or self.is_proven(path) or not path.endswith(SUFFIX):
            return False
        # Only what identifies it is known.
        return any(record.is_of(one) for one in formatting.restyled(plain, self.project.root))

    def why_unknown(self, path: str) -> str:
        """Return why the generated content of `path` is unknown."""
        return OTHER_TEMPLATES if path in self.records.files else NO_RECORD

    def _is_one_of(self, path: str, contents: set[bytes], before: bytes | None) -> bool:
        """Whether one of `contents` is `before`, in whatever layout if it is Python."""
        if before is None or not path.endswith(SUFFIX):
            return before in contents
        return any(sameness.same(content, before) for content in contents)


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
