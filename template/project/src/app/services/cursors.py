"""Cursors: where a page starts, as text that clients send back unchanged."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field, FiniteFloat, NaiveDatetime, TypeAdapter
from sqlalchemy.types import TypeEngine

from app.core.exceptions import InvalidCursorError
from app.core.security import MAX_ID

VERSION = 1
# Longer texts are cut, so that every cursor fits the limit of its parameter.
MAX_TEXT = 60
MAX_DIGITS = 1000
FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)


def comparable(column_type: TypeEngine[Any], annotation: object = object) -> Any:  # noqa: ANN401
    """Return the type of cursor values that the database can compare with a column."""
    digits = getattr(column_type, "precision", None) or MAX_DIGITS
    places = getattr(column_type, "scale", None)
    zoned = getattr(column_type, "timezone", False)
    limited: dict[object, object] = {
        int: Annotated[int, Field(ge=-MAX_ID - 1, le=MAX_ID)],
        float: FiniteFloat,
        str: Annotated[str, Field(pattern=r"^[^\x00]*$")],
        Decimal: Annotated[
            Decimal,
            Field(max_digits=digits, decimal_places=places),
            # A zero passes the limits with any exponent.
            AfterValidator(lambda value: value or Decimal(0)),
        ],
        # A datetime in another time zone may be out of range in UTC.
        datetime: Annotated[AwareDatetime, Field(ge=FIRST, le=LAST)] if zoned else NaiveDatetime,
    }
    # Some column types do not declare the type of their values, but the schema does.
    limited[object] = limited.get(annotation, annotation)
    return limited.get(column_type.python_type, column_type.python_type)


class CursorCodec:
    """Writes and reads cursors: base64 of a JSON list `[version, sort, value, id]`."""

    def __init__(self, sort: str, value_type: Any, id_type: Any) -> None:  # noqa: ANN401
        self._head = (VERSION, sort)
        self._adapter: TypeAdapter[Any] = TypeAdapter(
            tuple[Literal[VERSION], Literal[sort], value_type, id_type]  # type: ignore[valid-type]
        )

    def write(self, value: object, row_id: object) -> str:
        if type(value) is str:
            value = value[:MAX_TEXT]
        # Not signed: a forged one only starts a page somewhere else in the caller's own list.
        text = self._adapter.dump_json((*self._head, value, row_id))
        return urlsafe_b64encode(text).decode().rstrip("=")

    def read(self, cursor: str) -> tuple[Any, Any]:
        """Return its sort value and id; raise InvalidCursorError if it is of another sort order."""
        try:
            text = urlsafe_b64decode(f"{cursor}==")
            _, _, value, row_id = self._adapter.validate_json(text, strict=True)
        except ValueError:
            raise InvalidCursorError from None
        return value, row_id
