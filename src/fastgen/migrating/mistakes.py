"""Errors for changes that cannot be migrated, each with a command that can."""

import json
import shlex
from collections.abc import Mapping, Sequence

from fastgen.errors import Refused
from fastgen.fields.model import Field
from fastgen.fields.show import show
from fastgen.fields.types import type_of
from fastgen.messages import meant, nearest, shown
from fastgen.migrating.shapes import OWNER_FIELD, OWNER_NAME
from fastgen.slices.resource import Resource


def no_expression(resource: Resource, old: Field, new: Field) -> Refused:
    """Return the error for a pair of types without a conversion."""
    kinds = [f"{one.type}:{one.target or one.item}".removesuffix(":None") for one in (old, new)]
    return Refused(
        f"field '{new.name}' of {resource.names.singular}: there is no conversion from "
        f"{kinds[0]} to {kinds[1]}: give all rows one value, or keep the field and add another one",
        _filled(resource, new, known=True),
    )


def without_value(resource: Resource, field: Field, *, known: bool) -> Refused:
    """Return the error for a required field of which rows may have no value."""
    name = resource.names.singular
    told = f"field '{field.name}' of {name} is required, but rows may have no value: give one"
    if field is OWNER_FIELD:
        told = f"rows of {name} have no owner: name one"
    return Refused(told, _filled(resource, field, known=known))


def wrong_fill(
    resource: Resource, field: Field, typed: str, allowed: str, *, known: bool
) -> Refused:
    """Return the error for a value that the field does not accept."""
    name = resource.names.singular
    told = f"field '{field.name}' of {name} cannot be filled with {shown(typed)}"
    if field is OWNER_FIELD:
        told = f"{shown(typed)} cannot be the owner of the rows of {name}"
    return Refused(f"{told}: {allowed}", _filled(resource, field, known=known))


def unknown_fill(resource: Resource, typed: str) -> Refused:
    """Return the error for a value of a field that does not exist."""
    names = [*([OWNER_NAME] * resource.owned), *(one.name for one in resource.fields)]
    near = nearest(typed, names)
    return Refused(
        f"{resource.names.singular} has no field {shown(typed)} to fill{meant(near)}; "
        f"it has {', '.join(names)}"
    )


def exchanged(resource: Resource, names: Mapping[str, str]) -> Refused:
    """Return the error for columns that exchange their names."""
    first = next(iter(names))
    command = ["fastgen", "rename", "field", resource.names.singular, first, f"{first}_old"]
    return Refused(
        f"{' and '.join(names)} of {resource.names.singular} cannot swap their names in one "
        "step: give one of them a third name first",
        shlex.join(command),
    )


def _filled(resource: Resource, field: Field, *, known: bool) -> str:
    """Return the command that gives the rows a value of `field`, which may be `known` already."""
    name, fill = resource.names.singular, ["--fill", _example(field)]
    if field is OWNER_FIELD:
        return shlex.join(["fastgen", "change", "access", name, resource.access, *fill])
    verb = "change" if known else "add"
    return shlex.join(["fastgen", verb, "field", name, show(field), *fill])


def _example(field: Field) -> str:
    """Return a value of `field` that can be typed."""
    if field.target:
        return "1"
    for sample in _samples(field):
        try:
            return type_of(field).canonical(field, sample)
        except ValueError:
            continue
    return "VALUE"


def _samples(field: Field) -> Sequence[str]:
    found: list[str] = []
    for one in type_of(field).samples(field).valid:
        match one:
            case list():
                found.append(",".join(map(str, one)))
            case dict():
                found.append(json.dumps(one))
            case _:
                found.append(str(one))
    return found
