"""Formats inserted lines in the style of the project."""

import difflib
from collections.abc import Sequence

from fastgen.project import merge, sameness
from fastgen.project.project import Project
from fastgen.rendering import formatting, ruff_settings
from fastgen.system import parsing, safe_files
from fastgen.wiring.line_breaks import WIDTH

# The settings of a new project for lines and imports.
USUAL = {"line-length", "target-version", "lint"}
SORTING = {"known-first-party"}


def styled(project: Project, path: str, before: bytes, after: bytes) -> bytes:
    """Return `after`, an edit of `before`, with its new lines formatted in the project's style.

    The other lines and the meaning of the file stay the same.
    """
    try:
        old, new = merge.unix(before).decode(), merge.unix(after).decode()
    except UnicodeDecodeError:
        return after
    if _is_usual(project):
        return after
    text = formatting.lines_formatted(new, path, project.root, _new_lines(old, new))
    if formatting.imports_sorted(old, path, project.root) == old:
        text = formatting.imports_sorted(text, path, project.root)
    result = merge.like(after, text.encode())
    return result if sameness.same(merge.unix(after), text.encode()) else after


def as_usual(project: Project, path: str, content: bytes) -> bytes:
    """Return `content`, in which modules have their usual names, with its imports in their order.

    Imports that were not sorted before either stay as they are.
    """
    try:
        text, there = content.decode(), project.places.written(content).decode()
    except UnicodeDecodeError:
        return content
    if text == there or formatting.imports_sorted(there, path, project.root) != there:
        return content
    return formatting.imports_sorted(text, path, project.root, formatting.JOINED).encode()


def settled(project: Project, path: str, before: bytes, after: bytes) -> bytes:
    """Return `after`, in which names are longer or shorter than in `before`, in its style again."""
    try:
        old, new = merge.unix(before).decode(), merge.unix(after).decode()
    except UnicodeDecodeError:
        return after
    text = formatting.lines_formatted(new, path, project.root, _new_lines(old, new))
    if formatting.imports_sorted(old, path, project.root) == old:
        text = formatting.imports_sorted(text, path, project.root)
    return merge.like(after, text.encode())


def kept(project: Project, path: str, before: bytes, after: bytes) -> bytes:
    """Return `after`, into which the file `before` was merged, formatted if `before` is."""
    try:
        old, new = merge.unix(before).decode(), merge.unix(after).decode()
    except UnicodeDecodeError:
        return after
    for format_ in (formatting.file_formatted, formatting.imports_sorted):
        if format_(old, path, project.root) == old:
            new = format_(new, path, project.root)
    return merge.like(after, new.encode())


def _is_usual(project: Project) -> bool:
    """Whether the project has the style of a new one, in which lines are inserted anyway."""
    file = ruff_settings.file_of(project.root)
    try:
        content = safe_files.read_regular(file, safe_files.LARGE)
        found = parsing.toml_of(content)["tool"]["ruff"]
        sorting = found["lint"].get("isort", {})
        usual = found.keys() <= USUAL and sorting.keys() <= SORTING
        return usual and bool(found["line-length"] == WIDTH)
    except (OSError, ValueError, KeyError, AttributeError):
        return False


def _new_lines(old: str, new: str) -> Sequence[range]:
    matcher = difflib.SequenceMatcher(None, old.splitlines(), new.splitlines(), autojunk=False)
    return [
        range(start + 1, end + 1)
        for kind, _, _, start, end in matcher.get_opcodes()
        if kind in {"insert", "replace"}
    ]
