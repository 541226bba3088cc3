"""Any JSON, as far as JSON and both databases can hold it."""

import math
from typing import Any

MAX_JSON_DEPTH = 32
MAX_WHOLE = 2**63 - 1


def check_text(value: str) -> None:
    """Refuse halves of surrogate pairs and NUL, which JSON can hold and databases cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        msg = "must be text"
        raise ValueError(msg) from None
    if "\x00" in value:
        msg = "must not hold NUL"
        raise ValueError(msg)


def is_document(value: object) -> object:
    """Refuse what JSON or databases cannot hold: NaN, NUL, huge numbers, bottomless nests."""
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
    # SQLite makes a float of a number with more bits.
    if isinstance(value, int) and not -MAX_WHOLE <= value <= MAX_WHOLE:
        msg = "must not hold whole numbers of more than 64 bits"
        raise ValueError(msg)
    if isinstance(value, str):
        check_text(value)
