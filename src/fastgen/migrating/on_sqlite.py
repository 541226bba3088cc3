"""How SQLite makes values of one type from values of another.

It has no types for dates, times, UUIDs and decimals, and CAST makes something of every value: a
date becomes the number of its year. So each pair has an expression of its own, for values as
they are stored, and a condition for those that cannot be read.
"""

from fastgen.fields.model import Field
from fastgen.migrating.dialect import Dialect, Expressions, always, text_of_text

INTEGER_TEXT = "CAST(CAST({c} AS INTEGER) AS TEXT) <> {c}"
NUMBER = "CASE WHEN json_valid({c}) THEN json_type({c}) NOT IN ('integer', 'real') ELSE true END"
TRUE, FALSE = "('true', 't', 'yes', 'y', 'on', '1')", "('false', 'f', 'no', 'n', 'off', '0')"
# As `datetime` and `time` are stored, six places behind the second.
MIDNIGHT = "00:00:00.000000"
MOMENT = (
    "CASE WHEN {c} GLOB '????-??-??T??:??:??.??????Z' THEN replace(substr({c}, 1, 26), 'T', ' ')"
)
# Without a modifier, the last days of a short month would count as days.
DAY = "date(substr({c}, 1, 10), '+0 days') IS NOT substr({c}, 1, 10)"
# What is missing behind the minutes is zero.
TIME = "{c} || substr('00:00:00.000000', length({c}) + 1)"
UUID = "lower(replace({c}, '-', ''))"
HYPHENS = " || '-' || ".join(
    f"substr({{c}}, {start}, {size})"
    for start, size in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
)
# Floats are exact up to so many digits.
EXACT_DIGITS = 15


def _scaled(_old: Field, new: Field) -> str:
    return f"{{c}} * {10 ** (new.scale or 0)}" if new.scale else "{c}"


def _rounded(value: str, factor: int) -> str:
    """Return whole `value` divided by `factor`, rounded away from zero at the half."""
    half = factor // 2
    return f"({value} + CASE WHEN {value} < 0 THEN -{half} ELSE {half} END) / {factor}"


def _places(old: Field, new: Field) -> str:
    more = (new.scale or 0) - (old.scale or 0)
    if more < 0:
        return _rounded("{c}", 10**-more)
    return f"{{c}} * {10**more}" if more else "{c}"


def _whole(old: Field, _new: Field) -> str:
    return _rounded("{c}", 10**old.scale) if old.scale else "{c}"


def _float_of_decimal(old: Field, _new: Field) -> str:
    return f"{{c}} / {10 ** (old.scale or 0)}.0"


def _decimal_of_float(_old: Field, new: Field) -> str:
    return f"CAST(round({{c}} * {10 ** (new.scale or 0)}) AS INTEGER)"


def _decimal_of_text(_old: Field, new: Field) -> str:
    return f"CAST(round(CAST({{c}} AS REAL) * {10 ** (new.scale or 0)}) AS INTEGER)"


def _inexact(_old: Field, new: Field) -> str:
    """Return the condition for texts whose decimal a float would not keep."""
    places = f"instr({{c}}, '.') > 0 AND length({{c}}) - instr({{c}}, '.') > {new.scale}"
    return f"{NUMBER} OR {{c}} GLOB '*[eE]*' OR length({{c}}) > {EXACT_DIGITS} OR {places}"


def _text_of_decimal(old: Field, _new: Field) -> str:
    if not old.scale:
        return "CAST({c} AS TEXT)"
    sign = "CASE WHEN {c} < 0 THEN '-' ELSE '' END"
    one = 10**old.scale
    return f"printf('%s%d.%0{old.scale}d', {sign}, abs({{c}}) / {one}, abs({{c}}) % {one})"


EXPRESSIONS: Expressions = {
    ("text", "text"): text_of_text,
    ("text", "integer"): always("CAST({c} AS INTEGER)"),
    ("text", "float"): always("CAST({c} AS REAL)"),
    ("text", "decimal"): _decimal_of_text,
    ("text", "bool"): always(f"lower({{c}}) IN {TRUE}"),
    ("text", "date"): always("{c}"),
    ("text", "datetime"): always(
        f"{MOMENT} ELSE strftime('%Y-%m-%d %H:%M:%f', {{c}}) || '000' END"
    ),
    ("text", "time"): always(TIME),
    ("text", "uuid"): always(UUID),
    ("text", "json"): always("{c}"),
    ("integer", "text"): always("CAST({c} AS TEXT)"),
    ("integer", "float"): always("CAST({c} AS REAL)"),
    ("integer", "decimal"): _scaled,
    ("integer", "bool"): always("{c} <> 0"),
    ("float", "text"): always("CAST({c} AS TEXT)"),
    ("float", "integer"): always("CAST(round({c}) AS INTEGER)"),
    ("float", "decimal"): _decimal_of_float,
    ("decimal", "text"): _text_of_decimal,
    ("decimal", "integer"): _whole,
    ("decimal", "float"): _float_of_decimal,
    ("decimal", "decimal"): _places,
    ("bool", "text"): always("CASE WHEN {c} THEN 'true' ELSE 'false' END"),
    ("bool", "integer"): always("{c}"),
    ("date", "text"): always("{c}"),
    ("date", "datetime"): always(f"{{c}} || ' {MIDNIGHT}'"),
    ("datetime", "text"): always("replace({c}, ' ', 'T') || 'Z'"),
    ("datetime", "date"): always("substr({c}, 1, 10)"),
    ("datetime", "time"): always("substr({c}, 12)"),
    ("time", "text"): always("{c}"),
    ("uuid", "text"): always(HYPHENS),
    ("json", "text"): always("{c}"),
}
UNREADABLE: Expressions = {
    ("text", "integer"): always(INTEGER_TEXT),
    ("text", "float"): always(NUMBER),
    ("text", "decimal"): _inexact,
    ("text", "bool"): always(f"lower({{c}}) NOT IN {TRUE} AND lower({{c}}) NOT IN {FALSE}"),
    ("text", "date"): always(f"{DAY} OR length({{c}}) <> 10"),
    ("text", "datetime"): always(
        f"strftime('%f', {{c}}) IS NULL OR {DAY} OR substr({{c}}, 12, 2) > '23'"
    ),
    ("text", "time"): always(
        "strftime('%f', {c}) IS NULL OR {c} > '24' OR NOT ({c} GLOB '??:??' OR {c} GLOB '??:??:??'"
        " OR {c} GLOB '??:??:??.[0-9]*' AND length({c}) <= 15)"
    ),
    ("text", "uuid"): always(f"length({UUID}) <> 32 OR {UUID} GLOB '*[^0-9a-f]*'"),
    ("text", "json"): always("NOT json_valid({c})"),
    ("float", "integer"): always("abs({c}) >= 9.2e18"),
}


def too_large(expression: str, new: Field) -> str:
    """Return the condition for values of a decimal, in its last places, with too many digits."""
    return f"abs({expression}) >= {10 ** (new.precision or 0)}"


DIALECT = Dialect(
    expressions=EXPRESSIONS,
    unreadable=UNREADABLE,
    too_large=too_large,
)
