"""Files of a slice that people may have edited: what can be changed in them, and what not."""

import ast
import difflib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastgen import git, processes
from fastgen.changes.plan import Change, Edit, Manual
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
    if digest(content) == entry.files.get(path):
        return True
    return base.render == entry.render and content == base.files[path]


def merged(project: Project, entry: Entry, base: Made, theirs: Made) -> Merged:
    """Return how the slice of `entry` becomes `theirs`, with what people changed in it kept.

    `base` is the slice as `entry` says it was made.
    """
    changes: list[Change] = []
    manual: list[Manual] = []
    for path, wanted in theirs.files.items():
        ours, old = project.read(path), base.files[path]
        if wanted in (ours, old):
            continue
        if ours is None:
            manual.append(Manual(path, difference(path, old, wanted), "the file is not there"))
        elif is_unchanged(entry, base, path, ours):
            changes.append(Edit(path, ours, wanted, "the fields"))
        elif base.render != entry.render:
            reason = f"it was edited, and made by other templates (fastgen {entry.version})"
            manual.append(Manual(path, difference(path, old, wanted), reason))
        else:
            result = _merge(old, ours, wanted)
            if result is None:
                reason = "what you changed in it is in the way"
                manual.append(Manual(path, difference(path, old, wanted), reason))
            elif result != ours:
                changes.append(Edit(path, ours, result, "the fields, merged"))
    return Merged(tuple(changes), tuple(manual))


def difference(path: str, old: bytes, new: bytes) -> str:
    """Return what to change by hand, as a diff."""
    before, after = (text.decode(errors="replace").splitlines() for text in (old, new))
    return "\n".join(difflib.unified_diff(before, after, f"a/{path}", f"b/{path}", lineterm=""))


def _merge(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Merge two versions of a module, nothing when they contradict or git is not there."""
    if not git.available():
        return None
    sides: Mapping[str, bytes] = {"ours": ours, "base": base, "theirs": theirs}
    newline = b"\r\n" if b"\r\n" in ours else b"\n"
    with tempfile.TemporaryDirectory(prefix="fastgen-") as folder:
        for name, content in sides.items():
            plain = content.replace(b"\r\n", b"\n")
            Path(folder, name).write_bytes(plain)
        done = processes.run(["git", "merge-file", *sides], cwd=Path(folder))
        result = Path(folder, "ours").read_bytes()
    if done.code != 0 or not _is_python(result):
        return None
    return result.replace(b"\n", newline)


def _is_python(source: bytes) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True
