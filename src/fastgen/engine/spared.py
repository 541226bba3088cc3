"""Finds names that contain a word of a renamed resource but mean something else."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from fastgen.engine.files import Rendered
from fastgen.engine.staged import Staged
from fastgen.names import layout
from fastgen.project import sources
from fastgen.slices.render import paths
from fastgen.slices.spellings import respelled
from fastgen.system import parsing
from fastgen.wiring.classes import ClassFound, find_classes

NAME = re.compile(r"[A-Za-z_]\w*")
# A constraint or an index that people named: the migration does not rename it.
CONSTRAINT = re.compile("(ck|fk|ix|pk|uq)_")
# The keys of every list's response, whatever its rows are called.
PAGE = frozenset({"items", "next", "total"})
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Spared:
    """Names that are not replaced, some of them only in certain places."""

    # Longer names that the slice has anyway, or that modules mention which are not renamed.
    names: frozenset[str] = NOTHING
    # Texts that the slice also has by its new name.
    texts: frozenset[str] = NOTHING
    # Columns and attributes of tables that people wrote, and the classes that have them.
    columns: frozenset[str] = NOTHING
    # References with the old name of the resource.
    fields: frozenset[str] = NOTHING
    classes: frozenset[str] = NOTHING

    def stays(self, match: re.Match[str]) -> bool:
        """Whether the match in a source must not be replaced."""
        text = match.string
        start, end = _name_around(text, match.start(), match.end())
        name, before, after = text[start:end], text[start - 1 : start], text[end : end + 1]
        if name in self.names:
            return True
        if before and before in "\"'" and before == after:
            return name in self.texts or name in self.columns
        of_keyword = after == "=" and text[end + 1 : end + 2] not in {"=", " "}
        owner = NAME.findall(text[max(0, start - 60) : start - 1])[-1:] if before == "." else []
        if name in self.columns and (
            of_keyword
            or text.startswith(": Mapped[", end)
            or not self.classes.isdisjoint(owner)
            or owner == ["c"]
        ):
            return True
        if name in self.fields:
            return of_keyword or before == "."
        if name in PAGE:
            return of_keyword or (owner != [] and not owner[0][0].isupper())
        # A method, such as `dict.values`.
        return before == "." and after == "(" and name == match[0]


def of(
    project: Staged, slices: Iterable[Rendered], own: Rendered, words: Collection[str]
) -> Spared:
    """Return the names in the slice `own` that stay when `words` are replaced."""
    if not words or own.change.old is None or own.base is None or own.theirs is None:
        return Spared()
    olds = [one.change.old for one in slices if one.change.old]
    changed = {project.places.file(path) for old in olds for path in paths(old)}
    model, cls = layout.model(own.change.old.names), own.change.old.names.cls
    mine = {path: project.read(path) or b"" for path in paths(own.change.old)}
    others = [
        one
        for path in sources.mentioning(project.root, layout.MODELS, words)
        if path not in changed
        for one in _tables(project.read(path) or b"")
    ]
    tables = [*others, *(one for one in _tables(mine[model]) if one.name != cls)]
    theirs = [*own.theirs.files.values()]
    kept = _longer(theirs, words)
    given = _longer(mine.values(), words) - _longer(own.base.files.values(), words)
    fields = own.change.new.fields if own.change.new else ()
    return Spared(
        frozenset({*kept, *_elsewhere(project, given, changed), *filter(CONSTRAINT.match, given)}),
        frozenset(word for word in words if any(f'"{word}"'.encode() in one for one in theirs)),
        frozenset(name for one in tables for name in one.attributes),
        frozenset(one.name for one in fields),
        frozenset(one.name for one in tables if one.attributes),
    )


def _name_around(text: str, start: int, end: int) -> tuple[int, int]:
    while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return start, end


def _names(source: bytes) -> set[str]:
    return {*NAME.findall(source.decode(errors="replace"))}


def _longer(texts: Iterable[bytes], words: Collection[str]) -> set[str]:
    """Return the names in `texts` that have one of `words` in them."""
    found = {name for one in texts for name in _names(one)} - {*words}
    marked = dict.fromkeys(words, " ")
    return {name for name in found if respelled(name, marked) != name}


def _elsewhere(project: Staged, names: set[str], changed: Collection[str]) -> Iterator[str]:
    """Yield the `names` that occur in a file other than those `changed`."""
    for folder in (layout.SOURCES, layout.TESTS) if names else ():
        for path in sources.mentioning(project.root, folder, names):
            if path not in changed:
                yield from names & _names(project.read(path) or b"")


def _tables(source: bytes) -> Iterator[ClassFound]:
    """Yield the classes with tables, and tables without a class, of a module of models."""
    yield from (one for one in find_classes(source) if one.table)
    try:
        tree = parsing.python_of(source)
    except ValueError:
        return
    for node in tree.body:
        value = getattr(node, "value", None)
        if isinstance(value, ast.Call) and ast.unparse(value.func).endswith("Table"):
            yield ClassFound("", "", [*_columns(value)], None, [])


def _columns(table: ast.Call) -> Iterator[str]:
    for one in table.args:
        if isinstance(one, ast.Call) and ast.unparse(one.func).endswith("Column") and one.args:
            first = one.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
