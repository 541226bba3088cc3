"""How a database makes values of one type from values of another, as SQL; `{c}` is the column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fastgen.fields.model import Field

Pair = tuple[str, str]
Expressions = Mapping[Pair, Callable[[Field, Field], str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What differs between databases when values change their type."""

    # Of each pair of types, the new value; and the condition for those that cannot be read.
    expressions: Expressions
    unreadable: Expressions
    # The condition for values of such an expression with more digits than the new decimal has.
    too_large: Callable[[str, Field], str]
    # Statements that have to run before an expression.
    before: Mapping[str, str] = field(default_factory=dict)


def always(expression: str) -> Callable[[Field, Field], str]:
    """Return an expression that does not depend on the fields."""
    return lambda _old, _new: expression


def text_of_text(old: Field, new: Field) -> str:
    """Return the expression for texts of another type."""
    # These are kept in lower case.
    return "lower({c})" if new.type in {"email", "color"} and old.type != new.type else "{c}"
