"""The types of fields: what they accept, and how they look on the wire.

JSON's own types are taken as they are: `"5"` is no number and `1` is no boolean. What JSON Schema
can say of a type, its schema says: patterns there are the very rules that are checked here.
"""

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Context, Decimal
from itertools import pairwise
from typing import Annotated, Any, Protocol, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    JsonValue,
    PlainSerializer,
    SecretStr,
    Strict,
    validate_email,
)
from pydantic_core import to_json

from app.core.text import normalize_email, printable, storable
from app.schemas import json_schema
from app.schemas.documents import (
    ZERO_OR_NOT_SMALLER,
    DocumentedAsAnyJson,
    check_number,
    check_text,
    is_document,
)
from app.schemas.json_schema import (
    EXACT_DIGITS_OF_A_NUMBER,
    Documented,
    documented,
)
from app.schemas.patterns import (
    DATE,
    FILLED_LINE,
    FILLED_TEXT,
    LINE,
    MAIL_ADDRESS,
    MOMENT,
    NUMBER,
    TEXT,
    TIME,
    UUID_TEXT,
    WEB_ADDRESS,
    WHOLE,
)

MIN_INT, MAX_INT = -(2**31), 2**31 - 1
MIN_BIGINT, MAX_BIGINT = -(2**63), 2**63 - 1

FIRST_INEXACT_INT = 2**53
# A float as well, so that no whole number is rounded beyond it.
MAX_LISTED = 10**18
ALL_DIGITS = Context(prec=300)

DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,99})(\.[0-9]{1,100})?")


class Ordered(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...  # noqa: ANN401


Item = TypeVar("Item", bound=Ordered)


def encodable(secret: SecretStr) -> SecretStr:
    """Refuse halves of surrogate pairs, which JSON can hold and nothing can encode."""
    try:
        secret.get_secret_value().encode()
    except UnicodeEncodeError:
        msg = "must be text"
        raise ValueError(msg) from None
    return secret


def matching(pattern: str, what: str) -> Callable[[object], object]:
    """Make a check that refuses all but texts of a pattern, and says `what` they are."""

    def check(value: object) -> object:
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return value
        msg = f"must be {what}"
        raise ValueError(msg)

    return check


def line(value: str) -> str:
    """Refuse breaks at the ends as well, so that what is refused can be documented."""
    check_text(value)
    return printable(value).strip()


def text(value: str) -> str:
    check_text(value)
    return storable(value).strip()


def mailbox(value: str) -> str:
    """Give an address its one spelling, which must be an address as well."""
    if "<" in value:
        msg = "must be an address without a name"
        raise ValueError(msg)
    address = normalize_email(validate_email(value)[1])
    validate_email(address)
    if value.isascii() and not re.fullmatch(MAIL_ADDRESS, value):
        msg = "must be an address such as ada@example.com and nothing else"
        raise ValueError(msg)
    return address


def in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def without_fraction(value: object) -> object:
    """Take whole numbers only, also as 5.0, which is the same number in JSON."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < FIRST_INEXACT_INT:
        return int(value)
    msg = "must be a whole number"
    raise ValueError(msg)


def listed(value: object) -> object:
    """Check a float as it was sent, which may be beyond a limit that it is rounded to.

    Lists are kept as JSON, so they hold the numbers that documents hold.
    """
    if isinstance(value, int | float):
        check_number(value, -MAX_LISTED, MAX_LISTED)
    return value


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


def without_exponent(value: Decimal) -> str:
    return f"{value:f}"


def places(count: int) -> AfterValidator:
    """Give decimals all their places: with two of them 2.5 is 2.50, and so is it read back."""
    quantum = Decimal(1).scaleb(-count)

    def complete(value: Decimal) -> Decimal:
        all_places = value.quantize(quantum, context=ALL_DIGITS)
        return all_places or all_places.copy_abs()

    return AfterValidator(complete)


def bytes_at_most(limit: int) -> AfterValidator:
    """Refuse documents that are longer when they are written as JSON."""

    def check(value: JsonValue) -> JsonValue:
        if len(to_json(value)) > limit:
            msg = f"must have at most {limit} bytes"
            raise ValueError(msg)
        return value

    return AfterValidator(check)


def distinct(items: list[Item]) -> list[Item]:
    # Not by a set: who sends UUIDs can choose many with one hash.
    if any(one == other for one, other in pairwise(sorted(items))):
        msg = "must not repeat an item"
        raise ValueError(msg)
    return items


Line = Annotated[str, AfterValidator(line), json_schema.Text(LINE, FILLED_LINE)]
Text = Annotated[str, AfterValidator(text), json_schema.Text(TEXT, FILLED_TEXT)]
SearchText = Annotated[
    str,
    Field(
        min_length=3,
        max_length=100,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="Text to look for, at least 3 characters",
    ),
]
Email = Annotated[
    str,
    AfterValidator(mailbox),
    Field(max_length=254),
    documented(format="email", pattern=f"^{MAIL_ADDRESS}$"),
]
Url = Annotated[
    str,
    Field(max_length=2000),
    AfterValidator(matching(WEB_ADDRESS, "a web address such as https://example.com/page")),
    documented(format="uri", pattern=f"^{WEB_ADDRESS}$"),
]

Whole = Annotated[int, BeforeValidator(without_fraction), Documented(json_schema.number)]
Reference = Annotated[Whole, Field(ge=1, le=MAX_BIGINT)]
ListedFloat = Annotated[
    float,
    Strict(),
    Field(ge=-MAX_LISTED, le=MAX_LISTED),
    BeforeValidator(listed),
    ZERO_OR_NOT_SMALLER,
]

# What comes as text, in a query.
Flag = Annotated[bool, BeforeValidator(matching("true|false", "true or false"))]
WholeText = Annotated[
    int, BeforeValidator(matching(WHOLE, "a whole number")), Documented(json_schema.number)
]
Int = Annotated[WholeText, Field(ge=MIN_INT, le=MAX_INT)]
BigInt = Annotated[WholeText, Field(ge=MIN_BIGINT, le=MAX_BIGINT)]
Id = Annotated[WholeText, Field(ge=1, le=MAX_BIGINT)]
Float = Annotated[float, BeforeValidator(matching(NUMBER, "a number")), Field(allow_inf_nan=False)]

Amount = Annotated[Decimal, BeforeValidator(without_loss), Documented(json_schema.decimal)]
QueryAmount = Annotated[
    Decimal, BeforeValidator(without_loss), Documented(json_schema.decimal_text)
]
AmountText = Annotated[Decimal, PlainSerializer(without_exponent)]

Date = Annotated[
    date,
    BeforeValidator(matching(DATE, "a date such as 2026-01-31")),
    Documented(json_schema.date_text),
]
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(
        matching(
            MOMENT,
            "a moment such as 2026-01-31T09:30:00Z, at most to the microsecond, "
            "and not the first or the last that there is",
        )
    ),
    AfterValidator(in_utc),
    Documented(json_schema.moment_text),
]
TimeText = Annotated[time, Documented(json_schema.time_text)]
TimeOfDay = Annotated[
    TimeText, BeforeValidator(matching(TIME, "a time without a zone such as 09:30:00"))
]
Uuid = Annotated[
    UUID,
    BeforeValidator(matching(UUID_TEXT, "a UUID such as 00000000-0000-4000-8000-000000000000")),
    documented(format="uuid", pattern=f"^{UUID_TEXT}$"),
]

Document = Annotated[
    JsonValue,
    BeforeValidator(is_document),
    DocumentedAsAnyJson(),
]
