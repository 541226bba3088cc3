"""Inserts statements on their own lines, and removes them."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from fastgen.wiring.source import Module, Splice, Unclear


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for a statement: at `index` in `block`, before `line` in the text."""

    block: list[ast.stmt]
    index: int
    line: int
    indentation: str


def first_line(statement: ast.stmt) -> int:
    """Return the first line of `statement`, including its decorators."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def last_line(statement: ast.stmt) -> int:
    """Return the last line of `statement`."""
    return statement.end_lineno or statement.lineno


def after(module: Module, block: list[ast.stmt], statement: ast.stmt) -> Spot:
    """Return the spot below `statement`; raises `Unclear` if other code precedes it on its line."""
    index = block.index(statement)
    indentation = module.indentation(statement)
    # A statement after a semicolon is on the same line.
    while index + 1 < len(block) and block[index + 1].lineno <= last_line(block[index]):
        index += 1
    return Spot(block, index + 1, last_line(block[index]) + 1, indentation)


def before(module: Module, block: list[ast.stmt], statement: ast.stmt) -> Spot:
    """Return the spot above `statement`; raises `Unclear` if it shares its line."""
    index = block.index(statement)
    return Spot(block, index, first_line(statement), module.indentation(statement))


def insert(
    module: Module,
    spot: Spot,
    code: Sequence[str],
    *,
    blank_before: int = 0,
    blank_after: int = 0,
) -> Module:
    """Insert the single statement with the lines `code` at `spot`, with blank lines around it.

    Raises `Unclear` when that would change the meaning of the code around it.
    """
    spot.block.insert(spot.index, ast.parse("\n".join(code)).body[0])
    newline = module.newline_at(spot.line)
    lines = ["" for _ in range(blank_before)]
    lines += [spot.indentation + line for line in code]
    lines += ["" for _ in range(blank_after)]
    at = module.line_start(spot.line)
    unfinished = spot.line > module.line_count and module.starts[-1] != len(module.text)
    if unfinished:
        text = "".join(newline + line for line in lines)
    else:
        text = "".join(line + newline for line in lines)
    return module.spliced([Splice(at, at, text)])


def remove(
    module: Module,
    block: list[ast.stmt],
    statement: ast.stmt,
    *,
    blank_before: int = 0,
    blank_after: int = 0,
) -> Module:
    """Remove the lines of `statement`, and the given numbers of blank lines around them.

    Raises `Unclear` when it shares its lines with other code or its block would be empty.
    """
    module.indentation(statement)
    _, end = module.span(statement)
    tail = module.text[end : module.line_start(last_line(statement) + 1)].strip()
    if tail and not tail.startswith("#"):
        raise Unclear(f"line {last_line(statement)} holds more than one statement")
    if len(block) == 1 and block is not module.tree.body:
        raise Unclear(f"line {statement.lineno} is the only statement of its block")
    first = first_line(statement) - blank_before
    last = last_line(statement) + blank_after
    block.remove(statement)
    return module.spliced([lines_cut(module, first, last)])


def lines_cut(module: Module, first: int, last: int) -> Splice:
    """Return the splice that removes whole lines and keeps the end of the file."""
    start, end = module.line_start(first), module.line_start(last + 1)
    unfinished = end == len(module.text) and module.starts[-1] != len(module.text)
    if unfinished and first > 1:
        start -= len(module.newline_at(first))
    return Splice(start, end, "")
