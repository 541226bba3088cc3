"""Finds texts in code that have the old route or the old table of a renamed resource."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastgen.changes.plan import Manual
from fastgen.engine.files import Rendered
from fastgen.engine.staged import Staged
from fastgen.messages import lines_that
from fastgen.names import layout
from fastgen.project import sources
from fastgen.system import parsing


@dataclass(frozen=True, slots=True)
class Word:
    """The old name of a route or a table, the pattern that finds it, and its new name."""

    old: str
    pattern: re.Pattern[str]
    new: str

    def is_in(self, text: str) -> bool:
        """Whether `text` contains it and refers to this project."""
        return "://" not in text and bool(self.pattern.search(text.replace(self.new, "")))


def left(project: Staged, slices: Sequence[Rendered]) -> Iterator[Manual]:
    """Yield a manual step for each file with such texts."""
    words = [*_words(slices)]
    if not words:
        return
    found = {
        project.places.usual(path)
        for folder in (layout.SOURCES, layout.TESTS)
        for path in sources.mentioning(
            project.root, folder, {word.old for word in words}, {layout.VERSIONS}
        )
    }
    for path in sorted(found | project.files.keys()):
        if path.endswith(".py") and not path.startswith(f"{layout.VERSIONS}/"):
            texts = [*_texts(project.read(path) or b"")]
            for word in words:
                yield from _told(path, word, [one for one in texts if word.is_in(str(one.value))])


def _words(slices: Sequence[Rendered]) -> Iterator[Word]:
    for change in (one.change for one in slices):
        if change.old is None or change.new is None:
            continue
        old, new = change.old.names, change.new.names
        if old.path != new.path:
            path = re.compile(rf"/{re.escape(old.path)}(?![\w.-])")
            yield Word(f"/{old.path}", path, f"/{new.path}")
        if old.table != new.table:
            sql = re.compile(rf"(?i:\b(?:from|into|update|join|table)\s+){old.table}\b")
            yield Word(old.table, sql, new.table)


def _texts(source: bytes) -> Iterator[ast.Constant]:
    """Yield the texts in `source`, without docstrings, in order."""
    try:
        tree = parsing.python_of(source)
    except ValueError:
        return
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]
    yield from sorted(found, key=lambda node: node.lineno)


def _told(path: str, word: Word, texts: Sequence[ast.Constant]) -> Iterator[Manual]:
    if texts:
        lines = sorted({one.lineno for one in texts})
        yield Manual(
            path,
            ast.unparse(texts[0]),
            f"{lines_that('still mention', lines)} {word.old}, which is now {word.new}",
        )
