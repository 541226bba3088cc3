"""A Python file as text and tree together, and the verified way from one to the next."""

import ast
import io
import re
import tokenize
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from fastgen import parsing

LINE_END = re.compile(r"\r\n|\r|\n")


class Unclear(Exception):
    """The file cannot be edited with certainty; inside, editors answer `CannotWire`."""

    def __init__(self, reason: str, snippet: str | None = None) -> None:
        """Keep the `reason`, and the lines to paste where they are known better here."""
        super().__init__(reason)
        self.reason = reason
        self.snippet = snippet


@dataclass(frozen=True, slots=True)
class Splice:
    """The text between two offsets, and what stands there instead."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Module:
    """A file's text and its tree; an edit changes the tree, then splices the text to match."""

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
        """Return the file's bytes; raises `Unclear` where its encoding lacks a character."""
        try:
            return self.text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise Unclear(f"its encoding, {self.encoding}, cannot hold the new lines") from error

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each line, and of the end if the last line is a whole one."""
        return [0, *(match.end() for match in LINE_END.finditer(self.text))]

    @property
    def line_count(self) -> int:
        """How many lines there are, a last one without a newline included."""
        return len(self.starts) - (self.starts[-1] == len(self.text))

    def line_start(self, number: int) -> int:
        """Return the offset where the line of that number (from 1) starts, or the text's end."""
        return self.starts[number - 1] if number <= len(self.starts) else len(self.text)

    def line(self, number: int) -> str:
        """Return the line of that number with its newline; empty outside of the file."""
        if number < 1:
            return ""
        return self.text[self.line_start(number) : self.line_start(number + 1)]

    def is_blank(self, number: int) -> bool:
        """Whether a line of that number is there and holds nothing."""
        line = self.line(number)
        return bool(line) and not line.strip()

    def newline_at(self, number: int) -> str:
        """Return the newline that a line put before that one gets: its neighbour's."""
        for neighbour in (number - 1, number - 2, number):
            if found := LINE_END.search(self.line(neighbour)):
                return found[0]
        return "\n"

    def offset(self, line: int, column: int) -> int:
        """Return where in the text a position of the tree (a column in UTF-8) is."""
        head = self.line(line).encode()[:column]
        return self.line_start(line) + len(head.decode(errors="replace"))

    def span(self, node: ast.stmt | ast.expr | ast.alias) -> tuple[int, int]:
        """Return where `node` starts and ends in the text."""
        start = self.offset(node.lineno, node.col_offset)
        return start, self.offset(node.end_lineno or 0, node.end_col_offset or 0)

    def indentation(self, statement: ast.stmt) -> str:
        """Return what is before `statement` on its line; raises `Unclear` if that is code."""
        start = self.offset(statement.lineno, statement.col_offset)
        before = self.text[self.line_start(statement.lineno) : start]
        if before.strip():
            raise Unclear(f"line {statement.lineno} holds more than one statement")
        return before

    def spliced(self, splices: Sequence[Splice]) -> "Module":
        """Return the module with `splices` (which do not overlap) made.

        The caller has changed `tree` to what it means to get, and does not use this module
        any more; raises `Unclear` when the text means anything else.
        """
        text = self.text
        for splice in sorted(splices, key=lambda splice: splice.start, reverse=True):
            text = text[: splice.start] + splice.text + text[splice.end :]
        tree = _parsed(text)
        if ast.dump(tree) != ast.dump(self.tree):
            raise Unclear("the lines around the place would change their meaning")
        return Module(text, self.encoding, tree)


def blocks(tree: ast.AST) -> Iterator[tuple[ast.AST, list[ast.stmt]]]:
    """Yield every list of statements in `tree` with the node that it belongs to, outer first."""
    waiting = deque([tree])
    while waiting:
        node = waiting.popleft()
        for field in ("body", "handlers", "orelse", "finalbody", "cases"):
            inner = getattr(node, field, None)
            if isinstance(inner, list) and inner:
                # A handler or a case holds statements, but is none.
                if isinstance(inner[0], ast.stmt):
                    yield node, inner
                waiting.extend(inner)


def _parsed(text: str) -> ast.Module:
    try:
        return parsing.python_of(text)
    except ValueError as error:
        raise Unclear(f"this Python cannot parse it: {error}") from error
