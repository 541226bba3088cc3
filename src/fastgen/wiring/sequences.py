"""Adds elements to lists in the source, and removes them.

An element is a name of a `from … import`, a string of an `__all__`, or a router.
"""

import ast
import re
from collections.abc import Sequence

from fastgen.wiring.line_breaks import UNIT, fits
from fastgen.wiring.source import Module, Splice, Unclear
from fastgen.wiring.statements import lines_cut

Element = ast.alias | ast.expr
Spans = list[tuple[int, int]]
COMMA = re.compile(r"\s*,")


def adding(
    module: Module, statement: ast.stmt, elements: Sequence[Element], index: int, text: str
) -> Splice:
    """Return the splice that puts `text` among `elements` (at least one) of `statement`.

    A line that becomes too long is broken, one element per line. Raises `Unclear` if a comment
    would end up beside another element.
    """
    spans = [module.span(element) for element in elements]
    texts = [module.text[start:end] for start, end in spans]
    texts.insert(index, text)
    start, end = module.span(statement)
    broken = _broken(module, statement, spans, texts)
    if broken is not None:
        return Splice(start, end, broken)
    if _one_per_line(module, elements, spans):
        return _new_line(module, elements, spans, index, text)
    if index == len(spans):
        return Splice(spans[-1][1], spans[-1][1], f", {text}")
    return Splice(spans[index][0], spans[index][0], f"{text}, ")


def removing(
    module: Module,
    statement: ast.stmt,
    elements: Sequence[Element],
    index: int,
    *,
    joins: bool = True,
) -> Splice:
    """Return the splice that removes one of `elements` (at least two) from `statement`.

    Lines that `adding` broke are joined again if `joins` is set. Raises `Unclear` if a comment
    would be removed.
    """
    spans = [module.span(element) for element in elements]
    joined = _joined(module, statement, spans, index) if joins else None
    if joined is not None:
        return Splice(*module.span(statement), joined)
    start, end = spans[index]
    if _one_per_line(module, elements, spans) and COMMA.match(module.text, end):
        return lines_cut(module, elements[index].lineno, elements[index].end_lineno or 0)
    if index == len(spans) - 1:
        start = spans[index - 1][1]
    else:
        end = spans[index + 1][0]
    if "#" in module.text[start:end]:
        raise Unclear(f"line {elements[index].lineno} has a comment in its list")
    return Splice(start, end, "")


def _one_per_line(module: Module, elements: Sequence[Element], spans: Spans) -> bool:
    return all(
        not module.text[module.line_start(element.lineno) : start].strip()
        for element, (start, _) in zip(elements, spans, strict=True)
    )


def _new_line(
    module: Module, elements: Sequence[Element], spans: Spans, index: int, text: str
) -> Splice:
    neighbour = elements[max(index - 1, 0)]
    start, end = spans[max(index - 1, 0)]
    indentation = module.text[module.line_start(neighbour.lineno) : start]
    line = neighbour.lineno if index == 0 else (neighbour.end_lineno or 0) + 1
    newline = module.newline_at(max(line, 2))
    if COMMA.match(module.text, end) or index < len(spans):
        at = module.line_start(line)
        return Splice(at, at, f"{indentation}{text},{newline}")
    if "#" in module.line(neighbour.lineno):
        raise Unclear(f"line {neighbour.lineno} has a comment at the end of its list")
    return Splice(end, end, f",{newline}{indentation}{text}")


def _broken(module: Module, statement: ast.stmt, spans: Spans, texts: Sequence[str]) -> str | None:
    """Return `statement` on several lines, if it was on one line and no longer fits."""
    start, end = module.span(statement)
    written = module.text[start:end]
    line = module.line(statement.lineno)
    if statement.end_lineno != statement.lineno or line.strip() != written or "#" in line:
        return None
    head, opening, closing = _frame(module, statement, spans)
    indentation = module.indentation(statement)
    tail = module.text[spans[-1][1] : end]
    whole = indentation + module.text[start : spans[0][0]] + ", ".join(texts) + tail
    if not fits(line.rstrip("\r\n")) or fits(whole):
        return None
    newline = module.newline_at(statement.lineno + 1)
    inner = "".join(f"{indentation}{UNIT}{text},{newline}" for text in texts)
    return f"{head}{opening}{newline}{inner}{indentation}{closing}"


def _joined(module: Module, statement: ast.stmt, spans: Spans, index: int) -> str | None:
    """Return `statement` on one line, if it fits without the element at `index`."""
    texts = [module.text[start:end] for start, end in spans]
    start, end = module.span(statement)
    head, opening, closing = _frame(module, statement, spans)
    indentation = module.indentation(statement)
    newline = module.newline_at(statement.lineno + 1)
    inner = "".join(f"{indentation}{UNIT}{text},{newline}" for text in texts)
    if module.text[start:end] != f"{head}{opening}{newline}{inner}{indentation}{closing}":
        return None
    if isinstance(statement, ast.ImportFrom):
        opening = closing = ""
    whole = f"{head}{opening}{', '.join(texts)}{closing}"
    del texts[index]
    rest = f"{head}{opening}{', '.join(texts)}{closing}"
    return rest if fits(indentation + rest) and not fits(indentation + whole) else None


def _frame(module: Module, statement: ast.stmt, spans: Spans) -> tuple[str, str, str]:
    """Return the text before the opening bracket, and the brackets, which may be optional."""
    start, _ = module.span(statement)
    before = module.text[start : spans[0][0]].rstrip()
    if before.endswith("["):
        return before[:-1], "[", "]"
    return before.removesuffix("(").rstrip() + " ", "(", ")"
