"""What samples are."""

from dataclasses import dataclass
from typing import TypeAlias

JSON: TypeAlias = bool | int | float | str | list["JSON"] | dict[str, "JSON"] | None

# As many as a list's test needs for paging, and few enough to read.
COUNT = 5


@dataclass(frozen=True, slots=True)
class Invalid:
    """A value that breaks one rule of its field; `rule` is short, for the id of a test."""

    value: JSON
    rule: str


@dataclass(frozen=True, slots=True)
class Samples:
    """Values of one field as they travel in JSON.

    `valid` are distinct and, where a column can be sorted, ascending. `edges` are the last values
    that each limit still takes: a test that posts them notices `gt` in the place of `ge`.
    """

    valid: tuple[JSON, ...]
    invalid: tuple[Invalid, ...]
    edges: tuple[JSON, ...] = ()
