"""Checks the content of an entry of the recipe, and reads its resource."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastgen.databases import Database
from fastgen.errors import Refused
from fastgen.fields.model import Field
from fastgen.fields.parse import parse_recorded
from fastgen.messages import printable, shown
from fastgen.names.resource import LONGEST, SNAKE, Names, is_path
from fastgen.project import records, template_version
from fastgen.slices import column_sets
from fastgen.slices.resource import USER, USERS, Resource
from fastgen.slices.rights import ACCESSES, PRESETS, Access, Rights
from fastgen.template.location import template_root

HEADER = """\
# A resource of this project, kept by fastgen: commands such as `fastgen add field` change it.
"""
HEADER_OF_ACCOUNT = """\
# The fields that were added to accounts, kept by fastgen: `fastgen add field user` changes them.
"""
# The form in which entries are written. Those of format 1 have no `format`, and no rights.
FORMAT = 2
TEXTS = ("fastgen", "name", "plural")
# Lists of field names; an entry has them only if its resource does.
SETS = ("unique", "index")
LONGEST_CLASS = 200


def refuse_other_format(data: Any, path: str) -> None:
    """Raise `Refused` when the entry `data` in the file `path` has a format of a newer fastgen."""
    found = data.get("format") if isinstance(data, dict) else None
    if type(found) is int and found > FORMAT:
        raise Refused(
            f"{path} has format {found}, and this fastgen reads formats up to {FORMAT}",
            template_version.upgrading(template_root()),
        )


def check(data: Any, name: str) -> None:
    """Raise `ValueError` when `data` is not a valid entry of the resource `name`."""
    _check_kinds(data)
    if "files" in data:
        records.read(data)
    if data["name"] != name:
        raise ValueError(f"it is about {printable(data['name'])}, not {name}")
    for key in ("name", "plural"):
        if len(data[key]) > LONGEST or not SNAKE.fullmatch(data[key]):
            raise ValueError(f"{key} is not a name: {printable(data[key])}")
    if "path" in data and not is_path(data["path"]):
        raise ValueError(f"path is not a path of a URL: {printable(data['path'])}")
    preset, rights = _access(data)
    if preset not in ACCESSES:
        raise ValueError(f"access is {', '.join(ACCESSES)}, not {printable(preset)}")
    if rights and rights not in PRESETS.values():
        told = f"read {printable(rights.read)}, write {printable(rights.write)}"
        raise ValueError(f"access has no such rights: {told}")


def _check_kinds(data: Any) -> None:
    if not isinstance(data, dict):
        raise ValueError("it is not a mapping")  # noqa: TRY004 - told as the file's fault
    if data.get("format", FORMAT) != FORMAT:
        raise ValueError(f"format is {FORMAT}, not {printable(str(data['format']))}")
    _check_texts(data, (*TEXTS, *(["path"] if "path" in data else [])))
    if data["name"] != USER:
        _check_access(data)
    for key in ("fields", "revisions"):
        value = data.get(key)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise ValueError(f"{key} is missing or not a list of strings")
    for key in SETS:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(map(_is_names, value)):
            raise ValueError(f"{key} is not a list of lists of names")
    classes = data.get("classes", {})
    if not isinstance(classes, dict) or not all(map(_is_class, [*classes, *classes.values()])):
        raise ValueError("classes is not a mapping of names of classes")


def _check_access(data: Mapping[str, Any]) -> None:
    if "format" not in data:
        _check_texts(data, ("access",))
    elif not isinstance(data.get("access"), dict):
        raise ValueError("access is missing or not a mapping")
    else:
        _check_texts(data["access"], ("preset", "read", "write"), "access: ")


def _check_texts(data: Mapping[str, Any], keys: Iterable[str], where: str = "") -> None:
    for key in keys:
        if not isinstance(data.get(key), str):
            raise ValueError(f"{where}{key} is missing or not a string")  # noqa: TRY004


def _is_class(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_CLASS and value.isidentifier()


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def fields(data: Mapping[str, Any], database: Database) -> tuple[Field, ...]:
    """Return the fields of an entry; raises `FastgenError` for one that is not valid."""
    return parse_recorded(data["fields"], database=database)


def names(names: Names) -> dict[str, Any]:
    """Return the names of a resource as an entry stores them; path and classes if not usual."""
    return {
        "name": names.singular,
        "plural": names.plural,
        **({"path": names.own_path} if names.own_path else {}),
        "class": names.cls,
        **({"classes": dict(names.own_classes)} if names.own_classes else {}),
        "table": names.table,
    }


def header(resource: Resource) -> str:
    """Return the comment with which the entry of `resource` begins."""
    return HEADER_OF_ACCOUNT if resource.names == USERS else HEADER


def access(resource: Resource) -> dict[str, Any]:
    """Return the access to `resource` as an entry stores it, with its rights.

    Accounts have rules of their own, of which it says nothing.
    """
    if resource.names == USERS:
        return {}
    rights = resource.rights
    return {"access": {"preset": resource.access, "read": rights.read, "write": rights.write}}


def _access(data: Mapping[str, Any]) -> tuple[Access, Rights | None]:
    """Return the access in an entry, and its rights; those of format 1 have none."""
    if data["name"] == USER:
        return "shared", None
    access = data["access"]
    if "format" not in data:
        return access, None
    return access["preset"], Rights(access["read"], access["write"])


def resource(data: Mapping[str, Any], fields: tuple[Field, ...]) -> Resource:
    """Return the resource of an entry; raises `ValueError` for a set of unknown columns."""
    names = Names(data["name"], data["plural"], own_classes=(*data.get("classes", {}).items(),))
    names = names.at(data.get("path", names.usual_path))
    sets = {key: tuple(tuple(one) for one in data.get(key, ())) for key in SETS}
    access, rights = _access(data)
    kept = rights if rights != PRESETS[access] else None
    found = Resource(names, access, fields, **sets, kept_rights=kept)
    known = column_sets.columns(found)
    for key, of_kind in sets.items():
        unknown = [name for one in of_kind for name in one if name not in known]
        if unknown:
            raise ValueError(f"{key} has {shown(unknown[0])}, which is not a field")
    return found
