"""Exact numbers, as for money."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal as Number
from fractions import Fraction
from typing import Any

from fastgen.databases import Database
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import Field
from fastgen.fields.samples.model import JSON, Invalid, Samples
from fastgen.fields.types.counted import Counted
from fastgen.fields.types.generated import Use
from fastgen.messages import shown

_DIGITS = re.compile(r"([0-9]{1,4}),([0-9]{1,4})")
_NUMBER = re.compile(r"[+-]?[0-9]{1,60}(?:\.[0-9]{1,60})?")


class Decimal(Counted):
    """An exact number with a fixed number of places."""

    name = "decimal"
    told = "exact number, as for money"
    other_words = ("numeric", "money")
    example = "decimal:10,2"
    default_example = "decimal:10,2:default=9.99"
    bound_example = "decimal:10,2:gt=0"
    form = "decimal:DIGITS,PLACES"
    question = ("how many digits in all, and how many of them after the point", "10,2")
    takes_argument = needs_argument = True
    listed = False
    outside = ("too-many-digits-below-zero", "too-many-digits")
    annotated = "Decimal"
    body = "Decimal"
    imports = frozenset({"DecimalStr", "FixedPoint"})
    description = "a decimal: as text it keeps all its digits"
    # Its schema is long.
    component = True
    schema_modules = {"decimals": "decimal_type", "decimal_text": "decimal_text_type"}

    def read_argument(
        self, field: Field, argument: str | None, database: Database, mistakes: Mistakes
    ) -> Field:
        most = database.most_digits
        found = _DIGITS.fullmatch(argument or "")
        precision, scale = (int(found[1]), int(found[2])) if found else (0, 0)
        if 1 <= precision <= most and scale <= precision:
            return replace(field, precision=precision, scale=scale)
        given = (
            f"{shown(argument)} is not a precision and a scale"
            if argument
            else "a decimal needs a precision and a scale"
        )
        why = f" ({database.why_digits})" if database.why_digits else ""
        mistakes.add(
            f"{given}: use PRECISION,SCALE: 1 to {most} digits in all{why}, and how many of them "
            "are after the point",
            self.example,
            instead=self._better(argument, precision, scale, most),
        )
        return field

    def _better(
        self, argument: str | None, precision: int, scale: int, most: int
    ) -> dict[str, str]:
        if argument is None:
            return {"decimal": self.example}
        if precision == 0:
            return {argument: "10,2"}
        precision = min(max(precision, scale), most)
        return {argument: f"{precision},{min(scale, precision)}"}

    def argument(self, field: Field) -> str:
        return f"{field.precision},{field.scale}"

    def read_modifiers(self, field: Field, given: Mapping[str, str], mistakes: Mistakes) -> Field:
        # Without digits, every limit would be a mistake.
        return field if field.precision is None else super().read_modifiers(field, given, mistakes)

    def read(self, field: Field, text: str) -> Number:
        precision, scale = field.precision or 0, field.scale or 0
        steps = Fraction(text) * 10**scale if _NUMBER.fullmatch(text) else None
        if steps is None or steps.denominator != 1 or abs(steps) >= 10**precision:
            raise ValueError(
                f"use a number with at most {precision - scale} digits before the point "
                f"and {scale} after it"
            )
        digits = tuple(int(digit) for digit in str(abs(int(steps))))
        return Number((int(steps < 0), digits, -scale))

    def extent(self, field: Field) -> tuple[Number, Number]:
        digits = "9" * (field.precision or 0)
        most = Number((0, tuple(int(digit) for digit in digits), -(field.scale or 0)))
        return most.copy_negate(), most

    def rank(self, field: Field, value: Any) -> int:
        return int(Fraction(value) * 10 ** (field.scale or 0))

    def bound(self, field: Field, value: Any) -> str:
        return str(int(value)) if value == value.to_integral_value() else self.literal(field, value)

    def in_json(self, field: Field, value: Any) -> str:
        return f"{value:f}"

    def literal(self, field: Field, value: Any, cls: str = "") -> str:
        text = f"{value:f}"
        # With all its places, as it is read back; ruff (FURB157) wants integers unquoted.
        return f"Decimal({json.dumps(text) if '.' in text else text})"

    def stored(self, field: Field, value: Any, database: Database) -> str:
        return database.stored(value, field.scale or 0)

    def wire(self, field: Field, rank: int) -> str:
        scale = field.scale or 0
        sign, digits = "-" if rank < 0 else "", f"{abs(rank):0{scale + 1}}"
        return f"{sign}{digits[:-scale]}.{digits[-scale:]}" if scale else f"{sign}{digits}"

    def friendly(self, field: Field) -> tuple[int, int]:
        one = 10 ** (field.scale or 0)
        # Like a price: 9.99.
        return (10 * one - 1 if field.scale else 10), 10 * one

    def steps(self, field: Field) -> tuple[int, ...]:
        return tuple(10**places for places in range((field.scale or 0) + 1, -1, -1))

    def wrong(self, good: JSON) -> list[Invalid]:
        return [Invalid("x", "not-a-number"), Invalid("NaN", "nan", of_type=True)]

    def samples(self, field: Field) -> Samples:
        found = super().samples(field)
        return replace(found, invalid=(*found.invalid, *self._too_many_places(field)))

    def _too_many_places(self, field: Field) -> list[Invalid]:
        """Return a decimal within the limits that has one decimal place too many."""
        low, high = self.ends(field)
        if low == high:
            return []
        # Near zero, so that the total number of digits is not exceeded as well; one more digit
        # leads away from zero.
        if high > 0:
            digits = self.wire(field, min(max(low, 0), high - 1))
        else:
            digits = self.wire(field, high) if high else f"-{self.wire(field, 0)}"
        return [Invalid(f"{digits}1" if field.scale else f"{digits}.1", "too-many-places")]

    def column(self, field: Field, use: Use) -> str:
        return f"{use.database.decimal}({field.precision}, {field.scale})"

    def migration_column(self, field: Field, database: Database) -> str:
        return f"sa.Numeric({field.precision}, {field.scale})"

    def column_modules(self, database: Database) -> Mapping[str, str]:
        return dict(database.decimal_modules)

    def last(self, field: Field) -> list[str]:
        return [f"FixedPoint({field.precision}, {field.scale})"]

    def query(self, field: Field, cls: str) -> str:
        return f"Annotated[{self.body}, FixedPoint({field.precision}, {field.scale})]"

    def response(self, field: Field, cls: str) -> str:
        return "DecimalStr"
