"""Truth values."""

from typing import Any

from fastgen.databases import Database
from fastgen.fields.model import Field
from fastgen.fields.samples.model import JSON, Invalid, Samples
from fastgen.fields.types.base import USUAL, FieldType


class Bool(FieldType):
    """True or false."""

    name = "bool"
    told = "true or false"
    other_words = ("boolean",)
    example = "bool"
    default_example = "bool:default=false"
    modifiers = USUAL - {"unique"}
    refusals = {"unique": "it has only two values"}
    has_examples = False
    annotated = "bool"
    implied = True
    in_model = in_migration = "sa.Boolean()"
    body = "StrictBool"
    imports = frozenset({"StrictBool"})
    plain = True

    def canonical(self, field: Field, text: str) -> str:
        if text.lower() not in {"true", "false"}:
            raise ValueError("use true or false")
        return text.lower()

    def value(self, field: Field, text: str) -> bool:
        return text == "true"

    def count(self, field: Field) -> int:
        return 2

    def server_default(self, field: Field, value: Any, database: Database) -> str:
        return "sa.true()" if value else "sa.false()"

    def samples(self, field: Field) -> Samples:
        wrong = (Invalid(1, "number", of_type=True), Invalid("true", "text", of_type=True))
        return Samples((False, True), wrong)

    def item_samples(self, item: Field, count: int) -> tuple[JSON, ...]:
        return (False, True)[:count]

    def query(self, field: Field, cls: str) -> str:
        return "bool"
