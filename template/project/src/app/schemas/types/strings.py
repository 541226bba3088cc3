"""Types of short texts."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, validate_email
from typing_extensions import TypeAliasType

from app.core.text import normalize_email

# Without control characters, which include line breaks.
SINGLE_LINE = r"^[^\x00-\x1f\x7f-\x9f]*$"

SingleLineStr = Annotated[str, StringConstraints(strip_whitespace=True, pattern=SINGLE_LINE)]
SearchText = Annotated[str, Field(min_length=3, max_length=100, pattern=SINGLE_LINE)]


def canonical_email(value: str) -> str:
    """Validate an e-mail address and return the spelling in which it is stored."""
    if "<" in value:
        raise ValueError("must be an address without a name")
    address = normalize_email(validate_email(value)[1])
    # Case folding may make it invalid.
    validate_email(address)
    return address


Email = TypeAliasType(
    "Email",
    Annotated[
        str,
        Field(
            max_length=254, examples=["ada@example.com"], json_schema_extra={"format": "email"}
        ),
        AfterValidator(canonical_email),
    ],
)
