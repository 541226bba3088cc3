"""Whole numbers."""

import re
from typing import Any, ClassVar

from fastgen.fields.model import Bound, Field
from fastgen.fields.samples.model import JSON, Invalid
from fastgen.fields.types.counted import Counted

_INTEGER = re.compile(r"[+-]?[0-9]{1,40}")


class _Integer(Counted):
    bits: ClassVar[int]
    json_range: ClassVar[tuple[str, str]]
    outside = ("too-small", "too-large")
    annotated = "int"
    kind = "integer"
    body = "StrictInt"
    imports = frozenset({"StrictInt"})

    def read(self, field: Field, text: str) -> Bound:
        low, high = self.extent(field)
        if not _INTEGER.fullmatch(text) or not low <= int(text) <= high:
            raise ValueError(f"use a whole number from {low} to {high}")
        return int(text)

    def extent(self, field: Field) -> tuple[int, int]:
        top = 2 ** (self.bits - 1)
        return -top, top - 1

    def rank(self, field: Field, value: Any) -> int:
        return int(value)

    def wire(self, field: Field, rank: int) -> int:
        return rank

    def friendly(self, field: Field) -> tuple[int, int]:
        return 10, 10

    def steps(self, field: Field) -> tuple[int, ...]:
        return 10, 1

    def wrong(self, good: JSON) -> list[Invalid]:
        return [
            Invalid(1.5, "fraction", of_type=True),
            Invalid(value=True, rule="bool", of_type=True),
            Invalid(str(good), "text", of_type=True),
        ]

    def item_body(self) -> str:
        return f"Annotated[{self.body}, {self._range()}]"

    def query(self, field: Field, cls: str) -> str:
        return f"Annotated[int, {self._range()}]"

    def _range(self) -> str:
        first, end = self.json_range
        return f"Field(ge={first}, lt={end})"


class Int(_Integer):
    """A whole number of 32 bits."""

    name = "int"
    told = "whole number, 32 bits"
    other_words = ("integer", "number", "smallint")
    example = "int"
    default_example = "int:default=0"
    bound_example = "int:ge=0:le=1000"
    bits = 32
    implied = True
    json_range = ("-(2**31)", "2**31")
    in_model = "sa.Integer()"
    in_migration = "sa.Integer()"


class BigInt(_Integer):
    """A whole number of 64 bits."""

    name = "bigint"
    told = "whole number, 64 bits"
    other_words = ("long",)
    example = "bigint"
    default_example = "bigint:default=0"
    bound_example = "bigint:ge=0:le=1000"
    bits = 64
    json_range = ("-(2**63)", "2**63")
    in_model = "sa.BigInteger"
    in_migration = "sa.BigInteger()"
