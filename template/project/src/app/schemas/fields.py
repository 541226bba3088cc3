"""The types of fields: what they accept, and how they look on the wire.

JSON's own types are taken as they are: `"5"` is no number and `1` is no boolean.
"""

import math
import re
from collections.abc import Hashable
from datetime import UTC, date, datetime, time
from decimal import Context, Decimal
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    EmailStr,
    Field,
    HttpUrl,
    JsonValue,
    PlainSerializer,
    SecretStr,
    StringConstraints,
    TypeAdapter,
    WithJsonSchema,
)

from app.core.text import normalize_email, printable, storable

MIN_INT, MAX_INT = -(2**31), 2**31 - 1
MIN_BIGINT, MAX_BIGINT = -(2**63), 2**63 - 1

EXACT_DIGITS_OF_A_NUMBER = 15
ALL_DIGITS = Context(prec=100)
MAX_JSON_DEPTH = 32

DECIMAL = re.compile(r"[+-]?[0-9]{1,100}(\.[0-9]{1,100})?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
URL = TypeAdapter(HttpUrl)

Item = TypeVar("Item", bound=Hashable)


def encodable(secret: SecretStr) -> SecretStr:
    """Refuse halves of surrogate pairs, which JSON can hold and nothing can encode."""
    try:
        secret.get_secret_value().encode()
    except UnicodeEncodeError:
        msg = "must be text"
        raise ValueError(msg) from None
    return secret


def is_text(value: object) -> object:
    """Refuse numbers, which would pass for moments."""
    if not isinstance(value, str):
        msg = "must be text"
        raise ValueError(msg)  # noqa: TRY004 (Pydantic lets a TypeError through)
    return value


def is_date(value: object) -> object:
    if isinstance(value, str) and DATE.fullmatch(value):
        return value
    msg = "must be a date such as 2026-01-31"
    raise ValueError(msg)


def is_time(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(TIME, value):
        return value
    msg = "must be a time without a zone such as 09:30:00"
    raise ValueError(msg)


def in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        msg = "is out of range"
        raise ValueError(msg) from None


def without_loss(value: object) -> object:
    """Take a decimal as text, or as a number where that still has all digits that were sent."""
    if isinstance(value, str) and DECIMAL.fullmatch(value):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and math.isfinite(value):
        if len(Decimal(str(value)).as_tuple().digits) <= EXACT_DIGITS_OF_A_NUMBER:
            return str(value)
        msg = "has more digits than a number can hold: send it as text"
        raise ValueError(msg)
    msg = "must be a decimal"
    raise ValueError(msg)


def places(count: int) -> AfterValidator:
    """Give decimals all their places: with two of them 2.5 is 2.50, and so is it read back."""
    quantum = Decimal(1).scaleb(-count)

    def complete(value: Decimal) -> Decimal:
        all_places = value.quantize(quantum, context=ALL_DIGITS)
        return all_places or all_places.copy_abs()

    return AfterValidator(complete)


def is_web_address(value: str) -> str:
    if not value.isascii() or " " in value:
        msg = "must be encoded: ASCII without spaces"
        raise ValueError(msg)
    URL.validate_python(value)
    return value


def distinct(items: list[Item]) -> list[Item]:
    if len(set(items)) < len(items):
        msg = "must not repeat an item"
        raise ValueError(msg)
    return items


def is_document(value: object) -> object:
    """Refuse what JSON or databases cannot hold: NaN, NUL, halves of pairs, and bottomless nests."""
    if value is None:
        msg = "must not be null"
        raise ValueError(msg)
    level = [value]
    for _ in range(MAX_JSON_DEPTH):
        for part in level:
            _check_leaf(part)
        level = [inner for part in level for inner in _parts(part)]
        if not level:
            return value
    msg = f"must not be nested deeper than {MAX_JSON_DEPTH}"
    raise ValueError(msg)


def _parts(value: object) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _check_leaf(value: object) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        msg = "must not hold NaN or infinite numbers"
        raise ValueError(msg)
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            msg = "must be text"
            raise ValueError(msg) from None
        if "\x00" in value:
            msg = "must not hold NUL"
            raise ValueError(msg)


Line = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(printable)]
Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(storable)]
SearchText = Annotated[
    str,
    Field(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$", description="Text to look for"),
]
Email = Annotated[EmailStr, AfterValidator(normalize_email), Field(max_length=254)]
Url = Annotated[
    str,
    StringConstraints(max_length=2000),
    AfterValidator(is_web_address),
    WithJsonSchema(
        {"type": "string", "format": "uri", "pattern": "^https?://[^ ]+$", "maxLength": 2000}
    ),
]

Int = Annotated[int, Field(ge=MIN_INT, le=MAX_INT)]
BigInt = Annotated[int, Field(ge=MIN_BIGINT, le=MAX_BIGINT)]
Id = Annotated[int, Field(ge=1, le=MAX_BIGINT)]
Float = Annotated[float, Field(allow_inf_nan=False)]
Amount = Annotated[Decimal, BeforeValidator(without_loss)]
AmountText = Annotated[Decimal, PlainSerializer("{:f}".format, return_type=str)]

Date = Annotated[date, BeforeValidator(is_date)]
Moment = Annotated[AwareDatetime, BeforeValidator(is_text), AfterValidator(in_utc)]
TimeOfDay = Annotated[
    time,
    BeforeValidator(is_time),
    WithJsonSchema({"type": "string", "pattern": f"^{TIME}$"}),
]
Uuid = Annotated[UUID, BeforeValidator(is_text)]

Document = Annotated[
    JsonValue,
    BeforeValidator(is_document),
    WithJsonSchema({"type": ["object", "array", "string", "number", "boolean"]}),
]
