"""Breaks long lines where `ruff format` breaks them."""

import json
from collections.abc import Sequence

WIDTH = 100
TAB = 4
UNIT = "    "


def fits(line: str) -> bool:
    """Whether `line` fits the line length."""
    return len(line.expandtabs(TAB)) <= WIDTH


def call(head: str, arguments: Sequence[str], indentation: str, unit: str = UNIT) -> list[str]:
    """Return the lines of `head(arguments)`, without the `indentation` before them."""
    line = f"{head}({', '.join(arguments)})"
    if fits(indentation + line):
        return [line]
    inner = unit + ", ".join(arguments)
    if fits(indentation + inner):
        return [f"{head}(", inner, ")"]
    return [f"{head}(", *(f"{unit}{argument}," for argument in arguments), ")"]


def from_import(package: str, names: str, indentation: str = "", unit: str = UNIT) -> list[str]:
    """Return the lines of `from package import names`, a single name, without `indentation`."""
    line = f"from {package} import {names}"
    if fits(indentation + line):
        return [line]
    return [f"from {package} import (", f"{unit}{names},", ")"]


def quoted(text: str) -> str:
    """Return `text` as a Python string in double quotes."""
    return json.dumps(text, ensure_ascii=False)
