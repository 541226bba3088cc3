"""One of a few values."""

import re
from dataclasses import replace
from typing import Any

from fastgen.databases import Database
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import Field
from fastgen.fields.samples.model import Invalid, Samples
from fastgen.fields.samples.texts import ascending
from fastgen.fields.types.base import NOT_TEXT, USUAL, FieldType
from fastgen.fields.types.generated import Use
from fastgen.messages import shown

FEWEST_VALUES, MOST_VALUES = 2, 100
LONGEST = 100
# Linters refuse names of letters that look like digits.
AMBIGUOUS = frozenset({"I", "O"})
_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


def constant(value: str) -> str:
    """Return the name of an enum's value in Python: `IN_PROGRESS` for `in-progress`."""
    name = re.sub(r"[^A-Z0-9]", "_", value.upper())
    return f"VALUE_{name}" if name[0].isdigit() or name in AMBIGUOUS else name


class Enum(FieldType):
    """One of a few values, which have a class of their own."""

    name = "enum"
    told = "one of a few values"
    other_words = ("choice", "choices")
    example = "enum:draft,published"
    default_example = "enum:draft,published:default=draft"
    form = "enum:VALUE,VALUE"
    question = ("its values, with commas between them", "")
    takes_argument = needs_argument = True
    modifiers = USUAL - {"unique"}
    refusals = {"unique": "it has only a few values"}
    listed = False
    has_examples = False
    in_migration = f"sa.String(length={LONGEST})"
    imports = frozenset({"StrEnum"})
    plain = True

    def read_argument(
        self, field: Field, argument: str | None, database: Database, mistakes: Mistakes
    ) -> Field:
        values = tuple(argument.split(",")) if argument else ()
        bad = next((value for value in values if not _VALUE.fullmatch(value)), None)
        if bad is not None:
            what = (
                f"{shown(bad)} cannot be a value: use at most 100 letters, digits, '.', '-' and "
                "'_', beginning with a letter or a digit"
            )
        elif not FEWEST_VALUES <= len(values) <= MOST_VALUES:
            what = f"an enum needs {FEWEST_VALUES} to {MOST_VALUES} values with commas between them"
        elif twin := _twin(values):
            what = f"{twin[0]} and {twin[1]} are the same name in Python, {constant(twin[1])}"
        else:
            return replace(field, values=values)
        mistakes.add(what, self.example, instead={argument: _better(values)} if argument else {})
        return field

    def argument(self, field: Field) -> str:
        return ",".join(field.values)

    def canonical(self, field: Field, text: str) -> str:
        if text not in field.values:
            raise ValueError(f"use one of {', '.join(field.values)}")
        return text

    def count(self, field: Field) -> int:
        return len(field.values)

    def literal(self, field: Field, value: Any, cls: str = "") -> str:
        return f"{cls}.{constant(value)}"

    def samples(self, field: Field) -> Samples:
        unknown = "unknown"
        while unknown in field.values:
            unknown += "-value"
        valid = tuple(ascending(field.values, only_alike=field.sort))
        return Samples(valid, (NOT_TEXT, Invalid(unknown, "unknown-value")), field.values)

    @property
    def storage(self) -> str:
        return "text"

    def annotation(self, field: Field, cls: str) -> str:
        return cls

    def column(self, field: Field, use: Use) -> str:
        return f'text_enum({use.cls}, "{use.label}")'

    def column_modules(self, database: Database) -> dict[str, str]:
        return {"enums": "enum_column"}

    def most_bytes(self, field: Field) -> int:
        return max(map(len, field.values))

    def base(self, field: Field, cls: str) -> list[str]:
        return [cls]

    def query(self, field: Field, cls: str) -> str:
        return cls


def _better(values: tuple[str, ...]) -> str:
    """Return the valid ones of `values`, and the others corrected if possible."""
    found: dict[str, str] = {}
    for value in values:
        near = re.sub(r"[^A-Za-z0-9_.-]+", "-", value).strip("-._")[:LONGEST]
        if near:
            found.setdefault(constant(near), near)
    kept = list(found.values())[:MOST_VALUES]
    return ",".join(kept if len(kept) >= FEWEST_VALUES else [*kept, "other"])


def _twin(values: tuple[str, ...]) -> tuple[str, str] | None:
    seen: dict[str, str] = {}
    for value in values:
        if constant(value) in seen:
            return seen[constant(value)], value
        seen[constant(value)] = value
    return None
