"""Identifiers from elsewhere."""

import re
from typing import Any
from uuid import UUID

from fastgen.databases import Database
from fastgen.fields.model import Field
from fastgen.fields.samples.model import COUNT, JSON, Invalid, Samples
from fastgen.fields.types.base import NOT_TEXT, USUAL, FieldType

_UUID = re.compile(r"[0-9A-Fa-f]{8}(-?)[0-9A-Fa-f]{4}(?:\1[0-9A-Fa-f]{4}){2}\1[0-9A-Fa-f]{12}")


class Uuid(FieldType):
    """A UUID."""

    name = "uuid"
    told = "UUID that comes from elsewhere"
    other_words = ("guid",)
    example = "uuid"
    default_example = "uuid:default=00000000-0000-4000-8000-000000000000"
    modifiers = USUAL
    annotated = "UUID"
    implied = True
    in_model = in_migration = "sa.Uuid()"
    body = "UUID"

    def canonical(self, field: Field, text: str) -> str:
        if not _UUID.fullmatch(text):
            raise ValueError("use a UUID like 00000000-0000-4000-8000-000000000000")
        return str(UUID(text))

    def value(self, field: Field, text: str) -> UUID:
        return UUID(text)

    def in_json(self, field: Field, value: Any) -> str:
        return str(value)

    def literal(self, field: Field, value: Any, cls: str = "") -> str:
        return f'UUID("{value}")'

    def stored(self, field: Field, value: Any, database: Database) -> str:
        return database.stored(value, 0)

    def samples(self, field: Field) -> Samples:
        wrong = (NOT_TEXT, Invalid("not-a-uuid", "not-a-uuid", of_type=True))
        return Samples(self.item_samples(field, COUNT), wrong)

    def item_samples(self, item: Field, count: int) -> tuple[JSON, ...]:
        return tuple(f"{n:08x}-0000-4000-8000-{n:012x}" for n in range(1, count + 1))
