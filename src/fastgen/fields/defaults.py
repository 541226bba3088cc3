"""Checks the default of a field against its type and limits."""

import json
import re
from collections.abc import Callable, Mapping
from typing import NoReturn

from fastgen.fields import patterns
from fastgen.fields.grammar import DEFAULT_LENGTH, LONGEST_EMAIL, LONGEST_TEXT, LONGEST_URL
from fastgen.fields.limits import span
from fastgen.fields.model import RANGED, Field
from fastgen.fields.values import rank, read, read_bool, read_uuid, write

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+[A-Za-z]{{2,63}})")
_LONGEST_LOCAL = 64
# The limits of the generated schemas for JSON, as PostgreSQL writes 1e308 with 309 digits.
_MOST_LEVELS = 32
_MIN_NUMBER, _MAX_NUMBER = -(2**63), 2**63 - 1
_MAX_LISTED = 10**18
_SMALLEST = 1e-18
# Domains that cannot receive mail, which validators refuse.
_SPECIAL = (".arpa", ".invalid", ".local", ".localhost", ".onion", ".test")


def canonical(field: Field, text: str) -> str:
    """Return the canonical text of the default `text` of an otherwise valid field.

    Raises `ValueError` that says what is allowed.
    """
    if field.type in RANGED:
        return _ranged(field, text)
    return _READERS[field.type](field, text)


def _ranged(field: Field, text: str) -> str:
    value = read(field, text)
    if rank(field, value) not in span(field):
        raise ValueError("it is outside of the field's own limits")
    return write(value)


def _text(field: Field, text: str) -> str:
    longest = field.length or field.max or LONGEST_TEXT
    if text != text.strip():
        raise ValueError("it begins or ends with white space, which values are stripped of")
    if not (field.min or 0) <= len(text) <= longest:
        raise ValueError(f"use {field.min or 0} to {longest} characters")
    if field.pattern is not None and not patterns.matches(field.pattern, text):
        raise ValueError("it does not match the field's own pattern")
    return text


def _email(_field: Field, text: str) -> str:
    found = _EMAIL.fullmatch(text)
    if not found or len(found[1]) > _LONGEST_LOCAL or len(text) > LONGEST_EMAIL:
        raise ValueError("use an address like info@example.com")
    domain = found[2].lower()
    if domain.endswith(_SPECIAL):
        raise ValueError("no mail reaches that domain; use an address like info@example.com")
    return f"{found[1]}@{domain}"


def _url(_field: Field, text: str) -> str:
    from pydantic import HttpUrl, ValidationError  # noqa: PLC0415  # slow, and rarely needed

    if len(text) <= LONGEST_URL and text.isprintable() and " " not in text:
        try:
            url = str(HttpUrl(text))
        except ValidationError:
            url = ""
        if url and len(url) <= LONGEST_URL:
            return url
    raise ValueError(f"use an address like https://example.com/, at most {LONGEST_URL} characters")


def _enum(field: Field, text: str) -> str:
    if text not in field.values:
        raise ValueError(f"use one of {', '.join(field.values)}")
    return text


def _list(field: Field, text: str) -> str:
    # The items of a list have no limits.
    item = Field(field.name, field.item or "str", length=DEFAULT_LENGTH)
    texts = [part.strip() for part in text.split(",")] if text.strip() else []
    if "" in texts:
        raise ValueError("there is an empty item; use items with single commas between them")
    items = [canonical(item, part) for part in texts]
    if item.type == "float":
        for each in items:
            _check_number(float(each), -_MAX_LISTED, _MAX_LISTED)
    if not (field.min or 0) <= len(items) <= (field.max or len(items)):
        raise ValueError("the list allows another number of items")
    if field.unique and len(set(items)) < len(items):
        raise ValueError("an item occurs twice, but the field is unique")
    return ",".join(items)


def _json(field: Field, text: str) -> str:
    try:
        value = json.loads(text, parse_constant=_no_number)
        told = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        size = len(told.encode())
    except (ValueError, RecursionError) as error:
        raise ValueError('use a JSON value like {"a":[1,true]}') from error
    if value is None:
        raise ValueError("it is null; for that, leave the default out and say optional")
    if "\\u0000" in told:
        raise ValueError("databases cannot keep the character \\u0000")
    _check_json(value)
    if field.max is not None and size > field.max:
        raise ValueError(f"it has {size} bytes: use at most {field.max}")
    return told


def _check_json(value: object, levels: int = _MOST_LEVELS) -> None:
    if not levels:
        raise ValueError(f"it is nested deeper than {_MOST_LEVELS}")
    match value:
        case dict():
            _check_json(list(value.values()), levels)
        case list():
            for item in value:
                _check_json(item, levels - 1)
        case int() | float():
            _check_number(value, _MIN_NUMBER, _MAX_NUMBER)


def _check_number(number: float, least: int, most: int) -> None:
    if not least <= number <= most or 0 < abs(number) < _SMALLEST:
        raise ValueError(
            f"numbers in it must be from {least} to {most}, and not nearer to 0 than {_SMALLEST}"
        )


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"JSON has no {name}")


_READERS: Mapping[str, Callable[[Field, str], str]] = {
    "str": _text,
    "text": _text,
    "bool": lambda _field, text: read_bool(text),
    "uuid": lambda _field, text: read_uuid(text),
    "email": _email,
    "url": _url,
    "json": _json,
    "enum": _enum,
    "list": _list,
}
