"""How PostgreSQL makes values of one type from values of another.

It refuses itself what cannot be read or does not fit, so the conditions only find the rows
beforehand. What follows the expression is an assignment, which for example refuses a text that is
too long, where a CAST would cut it.
"""

from collections.abc import Callable, Mapping

from fastgen.fields.model import Field

# A text without a time zone would be in that of the session.
MOMENT = "CAST({c} AS TIMESTAMP WITH TIME ZONE)"
NUMBER = r"{c} !~ '^\s*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?\s*$'"
DATE, TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}"


def _as(expression: str) -> Callable[[Field, Field], str]:
    return lambda _old, _new: expression


def _text(old: Field, new: Field) -> str:
    # These are kept in lower case.
    return "lower({c})" if new.type in {"email", "color"} and old.type != new.type else "{c}"


EXPRESSIONS: Mapping[tuple[str, str], Callable[[Field, Field], str]] = {
    ("text", "text"): _text,
    ("text", "integer"): _as("CAST({c} AS BIGINT)"),
    ("text", "float"): _as("CAST({c} AS DOUBLE PRECISION)"),
    ("text", "decimal"): _as("CAST({c} AS NUMERIC)"),
    ("text", "bool"): _as("CAST({c} AS BOOLEAN)"),
    ("text", "date"): _as("CAST({c} AS DATE)"),
    ("text", "datetime"): _as(MOMENT),
    ("text", "time"): _as("CAST({c} AS TIME)"),
    ("text", "uuid"): _as("CAST({c} AS UUID)"),
    ("text", "json"): _as("CAST({c} AS JSONB)"),
    ("integer", "text"): _as("CAST({c} AS TEXT)"),
    ("integer", "float"): _as("{c}"),
    ("integer", "decimal"): _as("{c}"),
    ("integer", "bool"): _as("{c} <> 0"),
    ("float", "text"): _as("CAST({c} AS TEXT)"),
    # Of floats, PostgreSQL rounds a half to the even neighbour.
    ("float", "integer"): _as("round(CAST({c} AS NUMERIC))"),
    ("float", "decimal"): _as("{c}"),
    ("decimal", "text"): _as("CAST({c} AS TEXT)"),
    ("decimal", "integer"): _as("round({c})"),
    ("decimal", "float"): _as("{c}"),
    ("decimal", "decimal"): _as("{c}"),
    ("bool", "text"): _as("CAST({c} AS TEXT)"),
    ("bool", "integer"): _as("CAST({c} AS INTEGER)"),
    ("date", "text"): _as("CAST({c} AS TEXT)"),
    ("date", "datetime"): _as("CAST({c} AS TIMESTAMP) AT TIME ZONE 'UTC'"),
    ("datetime", "text"): _as(
        """to_char({c} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    ),
    ("datetime", "date"): _as("CAST({c} AT TIME ZONE 'UTC' AS DATE)"),
    ("datetime", "time"): _as("CAST({c} AT TIME ZONE 'UTC' AS TIME)"),
    ("time", "text"): _as("to_char({c}, 'HH24:MI:SS.US')"),
    ("uuid", "text"): _as("CAST({c} AS TEXT)"),
    ("json", "text"): _as("CAST({c} AS TEXT)"),
}
UNREADABLE: Mapping[tuple[str, str], Callable[[Field, Field], str]] = {
    ("text", "integer"): _as(r"{c} !~ '^\s*[-+]?[0-9]+\s*$'"),
    ("text", "float"): _as(NUMBER),
    ("text", "decimal"): _as(NUMBER),
    ("text", "bool"): _as("{c} !~* '^(true|t|yes|y|on|1|false|f|no|n|off|0)$'"),
    ("text", "date"): _as(f"{{c}} !~ '^{DATE}$'"),
    ("text", "datetime"): _as(f"{{c}} !~ '^{DATE}([T ]{TIME}.*)?$'"),
    ("text", "time"): _as(f"{{c}} !~ '^{TIME}'"),
    ("text", "uuid"): _as("length(replace({c}, '-', '')) <> 32 OR {c} ~* '[^0-9a-f-]'"),
}


def too_large(_expression: str, new: Field) -> str:
    """Return the condition for values that have too many digits for a decimal."""
    whole = (new.precision or 0) - (new.scale or 0)
    return f"abs(round(CAST({{c}} AS NUMERIC), {new.scale})) >= {10**whole}"
