"""Samples of lists, by the number of items and whether they must be unique."""

from collections.abc import Iterator
from itertools import chain, islice, permutations, product

from fastgen.fields.model import Field
from fastgen.samples.model import COUNT, JSON, Invalid, Samples
from fastgen.samples.simple import item_values, simple

# Lists differ in the item with which they begin.
SPARE = COUNT - 1


def lists(field: Field) -> Samples:
    """Return the samples of a list; they are not sorted, as lists have no order."""
    item = Field(name=field.name, type=field.item or "str")
    valid = tuple(_distinct(_lists(field, item, _sizes(field))))
    return Samples(valid, tuple(_wrong(field, item)), tuple(_edges(field, item)))


def _sizes(field: Field) -> list[int]:
    """Return possible numbers of items, the most usual first."""
    low, high = field.min or 0, field.max
    sizes = [2, 1, 3, *range(low, low + 4), 0]
    return [size for size in dict.fromkeys(sizes) if low <= size and (high is None or size <= high)]


def _lists(field: Field, item: Field, sizes: list[int]) -> Iterator[list[JSON]]:
    for size in sizes:
        items = item_values(item, size + SPARE)
        windows = (items[start : start + size] for start in range(COUNT))
        others = permutations(items, size) if field.unique else product(items, repeat=size)
        for chosen in chain(windows, islice(others, COUNT) if len(items) <= SPARE else ()):
            if len(chosen) == size:
                yield list(chosen)


def _distinct(found: Iterator[list[JSON]]) -> list[list[JSON]]:
    distinct: list[list[JSON]] = []
    for each in found:
        if each not in distinct:
            distinct.append(each)
        if len(distinct) == COUNT:
            break
    return distinct


def _of_size(field: Field, item: Field, size: int) -> list[JSON] | None:
    """Return a list with `size` items, None if there are not enough different items."""
    items = item_values(item, size if field.unique else min(size, COUNT))
    if field.unique:
        return list(items) if len(items) == size else None
    return [items[position % len(items)] for position in range(size)]


def _edges(field: Field, item: Field) -> Iterator[list[JSON]]:
    limits = [size for size in (field.min, field.max) if size is not None]
    for size in dict.fromkeys(limits):
        of_size = _of_size(field, item, size)
        if of_size is not None:
            yield of_size


def _wrong(field: Field, item: Field) -> Iterator[Invalid]:
    low, high = field.min or 0, field.max
    yield Invalid("x", "not-a-list")
    if low:
        yield Invalid(_of_size(field, item, low - 1), "too-few")
    if high is not None and (many := _of_size(field, item, high + 1)):
        yield Invalid(many, "too-many")
    size = max(low, 2)
    distinct = _of_size(field, item, size - 1)
    if field.unique and distinct and (high is None or size <= high):
        yield Invalid([*distinct, distinct[0]], "repeated-item")
    rest = _of_size(field, item, max(low, 1) - 1)
    if rest is not None and high != 0:
        yield Invalid([simple(item).invalid[0].value, *rest], "bad-item")
