"""Checks combinations of modifiers."""

from collections.abc import Mapping

from fastgen.fields.grammar import LONGEST_INDEXED
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import Field
from fastgen.fields.types import type_of

FEWEST_UNIQUE = 10
NULL_FILTER = "_null"
_LEAKS = ("filter", "sort", "search")


def check(field: Field, given: Mapping[str, str], mistakes: Mistakes) -> None:
    """Add an error to `mistakes` for modifiers of a field that contradict each other."""
    type_ = type_of(field)
    bare = type_.example
    if type_.is_unique(field):
        _check_unique(field, given, mistakes)
    for name, is_given in (("index", field.index), ("sort", field.sort)):
        if is_given and (field.length or 0) > LONGEST_INDEXED:
            mistakes.add(too_long(name), f"str:{LONGEST_INDEXED}:{name}")
    if field.sort and field.attribute != field.column:
        mistakes.add(
            f"sort: lists cannot be sorted by {field.column}, which is {field.attribute} in Python"
            "; leave sort out, or choose another name",
            bare,
            instead={"sort": ""},
        )
    if field.filter and field.name.endswith(NULL_FILTER):
        mistakes.add(
            f"filter: parameters of lists that end in {NULL_FILTER} filter for null;"
            " leave filter out, or choose another name",
            bare,
            instead={"filter": ""},
        )
    _check_visibility(field, given, mistakes)
    if field.ondelete == "setnull" and not field.optional:
        mistakes.add(
            "ondelete=setnull needs optional: the column does not allow null",
            "ref:user:optional:ondelete=setnull",
            instead={"ondelete=setnull": "optional:ondelete=setnull"},
        )


def _check_visibility(field: Field, given: Mapping[str, str], mistakes: Mistakes) -> None:
    bare = type_of(field).example
    if field.readonly and field.writeonly:
        mistakes.add("readonly and writeonly exclude each other; give one of them", bare)
    elif field.readonly and not field.optional and "default" not in given:
        mistakes.add(
            "readonly needs optional or a default: clients cannot set it when a row is created",
            f"{bare}:optional:readonly",
            instead={"readonly": "optional:readonly"},
        )
    leaks = [name for name in _LEAKS if field.writeonly and name in given]
    if leaks:
        mistakes.add(
            f"{' and '.join(leaks)} would reveal the values of a writeonly field",
            f"{bare}:writeonly",
            instead=dict.fromkeys(leaks, ""),
        )


def _check_unique(field: Field, given: Mapping[str, str], mistakes: Mistakes) -> None:
    type_ = type_of(field)
    unique = f"{type_.example}:unique"
    if "default" in given:
        mistakes.add("unique and a default: the second row with it would clash", unique)
    if field.index:
        mistakes.add("unique already has an index; leave index out", unique)
    if (field.length or 0) > LONGEST_INDEXED:
        mistakes.add(too_long("unique"), f"str:{LONGEST_INDEXED}:unique")
    count = type_.count(field)
    if count is not None and 0 < count < FEWEST_UNIQUE:
        mistakes.add(
            f"unique with {count} possible values: there could never be more rows; "
            f"allow {FEWEST_UNIQUE} or more",
            unique,
        )


def too_long(name: str) -> str:
    """Return why the index of the modifier `name` does not allow longer texts."""
    return (
        f"{name} needs a length of at most {LONGEST_INDEXED} characters, as index entries are "
        "limited"
    )
