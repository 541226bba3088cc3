from typing import Annotated

from pydantic import BaseModel, Field

from app.api.contract import DocumentedApp
from app.schemas.fields import MAX_BIGINT, MIN_BIGINT, Reference, Whole


class Numbers(BaseModel):
    big: Annotated[Whole, Field(ge=MIN_BIGINT, le=MAX_BIGINT)]
    half: Annotated[float, Field(lt=0.5)]
    several: list[Reference]


def test_limits_are_documented_as_they_are() -> None:
    app = DocumentedApp()

    @app.post("/numbers")
    async def take(numbers: Numbers) -> None: ...

    fields = app.openapi()["components"]["schemas"]["Numbers"]["properties"]
    assert repr(fields["big"]["minimum"]) == "-9223372036854775808"
    assert repr(fields["big"]["exclusiveMaximum"]) == "9223372036854775808"
    assert repr(fields["several"]["items"]["minimum"]) == "1"
    assert fields["half"]["exclusiveMaximum"] == 0.5
    assert app.openapi() is app.openapi()
