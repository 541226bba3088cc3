"""The names of a resource: `order item`, `OrderItem`, `order-items`, `order_items`."""

import builtins
import contextlib
import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import cache

from fastgen import databases
from fastgen.errors import InvalidName
from fastgen.messages import shown
from fastgen.names import reserved
from fastgen.names.plurals import plural as plural_of
from fastgen.names.plurals import singular as singular_of

LONGEST = 40
# Makes a plural of any name.
ITEMS = "_items"
SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*")
RULE = (
    f"use at most {LONGEST} ASCII letters and digits, as in order_item, OrderItem or order-item; "
    "each word begins with a letter"
)
# What follows the prefix of the API in the URL of a resource.
PATH = re.compile(r"[A-Za-z0-9]+(?:[-._~/][A-Za-z0-9]+)*")
LONGEST_PATH = 100
_TYPED = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z][A-Za-z0-9]*)*")
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

BUILTIN_CLASSES = frozenset(name for name in dir(builtins) if name[0].isupper())
# The suffixes of the class names of a slice.
SUFFIXES = frozenset({"Create", "Update", "Response", "Sort", "Query", "Service"})
WORDS = (
    (reserved.HARD_KEYWORDS, "a keyword of Python"),
    (reserved.DEVICES, "a device on Windows"),
)
# Attributes of every model; a plural becomes an attribute of other models.
ATTRIBUTES = frozenset(
    {"created_at", "metadata", "mro", "registry", "type_annotation_map", "updated_at"}
)
# A project may change its database: the same names are good for all.
UNQUOTED = frozenset[str]().union(*(one.unquoted for one in databases.ALL))
OWN_TABLES = {one.own_tables: one.label for one in databases.ALL if one.own_tables}


@dataclass(frozen=True, slots=True)
class Names:
    """A resource's names; `singular` and `plural` are snake_case.

    A model that people wrote has a table and a module of its own, and a resource that was renamed
    may be served at another path than usual. People may rename classes of a slice.
    """

    singular: str
    plural: str
    own_table: str = field(default="", repr=False)
    own_module: str = field(default="", repr=False)
    own_path: str = field(default="", repr=False)
    # Pairs of the usual name of a class and its own.
    own_classes: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def usual_cls(self) -> str:
        """The model's class if it has no other name: OrderItem."""
        return pascal(self.singular)

    @property
    def cls(self) -> str:
        """The model's class: OrderItem."""
        return self.called(self.usual_cls)

    def called(self, cls: str) -> str:
        """Return the name of the class of the slice that is usually called `cls`."""
        return next((own for usual, own in self.own_classes if usual == cls), cls)

    @property
    def label(self) -> str:
        """The singular for a sentence: order item."""
        return self.singular.replace("_", " ")

    @property
    def labels(self) -> str:
        """The plural for a sentence: order items."""
        return self.plural.replace("_", " ")

    @property
    def usual_path(self) -> str:
        """The part of the URL if no other is wanted: order-items."""
        return self.plural.replace("_", "-")

    @property
    def path(self) -> str:
        """The part of the URL: order-items."""
        return self.own_path or self.usual_path

    def at(self, path: str) -> "Names":
        """Return these names with the resource served at `path`."""
        return replace(self, own_path="" if path == self.usual_path else path)

    def like(self, other: "Names") -> "Names":
        """Return these names with the path and the classes of `other`, if it has its own."""
        served = self.at(other.own_path) if other.own_path else self
        return replace(served, own_classes=other.own_classes)

    @property
    def table(self) -> str:
        """The table: order_items."""
        return self.own_table or self.plural

    @property
    def module(self) -> str:
        """The module of the model: order_item."""
        return self.own_module or self.singular


def resolve(name: str, plural: str | None = None) -> Names:
    """Return the names of a resource from `name` in any spelling, singular or plural.

    Raises `InvalidName` when `name` or `plural` is not accepted.
    """
    if len(name) > LONGEST or not _TYPED.fullmatch(name):
        raise InvalidName(
            f"a resource cannot be called {shown(name)}: {RULE}", instead=((name, _better(name)),)
        )
    typed = snake(name)
    if plural is None:
        names = Names(singular_of(typed), plural_of(typed))
    else:
        _check_plural(plural, typed)
        names = Names(singular_of(typed) if typed == plural else typed, plural)
    _check(names, name)
    return names


