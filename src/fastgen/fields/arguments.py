"""The argument of a type: a length, digits, values, a type of items, a resource."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from fastgen.errors import InvalidName
from fastgen.fields.grammar import EXAMPLES, LONGEST_STR, near_modifier, near_type
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import Database, Field, Type
from fastgen.messages import meant, shown
from fastgen.names.resource import singular

MOST_DIGITS: Mapping[Database, int] = {"sqlite": 18, "postgresql": 38}
FEWEST_VALUES, MOST_VALUES = 2, 100
ITEMS: tuple[Type, ...] = (
    "str", "int", "bigint", "float", "bool", "date", "datetime", "time", "uuid", "email", "url",
)  # fmt: skip
# Linters refuse names of letters that look like digits.
AMBIGUOUS = frozenset({"I", "O"})
TAKES_ARGUMENT = frozenset({"str", "decimal", "enum", "list", "ref"})
_NOT_ITEMS = {
    "text": "a list holds short values",
    "decimal": "a database keeps lists as JSON, which has no exact decimals",
    "enum": "its values would need a type of their own",
    "json": "use json for the whole field",
    "list": "use json for lists of lists",
    "ref": "many-to-many is not offered: make a resource with two refs, one row a pair",
}
_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_DIGITS = re.compile(r"([0-9]{1,4}),([0-9]{1,4})")


def apply(field: Field, argument: str | None, database: Database, mistakes: Mistakes) -> Field:
    """Return `field` with the `argument` of its type; adds errors to `mistakes`."""
    if field.type == "decimal":
        return _decimal(field, argument, database, mistakes)
    reader = _READERS.get(field.type)
    return reader(field, argument, mistakes) if reader else field


def constant(value: str) -> str:
    """Return the name of an enum's value in Python: `IN_PROGRESS` for `in-progress`."""
    name = re.sub(r"[^A-Z0-9]", "_", value.upper())
    return f"VALUE_{name}" if name[0].isdigit() or name in AMBIGUOUS else name


def _str(field: Field, argument: str | None, mistakes: Mistakes) -> Field:
    if argument is None:
        return field
    if _NUMBER.fullmatch(argument) and 1 <= int(argument) <= LONGEST_STR:
        return replace(field, length=int(argument))
    near = near_modifier(argument, "str")
    is_long = _NUMBER.fullmatch(argument) and int(argument) > LONGEST_STR
    mistakes.add(
        f"{shown(argument)} is not a length: use 1 to {LONGEST_STR}, and the type text for "
        f"longer ones{meant(near and f'the modifier {near}')}",
        EXAMPLES["str"],
        instead={"str": "text", argument: f"max={argument}"}
        if is_long
        else {argument: near or "100"},
    )
    return field


def _decimal(field: Field, argument: str | None, database: Database, mistakes: Mistakes) -> Field:
    most = MOST_DIGITS[database]
    found = _DIGITS.fullmatch(argument or "")
    precision, scale = (int(found[1]), int(found[2])) if found else (0, 0)
    if 1 <= precision <= most and scale <= precision:
        return replace(field, precision=precision, scale=scale)
    given = f"{shown(argument)} are not its digits" if argument else "a decimal needs its digits"
    why = (
        " (SQLite has no exact decimals: they are kept as whole numbers of 64 bits)"
        if database == "sqlite"
        else ""
    )
    mistakes.add(
        f"{given}: use PRECISION,SCALE: 1 to {most} digits in all{why}, and how many of them "
        "are after the point",
        EXAMPLES["decimal"],
        instead=_better_digits(argument, precision, scale, most),
    )
    return field


def _better_digits(argument: str | None, precision: int, scale: int, most: int) -> dict[str, str]:
    if argument is None:
        return {"decimal": EXAMPLES["decimal"]}
    if precision == 0:
        return {argument: "10,2"}
    precision = min(max(precision, scale), most)
    return {argument: f"{precision},{min(scale, precision)}"}


def _enum(field: Field, argument: str | None, mistakes: Mistakes) -> Field:
    values = tuple(argument.split(",")) if argument else ()
    bad = next((value for value in values if not _VALUE.fullmatch(value)), None)
    if bad is not None:
        what = (
            f"{shown(bad)} cannot be a value: use at most 100 letters, digits, '.', '-' and '_', "
            "beginning with a letter or a digit"
        )
    elif not FEWEST_VALUES <= len(values) <= MOST_VALUES:
        what = f"an enum needs {FEWEST_VALUES} to {MOST_VALUES} values with commas between them"
    elif twin := _twin(values):
        what = f"{twin[0]} and {twin[1]} are the same name in Python, {constant(twin[1])}"
    else:
        return replace(field, values=values)
    mistakes.add(
        what, EXAMPLES["enum"], instead={argument: _better_values(values)} if argument else {}
    )
    return field


def _better_values(values: tuple[str, ...]) -> str:
    """Return the valid ones of `values`, and the others corrected if possible."""
    found: dict[str, str] = {}
    for value in values:
        near = re.sub(r"[^A-Za-z0-9_.-]+", "-", value).strip("-._")[:100]
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


def _list(field: Field, argument: str | None, mistakes: Mistakes) -> Field:
    item = next((name for name in ITEMS if name == (argument or "str")), None)
    if item:
        return replace(field, item=item)
    typed = argument or ""
    near = near_type(typed)
    reason = _NOT_ITEMS.get(typed) or (f"did you mean {near}?" if near in ITEMS else None)
    mistakes.add(
        f"a list cannot have items of type {shown(typed)}{': ' + reason if reason else ''}; "
        f"it takes {', '.join(ITEMS)}",
        EXAMPLES["list"],
        instead={typed: near if near in ITEMS else "str"},
    )
    return field


def _ref(field: Field, argument: str | None, mistakes: Mistakes) -> Field:
    if argument is None:
        mistakes.add(
            "a ref needs the resource that it refers to, or user",
            EXAMPLES["ref"],
            instead={"ref": "ref:user"},
        )
        return field
    try:
        return replace(field, target=singular(argument))
    except InvalidName as error:
        mistakes.add(
            f"it cannot refer to {shown(argument)}: {error.message}",
            EXAMPLES["ref"],
            instead={argument: "user"},
        )
        return field


_READERS: Mapping[str, Callable[[Field, str | None, Mistakes], Field]] = {
    "str": _str,
    "enum": _enum,
    "list": _list,
    "ref": _ref,
}
