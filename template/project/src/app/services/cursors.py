"""Cursors: where a page starts, as text that clients send back unchanged."""

import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, Field, TypeAdapter
from sqlalchemy.types import TypeEngine

from app.core.exceptions import InvalidCursorError
from app.core.security import MAX_ID

VERSION = 1
# Longer texts are cut, so that every cursor fits the limit of its parameter.
MAX_TEXT = 60
MAX_EXPONENT = 1000


class CursorCodec:
    """Writes and reads cursors: base64 of a JSON list `[version, sort, value, id]`.

    Cursors are not signed. A forged one only starts a page somewhere else in the caller's own list.
    """

    def __init__(self, sort: str, value_type: Any, column_type: TypeEngine[Any]) -> None:  # noqa: ANN401
        self._sort = sort
        self._column_type = column_type
        value = Annotated[value_type, AfterValidator(self._check)]
        row_id = Annotated[int, Field(ge=0, le=MAX_ID)]
        cursor: Any = tuple[int, str, value, row_id]
        self._adapter: TypeAdapter[tuple[int, str, Any, int]] = TypeAdapter(cursor)

    def write(self, value: object, row_id: int) -> str:
        if type(value) is str:
            value = value[:MAX_TEXT]
        text = self._adapter.dump_json((VERSION, self._sort, value, row_id))
        return urlsafe_b64encode(text).decode().rstrip("=")

    def read(self, cursor: str) -> tuple[Any, int]:
        """Return the sort value and the id of a cursor.

        Raises InvalidCursorError if it was not made by this version for this sort order.
        """
        try:
            text = urlsafe_b64decode(f"{cursor}==")
            version, sort, value, row_id = self._adapter.validate_json(text, strict=True)
        except ValueError:
            raise InvalidCursorError from None
        if (version, sort) != (VERSION, self._sort):
            raise InvalidCursorError
        return value, row_id

    def _check(self, value: object) -> object:
        """Refuse values that a database cannot compare with a column of their type."""
        match value:
            case int():
                refused = abs(value) > MAX_ID
            case float():
                refused = not math.isfinite(value)
            case str():
                refused = "\0" in value
            case datetime():
                # A column without time zones holds none.
                zone = timedelta(0) if getattr(self._column_type, "timezone", False) else None
                refused = value.utcoffset() != zone
            case time():
                refused = value.tzinfo is not None
            case Decimal():
                refused = not self._fits(value)
            case _:
                refused = False
        if refused:
            raise ValueError("cannot be compared")
        return value

    def _fits(self, value: Decimal) -> bool:
        precision = getattr(self._column_type, "precision", None)
        if precision is None:
            return abs(value.adjusted()) <= MAX_EXPONENT
        scale = self._column_type.scale or 0  # type: ignore[attr-defined]
        _, _, exponent = value.as_tuple()
        return value.adjusted() < precision - scale and -scale <= int(exponent) <= 0
