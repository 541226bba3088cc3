"""A Python file as text and syntax tree, and verified edits of both."""

import ast
import io
import re
import tokenize
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Self

from fastgen.system import parsing

LINE_END = re.compile(r"\r\n|\r|\n")


class Unclear(Exception):
    """The file cannot be edited safely; editors turn this into `CannotWire`."""

    def __init__(self, reason: str, snippet: str | None = None) -> None:
        """Keep the `reason`, and the lines to paste if they differ from the editor's own."""
        super().__init__(reason)
        self.reason = reason
        self.snippet = snippet


@dataclass(frozen=True, slots=True)
class Splice:
    """A replacement of the text between two offsets."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Module:
    """A file's text and syntax tree; an edit changes the tree, then the text to match."""

    text: str
    encoding: str
    tree: ast.Module

    @classmethod
    def read(cls, source: bytes) -> Self:
        """Decode and parse `source`; raises `Unclear`."""
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
            text = source.decode(encoding)
            if text.encode(encoding) != source:
                raise Unclear(f"its encoding, {encoding}, does not give the same bytes back")
        except (SyntaxError, ValueError, LookupError) as error:
            raise Unclear("it cannot be decoded as Python source") from error
        return cls(text, encoding, _parsed(text))

    def encoded(self) -> bytes:
        """Return the file's bytes; raises `Unclear` if its encoding lacks a character."""
        try:
            return self.text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise Unclear(f"its encoding, {self.encoding}, cannot hold the new lines") from error

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each line, and of the end if the last line has a newline."""
        return [0, *(match.end() for match in LINE_END.finditer(self.text))]

    @property
    def line_count(self) -> int:
        """The number of lines, including a last one without a newline."""
        return len(self.starts) - (self.starts[-1] == len(self.text))

    def line_start(self, number: int) -> int:
        """Return the offset of the line `number` (from 1), or the end of the text."""
        return self.starts[number - 1] if number <= len(self.starts) else len(self.text)

    def line(self, number: int) -> str:
        """Return the line `number` with its newline; empty outside of the file."""
        if number < 1:
            return ""
        return self.text[self.line_start(number) : self.line_start(number + 1)]

    def is_blank(self, number: int) -> bool:
        """Whether the line `number` exists and is blank."""
        line = self.line(number)
        return bool(line) and not line.strip()

    def newline_at(self, number: int) -> str:
        """Return the newline for a line inserted before the line `number`: its neighbour's."""
        for neighbour in (number - 1, number - 2, number):
            if found := LINE_END.search(self.line(neighbour)):
                return found[0]
        return "\n"

    def offset(self, line: int, column: int) -> int:
        """Return the offset in the text of a position in the tree; columns count UTF-8 bytes."""
        head = self.line(line).encode()[:column]
        return self.line_start(line) + len(head.decode(errors="replace"))

    def span(self, node: ast.stmt | ast.expr | ast.alias) -> tuple[int, int]:
        """Return the offsets of the start and the end of `node`."""
        start = self.offset(node.lineno, node.col_offset)
        return start, self.offset(node.end_lineno or 0, node.end_col_offset or 0)

    def indentation(self, statement: ast.stmt) -> str:
        """Return the text before `statement` on its line; raises `Unclear` if that is code."""
        start = self.offset(statement.lineno, statement.col_offset)
        before = self.text[self.line_start(statement.lineno) : start]
        if before.strip():
            raise Unclear(f"line {statement.lineno} holds more than one statement")
        return before

    def spliced(self, splices: Sequence[Splice]) -> "Module":
        """Return the module with `splices` applied, which must not overlap.

        The caller has changed `tree` to the intended result and must not use this module
        afterwards; raises `Unclear` when the new text has another meaning.
        """
        text = self.text
        for splice in sorted(splices, key=lambda splice: splice.start, reverse=True):
            text = text[: splice.start] + splice.text + text[splice.end :]
        tree = _parsed(text)
        if not _alike(tree, self.tree):
            raise Unclear("the lines around it would change their meaning")
        return Module(text, self.encoding, tree)


def blocks(tree: ast.AST) -> Iterator[tuple[ast.AST, list[ast.stmt]]]:
    """Yield every list of statements in `tree` with its parent node, outer first."""
    waiting = deque([tree])
    while waiting:
        node = waiting.popleft()
        for field in _with_statements(node._fields):
            inner = getattr(node, field)
            if isinstance(inner, list) and inner:
                # A handler or a case contains statements but is not a statement.
                if isinstance(inner[0], ast.stmt):
                    yield node, inner
                waiting.extend(inner)


@cache
def _with_statements(fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the `fields` of a node that may have statements."""
    having = ("body", "handlers", "orelse", "finalbody", "cases")
    return tuple(field for field in having if field in fields)


def _alike(one: ast.AST, other: ast.AST) -> bool:
    """Whether two trees are the same, in less time than their dumps take."""
    left: list[tuple[Any, Any]] = [(one, other)]
    while left:
        mine, theirs = left.pop()
        if type(mine) is not type(theirs):
            return False
        if isinstance(mine, ast.AST):
            for name in mine._fields:
                pair = getattr(mine, name, None), getattr(theirs, name, None)
                # Most are: the parser has each name once.
                if pair[0] is not pair[1]:
                    left.append(pair)
        elif isinstance(mine, list):
            if len(mine) != len(theirs):
                return False
            left += zip(mine, theirs, strict=True)
        elif mine != theirs:
            return False
    return True


def _parsed(text: str) -> ast.Module:
    try:
        return parsing.python_of(text)
    except ValueError as error:
        raise Unclear(f"this Python cannot parse it: {error}") from error