def is_name(name: str) -> bool:
    """Whether a resource may be called `name`."""
    try:
        resolve(name)
    except InvalidName:
        return False
    return True


def is_path(path: str) -> bool:
    """Whether a resource may be served at `path`, such as `order-items` or `shop/items`."""
    return len(path) <= LONGEST_PATH and PATH.fullmatch(path) is not None


def singular(typed: str) -> str:
    """Return the singular name of the resource that was typed; its plural is not checked.

    Raises `InvalidName` when a resource cannot have that name.
    """
    try:
        return resolve(typed).singular
    except InvalidName:
        word = snake(typed)
        if _TYPED.fullmatch(typed) and len(word) + len(ITEMS) <= LONGEST:
            with contextlib.suppress(InvalidName):
                return resolve(word, word + ITEMS).singular
        raise


def _better(name: str) -> str:
    """Return a name similar to `name` that a resource may have."""
    near = snake(name)[: LONGEST - len("_entry")].rstrip("_")
    found = (snake(name), near, f"{near}_entry", f"{near}_item")
    return next(filter(is_name, filter(SNAKE.fullmatch, found)), "order_item")


def snake(text: str) -> str:
    """Return `text` in snake_case without accents, `""` when it has no Latin letter."""
    text = unicodedata.normalize("NFKD", text)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    words = re.findall(r"[A-Za-z0-9]+", _WORD_START.sub("_", text))
    joined = re.sub(r"_(?=[0-9])", "", "_".join(words)).lower()
    return joined.lstrip("0123456789_")[:LONGEST].rstrip("_")


@cache
def pascal(name: str) -> str:
    """Return the snake_case `name` in PascalCase."""
    return "".join(part.capitalize() for part in name.split("_"))


def _check_plural(plural: str, typed: str) -> None:
    if len(plural) > LONGEST or not SNAKE.fullmatch(plural):
        found = (snake(plural), plural_of(typed), f"{typed}_items")
        near = next(name for name in found if SNAKE.fullmatch(name) and name != typed)
        raise InvalidName(
            f"{shown(plural)} cannot be the plural: use snake_case, at most {LONGEST} characters, "
            "as in order_items",
            instead=((f"--plural={plural}", f"--plural {near}"),),
        )


def _check(names: Names, typed: str) -> None:
    if names.singular == names.plural:
        raise InvalidName(
            f"'{names.singular}' is its own plural, but the singular and the plural must differ",
            instead=(("--plural=*", f"--plural {names.singular}{ITEMS}"),),
        )
    for word in (names.singular, names.plural):
        for taken, what in WORDS:
            if word in taken:
                raise _taken(names, typed, f"'{word}' is {what}", is_plural=word == names.plural)
    if names.cls in BUILTIN_CLASSES:
        raise _taken(names, typed, f"Python has a built-in class {names.cls}")
    reason = _against_plural(names)
    if reason:
        better = names.singular
        for prefix in OWN_TABLES:
            better = better.removeprefix(prefix)
        raise InvalidName(
            f"the plural cannot be '{names.plural}': {reason}",
            instead=(("--plural=*", f"--plural {better}{ITEMS}"),),
        )


def _against_plural(names: Names) -> str | None:
    if names.plural in ATTRIBUTES:
        return "every model has an attribute of that name"
    if names.plural == "alembic_version":
        return "migrations use a table of that name"
    if names.plural in UNQUOTED:
        return "SQLAlchemy does not quote that SQL keyword"
    return next(
        (
            f"{label} reserves names of tables that begin with {prefix}"
            for prefix, label in OWN_TABLES.items()
            if names.plural.startswith(prefix)
        ),
        None,
    )


def _taken(names: Names, typed: str, reason: str, *, is_plural: bool = False) -> InvalidName:
    return InvalidName(
        f"a resource cannot be called '{names.singular}': {reason}; choose a more specific name",
        instead=(("--plural=*", f"--plural {names.singular}_items"),)
        if is_plural
        else ((typed, _better(f"{names.singular}_entry")),),
    )
