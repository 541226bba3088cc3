"""The interface of a field type."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from fastgen.databases import Database
from fastgen.fields.grammar import FLAGS, LIMITS
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import Field
from fastgen.fields.samples.model import JSON, Invalid, Samples
from fastgen.fields.types.generated import Generated
from fastgen.fields.values import write_without_colons
from fastgen.messages import nearest

# The modifiers of every type, and those that most of the types take as well.
ALWAYS = frozenset({"optional", "readonly", "writeonly"})
USUAL = ALWAYS | {"unique", "index", "filter", "sort", "default"}
NOT_TEXT = Invalid(7, "not-text")


class FieldType(Generated, ABC):
    """A field type: its syntax, its values, its samples, and the code generated for it."""

    # --- In the grammar

    name: ClassVar[str]
    # What it is, in one line.
    told: ClassVar[str]
    # Words for it elsewhere.
    other_words: ClassVar[tuple[str, ...]] = ()
    # What follows the name of a field, valid on every database: bare, with a default, with limits.
    example: ClassVar[str]
    default_example: ClassVar[str] = ""
    bound_example: ClassVar[str] = ""
    max_example: ClassVar[str] = ""
    # How it is written with its argument, if it has one.
    form: ClassVar[str] = ""
    # The question for its argument, and the usual answer.
    question: ClassVar[tuple[str, str] | None] = None
    takes_argument: ClassVar[bool] = False
    needs_argument: ClassVar[bool] = False
    # Whether its argument is a resource or one of the types of items.
    refers: ClassVar[bool] = False
    item_types: tuple["FieldType", ...] = ()
    modifiers: ClassVar[frozenset[str]]
    # Why it does not take other modifiers.
    refusals: ClassVar[Mapping[str, str]] = {}
    # Modifiers that are another word for its argument or for another modifier.
    synonyms: ClassVar[frozenset[str]] = frozenset()
    # Modifiers that mean something else than usual.
    meanings: ClassVar[Mapping[str, str]] = {}
    # What the limit of a size counts, and that limit where none is given, so that a list of rows
    # stays a reasonable response.
    unit: ClassVar[str] = "characters"
    default_max: int | None = None
    # Whether any text is a value, including one with colons.
    verbatim: ClassVar[bool] = False
    # Whether values have an order in which a limit makes sense.
    ranged: ClassVar[bool] = False
    # Whether lists may have items of it.
    listed: ClassVar[bool] = True

    def field_name(self, typed: str) -> str:
        """Return the name of a field that was `typed`."""
        return typed

    def read_argument(
        self, field: Field, argument: str | None, database: Database, mistakes: Mistakes
    ) -> Field:
        """Return `field` with the `argument` of its type; adds errors to `mistakes`."""
        return field

    def argument(self, field: Field) -> str | None:
        """Return the argument as text, None if there is none or the usual one."""
        return None

    def read_modifiers(self, field: Field, given: Mapping[str, str], mistakes: Mistakes) -> Field:
        """Return `field` with those of its modifiers that have values, except the default.

        Adds errors to `mistakes`.
        """
        return field

    def show(self, field: Field) -> str:
        """Return the canonical text of a field, which parses to the same field."""
        parts = [field.name, self.name]
        argument = self.argument(field)
        parts += [] if argument is None else [argument]
        parts += [name for name in FLAGS if getattr(field, name)]
        for name in LIMITS:
            value = getattr(field, name)
            if value is not None:
                parts.append(f"{name}={write_without_colons(value)}")
        for name in ("ondelete", "pattern", "default"):
            value = getattr(field, name)
            if value is not None:
                parts.append(f"{name}={value}")
        return ":".join(parts)

    def count(self, field: Field) -> int | None:
        """Return how many values `field` accepts, None if they are not counted."""
        return None

    def is_unique(self, field: Field) -> bool:
        """Whether no two rows may have the same value."""
        return field.unique

    def parameters(self, field: Field) -> tuple[str, ...]:
        """Return the query parameters of `filter`: a range if the type has an order.

        An optional field has one more, which selects null or not null.
        """
        if not field.filter:
            return ()
        names: tuple[str, ...] = (field.column,)
        if self.ranged:
            names = (f"{field.column}_min", f"{field.column}_max")
        return (*names, f"{field.column}_null") if field.optional else names

    # --- Values

    @property
    def storage(self) -> str:
        """How its values are stored: types with the same storage store values alike."""
        return self.kind or self.name

    @abstractmethod
    def canonical(self, field: Field, text: str) -> str:
        """Return the canonical text of the default `text` of an otherwise valid field.

        Raises `ValueError` that says what is allowed.
        """

    def canonical_item(self, item: Field, text: str) -> str:
        """Return the canonical text of an item in the default of a list; raises as above."""
        return self.canonical(item, text)

    def value(self, field: Field, text: str) -> object:
        """Return the canonical `text` as a Python value."""
        return text

    def is_empty_by_default(self, field: Field) -> bool:
        """Whether a field without a default has an empty value when it is left out."""
        return False

    def in_json(self, field: Field, value: Any) -> JSON:
        """Return a value as it is in a response."""
        found: JSON = value
        return found

    # --- Samples for tests

    # Whether a sample belongs in the documentation.
    has_examples: ClassVar[bool] = True

    @abstractmethod
    def samples(self, field: Field) -> Samples:
        """Return values that `field` accepts and refuses, other than null.

        Raises:
            InvalidField: no example of its pattern could be made.
            ValueError: it is a reference, whose values are the keys of rows.
        """

    def as_item(self, name: str) -> Field:
        """Return a field whose values are the items of a list called `name`."""
        return Field(name, self.name)

    def item_samples(self, item: Field, count: int) -> tuple[JSON, ...]:
        """Return up to `count` ascending values of an item."""
        raise ValueError(f"{self.name} is not a type of items")


def nearest_type(typed: str, types: Iterable[FieldType]) -> str | None:
    """Return the name of the one of `types` that was likely meant, None if there is none."""
    lowered = typed.lower()
    known = list(types)
    by_word = {word: type_.name for type_ in known for word in type_.other_words}
    return by_word.get(lowered) or nearest(lowered, (type_.name for type_ in known))
