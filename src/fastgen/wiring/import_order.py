"""The order of imports and of imported names: isort's, with the defaults of ruff."""

import ast
import re
import sys
from collections.abc import Iterable

from fastgen.wiring.bindings import Import

DIGITS = re.compile(r"(\d+)")
FUTURE, STANDARD, THIRD_PARTY, FIRST_PARTY, RELATIVE = range(5)
Natural = tuple[tuple[int, int, str], ...]
NameKey = tuple[int, Natural, Natural]
ImportKey = tuple[int, bool, Natural, Natural, NameKey]


def section(statement: Import, first_party: str) -> int:
    """Return the section that `statement` belongs to; `first_party` is the project's package."""
    if isinstance(statement, ast.ImportFrom):
        if statement.level:
            return RELATIVE
        name = statement.module or ""
    else:
        name = statement.names[0].name
    top = name.partition(".")[0]
    if top == "__future__":
        return FUTURE
    if top == first_party:
        return FIRST_PARTY
    return STANDARD if top in sys.stdlib_module_names else THIRD_PARTY


def import_key(statement: Import, first_party: str) -> ImportKey:
    """Return the sort key of `statement`."""
    first = statement.names[0].name
    if isinstance(statement, ast.ImportFrom):
        # Relative imports go from the furthest to the closest.
        module = "" if statement.level else statement.module or ""
        closeness = _natural(statement.module or "") if statement.level else ()
        name = name_key(first)
        place = (section(statement, first_party), True)
        return (*place, ((0, -statement.level, ""), *_natural(module.lower())), closeness, name)
    lowered = ((0, 0, ""), *_natural(first.lower()))
    return (section(statement, first_party), False, lowered, _natural(first), name_key(first))


def name_key(name: str) -> NameKey:
    """Return the sort key of an imported name: constants, classes, then the rest."""
    is_constant, is_class = len(name) > 1 and name.isupper(), name[:1].isupper()
    kind = 0 if is_constant else 1 if is_class else 2
    return kind, _natural(name.lower()), _natural(name)


def is_sorted(keys: Iterable[object]) -> bool:
    """Whether `keys` ascend."""
    given = list(keys)
    return given == sorted(given)  # type: ignore[type-var]


def _natural(text: str) -> Natural:
    parts = DIGITS.split(text)
    return tuple((0, int(part), part) if part.isdigit() else (1, 0, part) for part in parts if part)
