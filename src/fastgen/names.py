"""What a resource is called everywhere: `order item`, `OrderItem`, `order-items`, `order_items`."""

import builtins
import re
from dataclasses import dataclass

from fastgen import reserved
from fastgen.errors import InvalidName
from fastgen.messages import shown
from fastgen.plurals import plural as plural_of
from fastgen.plurals import singular as singular_of

LONGEST = 40
SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*")
RULE = (
    f"use at most {LONGEST} ASCII letters and digits, as in order_item, OrderItem or order-item; "
    "each word begins with a letter"
)
_TYPED = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z][A-Za-z0-9]*)*")
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

# What the modules of a slice import or define, and what Python has without an import.
CLASSES = frozenset(name for name in dir(builtins) if name[0].isupper()) | {
    "Annotated",
    "Any",
    "AppException",
    "AsyncClient",
    "AsyncIterator",
    "AsyncSession",
    "Base",
    "BaseModel",
    "Callable",
    "Caller",
    "ClassVar",
    "ConfigDict",
    "ConflictError",
    "DbSession",
    "Decimal",
    "Depends",
    "EmailStr",
    "Enum",
    "Field",
    "Final",
    "HttpUrl",
    "IntegrityError",
    "Iterator",
    "JsonValue",
    "Literal",
    "Mapped",
    "NotFoundError",
    "Page",
    "Query",
    "Request",
    "Response",
    "Select",
    "Self",
    "Sequence",
    "Session",
    "Slice",
    "StrEnum",
    "Uuid",
    "ValidationError",
}
# The site module's (license, credits, ...) are only there for people at a prompt.
BUILTINS = frozenset(
    name for name in dir(builtins) if type(getattr(builtins, name)).__module__ == "builtins"
)


@dataclass(frozen=True, slots=True)
class Names:
    """A resource's names; `singular` and `plural` are snake_case."""

    singular: str
    plural: str

    @property
    def cls(self) -> str:
        """The model's class: OrderItem."""
        return "".join(part.capitalize() for part in self.singular.split("_"))

    @property
    def label(self) -> str:
        """One of them in a sentence: order item."""
        return self.singular.replace("_", " ")

    @property
    def labels(self) -> str:
        """Many of them in a sentence: order items."""
        return self.plural.replace("_", " ")

    @property
    def path(self) -> str:
        """The part of the URL: order-items."""
        return self.plural.replace("_", "-")

    @property
    def table(self) -> str:
        """The table: order_items."""
        return self.plural


def resolve(name: str, plural: str | None = None) -> Names:
    """Return the names of a resource that was typed in any spelling, singular or plural.

    Raises `InvalidName` when it cannot be called that, or `plural` cannot be its plural.
    """
    if len(name) > LONGEST or not _TYPED.fullmatch(name):
        raise InvalidName(
            f"a resource cannot be called {shown(name)}: {RULE}", snake(name) or "order_item"
        )
    typed = snake(name)
    if plural is None:
        names = Names(singular_of(typed), plural_of(typed))
    else:
        _check_plural(plural, typed)
        names = Names(singular_of(typed) if typed == plural else typed, plural)
    _check(names)
    return names


def snake(text: str) -> str:
    """Return the snake_case name nearest to `text`, `""` when it has no letter."""
    words = re.findall(r"[A-Za-z0-9]+", _WORD_START.sub("_", text))
    joined = re.sub(r"_(?=[0-9])", "", "_".join(words)).lower()
    return joined.lstrip("0123456789_")[:LONGEST].rstrip("_")


def _check_plural(plural: str, typed: str) -> None:
    if len(plural) > LONGEST or not SNAKE.fullmatch(plural):
        near = snake(plural) or plural_of(typed)
        raise InvalidName(
            f"{shown(plural)} cannot be the plural: use snake_case, at most {LONGEST} characters, "
            "as in order_items",
            f"--plural {near}",
        )


def _check(names: Names) -> None:
    if names.singular == names.plural:
        raise InvalidName(
            f"'{names.singular}' is its own plural, but one and many need different names",
            f"--plural {names.singular}_items",
        )
    for word in (names.singular, names.plural):
        if word in reserved.KEYWORDS:
            raise _taken(names, f"'{word}' is a keyword of Python")
        if word in BUILTINS:
            raise _taken(names, f"'{word}' is a built-in name of Python")
    if names.cls in CLASSES:
        raise _taken(names, f"generated modules know another class {names.cls}")


def _taken(names: Names, reason: str) -> InvalidName:
    return InvalidName(
        f"a resource cannot be called '{names.singular}': {reason}; choose a more telling name",
        f"{names.singular}_entry",
    )
