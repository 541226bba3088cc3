"""PostgreSQL, by asyncpg."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from fastgen.databases.database import Database, JsonType

TRIGRAMS = "gin_trgm_ops"


def _stored(value: object, _scale: int) -> str:
    match value:
        case Decimal():
            return f"{value:f}"
        # The driver sends these dates as infinite.
        case date.min:
            return "-infinity"
        case date.max:
            return "infinity"
    return str(value)


def _search_index(columns: Sequence[str]) -> str:
    classes = ", ".join(f'"{column}": "{TRIGRAMS}"' for column in columns)
    return f'postgresql_using="gin", postgresql_ops={{{classes}}}'


POSTGRESQL = Database(
    name="postgresql",
    label="PostgreSQL",
    dialect="postgresql",
    longest_name=63,
    own_columns=frozenset({"cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"}),
    unquoted=frozenset({"collation", "concurrently", "lateral", "tablesample"}),
    key="sa.BigInteger()",
    most_digits=38,
    decimal="sa.Numeric",
    json=JsonType(
        "sqlalchemy.dialects.postgresql",
        "JSONB",
        in_slices="postgresql.JSONB",
        in_migrations="sa.dialects.postgresql.JSONB",
    ),
    stored=_stored,
    now={"datetime": "now()", "date": "(now() AT TIME ZONE 'UTC')::date"},
    copies=False,
    lock_timeout="SET LOCAL lock_timeout = '5s'",
    search_index=_search_index,
)
