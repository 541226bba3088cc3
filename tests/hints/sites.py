"""Where fastgen gives hints, read from its source."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from support import SOURCE

ERRORS = "errors.py"
KEYWORDS = ("hint", "instead")
# Which argument of a call is the hint, where it is not the second.
POSITIONS = {"Difference": 2, "UnknownTarget": 2, "OutputLost": 2}


@dataclass(frozen=True)
class Site:
    """A call that gives a hint: the function it stands in, its lines, and the hint's source."""

    function: str
    lines: range
    hint: str

    def __str__(self) -> str:
        """Say where it is, as editors jump to it."""
        return f"{self.function} (line {self.lines.start}): {self.hint}"


def sites() -> list[Site]:
    """Return all of them."""
    raising = {*_classes(SOURCE / ERRORS), "Difference"}
    found: list[Site] = []
    for file in sorted(SOURCE.rglob("*.py")):
        if file.name != ERRORS:
            found += _in_file(file, raising)
    return found


def _classes(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ClassDef):
            yield node.name


def _in_file(file: Path, raising: set[str]) -> Iterator[Site]:
    module = file.relative_to(SOURCE).with_suffix("").as_posix()
    for function in ast.walk(ast.parse(file.read_text())):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                hint = _hint(node, raising)
                if hint is not None and isinstance(node, ast.Call):
                    lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
                    yield Site(f"{module}:{function.name}", lines, ast.unparse(hint))


def _hint(node: ast.AST, raising: set[str]) -> ast.expr | None:
    if not isinstance(node, ast.Call):
        return None
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    if name not in raising:
        return None
    position = POSITIONS.get(name, 1)
    given = [*node.args[position : position + 1]]
    given += [keyword.value for keyword in node.keywords if keyword.arg in KEYWORDS]
    return next((one for one in given if not _is_none(one)), None)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
