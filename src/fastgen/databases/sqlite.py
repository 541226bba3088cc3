"""SQLite, which has no types for decimals, datetimes and UUIDs."""

from datetime import datetime, time
from decimal import Decimal
from uuid import UUID

from fastgen.databases.database import Database, JsonType


def _stored(value: object, scale: int) -> str:
    match value:
        case Decimal():
            return f"{value.scaleb(scale):f}"
        case datetime():
            return value.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
        case time():
            return value.isoformat(timespec="microseconds")
        case UUID():
            return value.hex
    return str(value)


SQLITE = Database(
    name="sqlite",
    label="SQLite",
    longest_name=9999,
    own_tables="sqlite_",
    unquoted=frozenset({"nothing", "returning"}),
    # The only type that SQLite increments by itself.
    key="sa.Integer()",
    most_digits=18,
    why_digits="SQLite has no exact decimals: they are kept as whole numbers of 64 bits",
    decimal="Exact",
    json=JsonType("sqlalchemy", "JSON", in_slices="sa.JSON", in_migrations="sa.JSON"),
    decimal_modules=(("decimals", "decimal_column"),),
    stored=_stored,
    # As SQLAlchemy stores them, so that they can be compared.
    now={"datetime": "strftime('%Y-%m-%d %H:%M:%f000', 'now')", "date": "date('now')"},
    copies=True,
    # It knows no distribution of values, and would sort all rows of a range instead of reading the
    # first ones in the order of the list.
    range_hint="func.likely",
)
