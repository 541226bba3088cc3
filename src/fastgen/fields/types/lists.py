"""Several values of one type."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, time
from itertools import chain, islice, permutations, product
from typing import Any

from fastgen.databases import Database
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import Field
from fastgen.fields.samples.model import COUNT, JSON, Invalid, Samples
from fastgen.fields.types.base import ALWAYS, FieldType, nearest_type
from fastgen.fields.types.generated import Use
from fastgen.fields.types.sized import Sized
from fastgen.messages import shown

# Lists differ in the item with which they begin.
SPARE = COUNT - 1
_NOT_ITEMS = {
    "text": "a list holds short values",
    "decimal": "databases store lists as JSON, which has no exact decimals",
    "enum": "its values would need a type of their own",
    "json": "use json for the whole field",
    "list": "use json for lists of lists",
    "ref": "many-to-many is not supported: add a resource with two refs, one row for each pair",
}


class List(Sized):
    """A list of values of one of the other types."""

    name = "list"
    told = "several values of one type"
    other_words = ("array",)
    example = "list:str"
    default_example = "list:str:default=red,green"
    form = "list:TYPE"
    takes_argument = True
    modifiers = ALWAYS | {"unique", "min", "max", "default"}
    refusals = {
        "index": "an ordinary index does not help to find items",
        "filter": "values have several spellings in a query",
        "sort": "values have no order",
    }
    meanings = {"unique": "no item occurs twice"}
    unit = "items"
    most = 10_000
    listed = False
    imports = frozenset({"AfterValidator", "ListOf"})
    schema_modules = {"lists": "distinct_lists_type"}

    def __init__(self, others: Iterable[FieldType]) -> None:
        self._others = {other.name: other for other in others}
        self.item_types = tuple(other for other in self._others.values() if other.listed)

    def read_argument(
        self, field: Field, argument: str | None, database: Database, mistakes: Mistakes
    ) -> Field:
        items = [one.name for one in self.item_types]
        typed = argument or ""
        if argument is None or argument in items:
            return replace(field, item=argument or "str")
        near = nearest_type(typed, (*self._others.values(), self))
        reason = _NOT_ITEMS.get(typed) or (f"did you mean {near}?" if near in items else None)
        mistakes.add(
            f"a list cannot have items of type {shown(typed)}{': ' + reason if reason else ''}; "
            f"it takes {', '.join(items)}",
            self.example,
            instead={typed: near if near in items else "str"},
        )
        return field

    def argument(self, field: Field) -> str:
        return str(field.item)

    def is_unique(self, field: Field) -> bool:
        return False

    def canonical(self, field: Field, text: str) -> str:
        kind = self._kind(field)
        item = kind.as_item(field.name)
        texts = [part.strip() for part in text.split(",")] if text.strip() else []
        if "" in texts:
            raise ValueError("there is an empty item; use items with single commas between them")
        items = [kind.canonical_item(item, part) for part in texts]
        if not (field.min or 0) <= len(items) <= (field.max or len(items)):
            raise ValueError("the list does not allow this number of items")
        if field.unique and len(set(items)) < len(items):
            raise ValueError("an item occurs twice, but the field is unique")
        return ",".join(items)

    def value(self, field: Field, text: str) -> list[Any]:
        kind = self._kind(field)
        item = kind.as_item(field.name)
        return [kind.value(item, part) for part in text.split(",") if part]

    def is_empty_by_default(self, field: Field) -> bool:
        return not (field.optional or field.min)

    def in_json(self, field: Field, value: Any) -> JSON:
        kind = self._kind(field)
        item = kind.as_item(field.name)
        return [kind.in_json(item, one) for one in value]

    def literal(self, field: Field, value: Any, cls: str = "") -> str:
        kind = self._kind(field)
        item = kind.as_item(field.name)
        return f"[{', '.join(kind.literal(item, one) for one in value)}]"

    def factory(self, field: Field, value: Any) -> str:
        return f"lambda: {self.literal(field, value)}" if value else "list"

    def stored(self, field: Field, value: Any, database: Database) -> str:
        return json.dumps(value, default=_in_json)

    def samples(self, field: Field) -> Samples:
        # They are not sorted, as lists have no order.
        valid = tuple(_distinct(self._lists(field)))
        return Samples(valid, tuple(self._wrong(field)), tuple(self._edges(field)))

    def annotation(self, field: Field, cls: str) -> str:
        return f"list[{self._kind(field).annotated}]"

    def column(self, field: Field, use: Use) -> str:
        return f"ListOf({self._kind(field).annotated})"

    def migration_column(self, field: Field, database: Database) -> str:
        return f"{database.json.in_slices}()"

    def column_modules(self, database: Database) -> Mapping[str, str]:
        return {"lists": "list_column"}

    def base(self, field: Field, cls: str) -> list[str]:
        return [f"list[{self._kind(field).item_body()}]"]

    def constraints(self, field: Field) -> Mapping[str, str | None]:
        return {
            # A body may have half a million invalid items, and each would be reported.
            "fail_fast": "True",
            "min_length": str(field.min) if field.min else None,
            "max_length": None if field.max is None else str(field.max),
        }

    def last(self, field: Field) -> list[str]:
        return ["AfterValidator(distinct)"] if field.unique else []

    def response(self, field: Field, cls: str) -> str:
        kind = self._kind(field)
        return f"list[{kind.response(kind.as_item(field.name), cls)}]"

    def schema_extra(self, field: Field) -> list[str]:
        return ['json_schema_extra={"uniqueItems": True}'] if field.unique else []

    def _kind(self, field: Field) -> FieldType:
        return self._others[field.item or "str"]

    def _items(self, field: Field, count: int) -> tuple[JSON, ...]:
        kind = self._kind(field)
        return kind.item_samples(kind.as_item(field.name), count)

    def _lists(self, field: Field) -> Iterator[list[JSON]]:
        for size in _sizes(field):
            items = self._items(field, size + SPARE)
            windows = (items[start : start + size] for start in range(COUNT))
            others = permutations(items, size) if field.unique else product(items, repeat=size)
            for chosen in chain(windows, islice(others, COUNT) if len(items) <= SPARE else ()):
                if len(chosen) == size:
                    yield list(chosen)

    def _of_size(self, field: Field, size: int) -> list[JSON] | None:
        """Return a list with `size` items, None if there are not enough different items."""
        items = self._items(field, size if field.unique else min(size, COUNT))
        if field.unique:
            return list(items) if len(items) == size else None
        return [items[position % len(items)] for position in range(size)]

    def _edges(self, field: Field) -> Iterator[list[JSON]]:
        limits = [size for size in (field.min, field.max) if size is not None]
        for size in dict.fromkeys(limits):
            of_size = self._of_size(field, size)
            if of_size is not None:
                yield of_size

    def _wrong(self, field: Field) -> Iterator[Invalid]:
        low, high = field.min or 0, field.max
        yield Invalid("x", "not-a-list")
        if low:
            yield Invalid(self._of_size(field, low - 1), "too-few")
        if high is not None and (many := self._of_size(field, high + 1)):
            yield Invalid(many, "too-many")
        size = max(low, 2)
        distinct = self._of_size(field, size - 1)
        if field.unique and distinct and (high is None or size <= high):
            yield Invalid([*distinct, distinct[0]], "repeated-item")
        rest = self._of_size(field, max(low, 1) - 1)
        if rest is not None and high != 0:
            kind = self._kind(field)
            bad = kind.samples(kind.as_item(field.name)).invalid[0].value
            yield Invalid([bad, *rest], "bad-item")


def _in_json(value: object) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _sizes(field: Field) -> list[int]:
    """Return possible numbers of items, the most usual first."""
    low, high = field.min or 0, field.max
    sizes = [2, 1, 3, *range(low, low + 4), 0]
    return [size for size in dict.fromkeys(sizes) if low <= size and (high is None or size <= high)]


def _distinct(found: Iterator[list[JSON]]) -> list[list[JSON]]:
    distinct: list[list[JSON]] = []
    for each in found:
        if each not in distinct:
            distinct.append(each)
        if len(distinct) == COUNT:
            break
    return distinct
