"""How PostgreSQL makes values of one type from values of another.

PostgreSQL itself refuses values that cannot be read or do not fit, so the conditions only find the
rows beforehand. What follows the expression is an assignment, which for example refuses a text that
is too long, where a CAST would cut it.
"""

from fastgen.fields.model import Field
from fastgen.migrating.dialect import Dialect, Expressions, always, text_of_text

# A text without a time zone would be in that of the session.
MOMENT = "CAST({c} AS TIMESTAMP WITH TIME ZONE)"
NUMBER = r"{c} !~ '^\s*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?\s*$'"
DATE, TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}"


EXPRESSIONS: Expressions = {
    ("text", "text"): text_of_text,
    ("text", "integer"): always("CAST({c} AS BIGINT)"),
    ("text", "float"): always("CAST({c} AS DOUBLE PRECISION)"),
    ("text", "decimal"): always("CAST({c} AS NUMERIC)"),
    ("text", "bool"): always("CAST({c} AS BOOLEAN)"),
    ("text", "date"): always("CAST({c} AS DATE)"),
    ("text", "datetime"): always(MOMENT),
    ("text", "time"): always("CAST({c} AS TIME)"),
    ("text", "uuid"): always("CAST({c} AS UUID)"),
    ("text", "json"): always("CAST({c} AS JSONB)"),
    ("integer", "text"): always("CAST({c} AS TEXT)"),
    ("integer", "float"): always("{c}"),
    ("integer", "decimal"): always("{c}"),
    ("integer", "bool"): always("{c} <> 0"),
    ("float", "text"): always("CAST({c} AS TEXT)"),
    # Of floats, PostgreSQL rounds a half to the even neighbour.
    ("float", "integer"): always("round(CAST({c} AS NUMERIC))"),
    ("float", "decimal"): always("{c}"),
    ("decimal", "text"): always("CAST({c} AS TEXT)"),
    ("decimal", "integer"): always("round({c})"),
    ("decimal", "float"): always("{c}"),
    ("decimal", "decimal"): always("{c}"),
    ("bool", "text"): always("CAST({c} AS TEXT)"),
    ("bool", "integer"): always("CAST({c} AS INTEGER)"),
    ("date", "text"): always("CAST({c} AS TEXT)"),
    ("date", "datetime"): always("CAST({c} AS TIMESTAMP) AT TIME ZONE 'UTC'"),
    ("datetime", "text"): always(
        """to_char({c} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    ),
    ("datetime", "date"): always("CAST({c} AT TIME ZONE 'UTC' AS DATE)"),
    ("datetime", "time"): always("CAST({c} AT TIME ZONE 'UTC' AS TIME)"),
    ("time", "text"): always("to_char({c}, 'HH24:MI:SS.US')"),
    ("uuid", "text"): always("CAST({c} AS TEXT)"),
    ("json", "text"): always("CAST({c} AS TEXT)"),
}
UNREADABLE: Expressions = {
    ("text", "integer"): always(r"{c} !~ '^\s*[-+]?[0-9]+\s*$'"),
    ("text", "float"): always(NUMBER),
    ("text", "decimal"): always(NUMBER),
    ("text", "bool"): always("{c} !~* '^(true|t|yes|y|on|1|false|f|no|n|off|0)$'"),
    ("text", "date"): always(f"{{c}} !~ '^{DATE}$'"),
    ("text", "datetime"): always(f"{{c}} !~ '^{DATE}([T ]{TIME}.*)?$'"),
    ("text", "time"): always(f"{{c}} !~ '^{TIME}'"),
    ("text", "uuid"): always("length(replace({c}, '-', '')) <> 32 OR {c} ~* '[^0-9a-f-]'"),
}


def too_large(_expression: str, new: Field) -> str:
    """Return the condition for values that have too many digits for a decimal."""
    whole = (new.precision or 0) - (new.scale or 0)
    return f"abs(round(CAST({{c}} AS NUMERIC), {new.scale})) >= {10**whole}"


DIALECT = Dialect(
    expressions=EXPRESSIONS,
    unreadable=UNREADABLE,
    too_large=too_large,
    before={MOMENT: "SET LOCAL timezone = 'UTC'"},
)
