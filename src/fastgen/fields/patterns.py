"""Checks that both Python and Pydantic support a regular expression."""

import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from pydantic import TypeAdapter


# Groups with flags or names, which JavaScript rejects or interprets differently; not escaped ones.
OTHER_GROUP = re.compile(r"(?<!\\)(?:\\\\)*\(\?(?!:)")
LONGEST = 79


def check(pattern: str) -> None:
    """Raise `ValueError` with the reason when Python, Pydantic or a client cannot use `pattern`."""
    if len(pattern) > LONGEST:
        raise ValueError(f"it has {len(pattern)} characters, and at most {LONGEST} are allowed")
    try:
        with warnings.catch_warnings():
            # Python warns of nested sets, which mean something else to Pydantic's engine.
            warnings.simplefilter("error")
            re.compile(pattern)
    except (re.error, Warning, OverflowError, RecursionError) as error:
        raise ValueError(f"Python cannot read it: {error}") from error
    from pydantic_core import SchemaError  # noqa: PLC0415  # a fifth of a second, only now needed

    try:
        _adapter(pattern)
    except SchemaError as error:
        reason = str(error).rstrip().splitlines()[-1].strip().removeprefix("error: ")
        raise ValueError(
            f"Pydantic cannot read it ({reason}); it has no look-around and no back-references"
        ) from error
    if OTHER_GROUP.search(pattern):
        raise ValueError("clients in other languages cannot read groups with `(?` other than `(?:`")


def matches(pattern: str, text: str) -> bool:
    """Whether the checked `pattern` matches `text` as it does in the generated schema."""
    from pydantic import ValidationError  # noqa: PLC0415  # see above

    try:
        _adapter(pattern).validate_python(text)
    except ValidationError:
        return False
    return True


@lru_cache(maxsize=8)
def _adapter(pattern: str) -> "TypeAdapter[str]":
    from pydantic import Field, TypeAdapter  # noqa: PLC0415  # see above

    return TypeAdapter(Annotated[str, Field(pattern=pattern)])
