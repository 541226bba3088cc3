"""Checks the content of an entry of the recipe, and reads its resource."""

from collections.abc import Mapping
from typing import Any, cast

from fastgen.databases import Database
from fastgen.fields.model import Field
from fastgen.fields.parse import parse_recorded
from fastgen.messages import printable, shown
from fastgen.names.resource import LONGEST, SNAKE, Names
from fastgen.slices import column_sets
from fastgen.slices.resource import ACCESSES, Access, Resource

TEXTS = ("fastgen", "name", "plural", "access", "render")
# Of names of fields; an entry has them only if its resource does.
SETS = ("unique", "index")


def check(data: Any, name: str) -> None:
    """Raise `ValueError` when `data` is not a valid entry of the resource `name`."""
    _check_kinds(data)
    if data["name"] != name:
        raise ValueError(f"it is about {printable(data['name'])}, not {name}")
    for key in ("name", "plural"):
        if len(data[key]) > LONGEST or not SNAKE.fullmatch(data[key]):
            raise ValueError(f"{key} is not a name: {printable(data[key])}")
    if data["access"] not in ACCESSES:
        raise ValueError(f"access is {', '.join(ACCESSES)}, not {printable(data['access'])}")


def _check_kinds(data: Any) -> None:
    if not isinstance(data, dict):
        raise ValueError("it is not a mapping")  # noqa: TRY004 - told as the file's fault
    for key in TEXTS:
        if not isinstance(data.get(key), str):
            raise ValueError(f"{key} is missing or not a string")  # noqa: TRY004
    for key in ("fields", "revisions"):
        value = data.get(key)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise ValueError(f"{key} is missing or not a list of strings")
    for key in SETS:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(map(_is_names, value)):
            raise ValueError(f"{key} is not a list of lists of names")
    if not isinstance(data.get("files"), dict):
        raise ValueError("files is missing or not a mapping")  # noqa: TRY004


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def fields(data: Mapping[str, Any], database: Database) -> tuple[Field, ...]:
    """Return the fields of an entry; raises `FastgenError` for one that is not valid."""
    return parse_recorded(data["fields"], database=database)


def resource(data: Mapping[str, Any], fields: tuple[Field, ...]) -> Resource:
    """Return the resource of an entry; raises `ValueError` for a set of unknown columns."""
    names = Names(data["name"], data["plural"])
    sets = {key: tuple(tuple(one) for one in data.get(key, ())) for key in SETS}
    found = Resource(names, cast("Access", data["access"]), fields, **sets)
    known = column_sets.columns(found)
    for key, of_kind in sets.items():
        unknown = [name for one in of_kind for name in one if name not in known]
        if unknown:
            raise ValueError(f"{key} has {shown(unknown[0])}, which is not a field")
    return found
