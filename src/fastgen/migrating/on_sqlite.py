"""How SQLite makes values of one type from values of another.

It has no types for dates, times, UUIDs and decimals, and CAST makes something of every value: a
date becomes the number of its year. So each pair has an expression of its own, for values as
they are stored, and a condition for those that cannot be read.
"""

from collections.abc import Callable, Mapping

from fastgen.fields.model import Field

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


def _as(expression: str) -> Callable[[Field, Field], str]:
    return lambda _old, _new: expression


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


def _text(_old: Field, new: Field) -> str:
    # These are kept in lower case.
    return "lower({c})" if new.type in {"email", "color"} and _old.type != new.type else "{c}"


EXPRESSIONS: Mapping[tuple[str, str], Callable[[Field, Field], str]] = {
    ("text", "text"): _text,
    ("text", "integer"): _as("CAST({c} AS INTEGER)"),
    ("text", "float"): _as("CAST({c} AS REAL)"),
    ("text", "decimal"): _decimal_of_text,
    ("text", "bool"): _as(f"lower({{c}}) IN {TRUE}"),
    ("text", "date"): _as("{c}"),
    ("text", "datetime"): _as(f"{MOMENT} ELSE strftime('%Y-%m-%d %H:%M:%f', {{c}}) || '000' END"),
    ("text", "time"): _as(TIME),
    ("text", "uuid"): _as(UUID),
    ("text", "json"): _as("{c}"),
    ("integer", "text"): _as("CAST({c} AS TEXT)"),
    ("integer", "float"): _as("CAST({c} AS REAL)"),
    ("integer", "decimal"): _scaled,
    ("integer", "bool"): _as("{c} <> 0"),
    ("float", "text"): _as("CAST({c} AS TEXT)"),
    ("float", "integer"): _as("CAST(round({c}) AS INTEGER)"),
    ("float", "decimal"): _decimal_of_float,
    ("decimal", "text"): _text_of_decimal,
    ("decimal", "integer"): _whole,
    ("decimal", "float"): _float_of_decimal,
    ("decimal", "decimal"): _places,
    ("bool", "text"): _as("CASE WHEN {c} THEN 'true' ELSE 'false' END"),
    ("bool", "integer"): _as("{c}"),
    ("date", "text"): _as("{c}"),
    ("date", "datetime"): _as(f"{{c}} || ' {MIDNIGHT}'"),
    ("datetime", "text"): _as("replace({c}, ' ', 'T') || 'Z'"),
    ("datetime", "date"): _as("substr({c}, 1, 10)"),
    ("datetime", "time"): _as("substr({c}, 12)"),
    ("time", "text"): _as("{c}"),
    ("uuid", "text"): _as(HYPHENS),
    ("json", "text"): _as("{c}"),
}
UNREADABLE: Mapping[tuple[str, str], Callable[[Field, Field], str]] = {
    ("text", "integer"): _as(INTEGER_TEXT),
    ("text", "float"): _as(NUMBER),
    ("text", "decimal"): _inexact,
    ("text", "bool"): _as(f"lower({{c}}) NOT IN {TRUE} AND lower({{c}}) NOT IN {FALSE}"),
    ("text", "date"): _as(f"{DAY} OR length({{c}}) <> 10"),
    ("text", "datetime"): _as(
        f"strftime('%f', {{c}}) IS NULL OR {DAY} OR substr({{c}}, 12, 2) > '23'"
    ),
    ("text", "time"): _as(
        "strftime('%f', {c}) IS NULL OR {c} > '24' OR NOT ({c} GLOB '??:??' OR {c} GLOB '??:??:??'"
        " OR {c} GLOB '??:??:??.[0-9]*' AND length({c}) <= 15)"
    ),
    ("text", "uuid"): _as(f"length({UUID}) <> 32 OR {UUID} GLOB '*[^0-9a-f]*'"),
    ("text", "json"): _as("NOT json_valid({c})"),
    ("float", "integer"): _as("abs({c}) >= 9.2e18"),
}


def too_large(expression: str, new: Field) -> str:
    """Return the condition for values of a decimal, in its last places, with too many digits."""
    return f"abs({expression}) >= {10 ** (new.precision or 0)}"
