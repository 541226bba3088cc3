"""Values of a wrong type, which a field refuses whatever its limits are."""

from fastgen.fields.model import Type
from fastgen.samples.model import JSON, Invalid

NOT_TEXT = Invalid(7, "not-text")
# Midnight of 2026-01-02: lax validation turns it into a date or a datetime.
EPOCH_SECONDS = Invalid(1767312000, "number")

_FIXED: dict[Type, tuple[Invalid, ...]] = {
    "str": (NOT_TEXT,),
    "text": (NOT_TEXT,),
    "enum": (NOT_TEXT,),
    "uuid": (NOT_TEXT, Invalid("not-a-uuid", "not-a-uuid")),
    "email": (NOT_TEXT, Invalid("no-address", "no-address")),
    "url": (
        NOT_TEXT,
        Invalid("not a url", "not-a-url"),
        Invalid("ftp://example.com", "wrong-scheme"),
    ),
    "bool": (Invalid(1, "number"), Invalid("true", "text")),
    "int": (Invalid(1.5, "fraction"), Invalid(value=True, rule="bool")),
    "bigint": (Invalid(1.5, "fraction"), Invalid(value=True, rule="bool")),
    "float": (Invalid(value=True, rule="bool"),),
    "decimal": (Invalid("x", "not-a-number"), Invalid("NaN", "nan")),
    "date": (Invalid("2026-02-30", "impossible-date"), EPOCH_SECONDS),
    "datetime": (Invalid("2026-02-30T10:00:00Z", "impossible-moment"), EPOCH_SECONDS),
    "time": (Invalid("25:00", "impossible-time"), Invalid(36000, "number")),
}


def wrong_type(kind: Type, good: JSON) -> tuple[Invalid, ...]:
    """Return values that are not of the type `kind`, some of them derived from a `good` one.

    Lax validation would accept those, as only their type is wrong.
    """
    made: tuple[Invalid, ...] = ()
    match kind:
        case "int" | "bigint" | "float":
            made = (Invalid(str(good), "text"),)
        case "date":
            made = (Invalid(f"{good}T00:00:00", "moment"),)
        case "datetime":
            made = (Invalid(str(good).removesuffix("Z"), "no-time-zone"),)
        case "time":
            made = (Invalid(f"{good}Z", "time-zone"),)
        case _:
            pass
    return (*_FIXED.get(kind, ()), *made)
