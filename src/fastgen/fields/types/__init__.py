"""The types of fields: one entry each, in the order in which they are offered."""

from collections.abc import Mapping

from fastgen.fields.model import Field
from fastgen.fields.types.base import FieldType, nearest_type
from fastgen.fields.types.booleans import Bool
from fastgen.fields.types.colors import Color
from fastgen.fields.types.dates import Date
from fastgen.fields.types.datetimes import Datetime
from fastgen.fields.types.decimals import Decimal
from fastgen.fields.types.documents import Json
from fastgen.fields.types.emails import Email
from fastgen.fields.types.enums import Enum
from fastgen.fields.types.floats import Float
from fastgen.fields.types.generated import Use
from fastgen.fields.types.integers import BigInt, Int
from fastgen.fields.types.lists import List
from fastgen.fields.types.refs import Ref
from fastgen.fields.types.texts import Str, Text
from fastgen.fields.types.times import Time
from fastgen.fields.types.urls import Url
from fastgen.fields.types.uuids import Uuid

__all__ = ["TYPES", "FieldType", "Use", "near_type", "type_of"]

_SCALARS: tuple[FieldType, ...] = (
    Str(), Text(), Int(), BigInt(), Float(), Decimal(), Bool(), Date(), Datetime(), Time(), Uuid(),
    Email(), Url(), Color(), Json(), Enum(),
)  # fmt: skip
_REF = Ref()
TYPES: Mapping[str, FieldType] = {
    type_.name: type_ for type_ in (*_SCALARS, List((*_SCALARS, _REF)), _REF)
}


def type_of(field: Field) -> FieldType:
    """Return the type of `field`."""
    return TYPES[field.type]


def near_type(typed: str) -> str | None:
    """Return the name of the type that was likely meant, None if there is none."""
    return nearest_type(typed, TYPES.values())
