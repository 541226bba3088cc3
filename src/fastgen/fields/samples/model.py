"""The samples of a field."""

from dataclasses import dataclass
from typing import TypeAlias

JSON: TypeAlias = bool | int | float | str | list["JSON"] | dict[str, "JSON"] | None

# Enough to test paging, and few enough to read.
COUNT = 5


@dataclass(frozen=True, slots=True)
class Invalid:
    """A value that breaks one rule of its field; `rule` is a short id for the test.

    A rule `of_type` is one of a type that a slice imports, which is tested with that type.
    """

    value: JSON
    rule: str
    of_type: bool = False


@dataclass(frozen=True, slots=True)
class Samples:
    """Values of a field as they are in JSON.

    `valid` are distinct and, if the column can be sorted, ascending. `edges` are the last values
    that the limits accept, so that a test notices `gt` instead of `ge`.
    """

    valid: tuple[JSON, ...]
    invalid: tuple[Invalid, ...]
    edges: tuple[JSON, ...] = ()
