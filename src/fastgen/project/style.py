"""Gives lines that were put into a file the style that the project has."""

import difflib
from collections.abc import Sequence

from fastgen import formatting, parsing, ruff_settings, safe_files
from fastgen.project import merge, sameness
from fastgen.project.place import Project
from fastgen.wiring.layout import WIDTH

# What the settings of a new project say of lines and imports.
USUAL = {"line-length", "target-version", "lint"}
SORTING = {"known-first-party"}


def styled(project: Project, path: str, before: bytes, after: bytes) -> bytes:
    """Return `after`, which was `before`, with what is new in it laid out as the project does.

    Its other lines stay as they are, and so does what it means.
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


def _is_usual(project: Project) -> bool:
    """Whether the project's settings are those of a new one, which editors keep to anyway."""
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
