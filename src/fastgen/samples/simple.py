"""Samples of all types except lists and references."""

from fastgen.fields.model import Field
from fastgen.samples.counted import counted, counted_values
from fastgen.samples.floats import float_values, floats
from fastgen.samples.model import COUNT, JSON, Invalid, Samples
from fastgen.samples.texts import ascending, texts
from fastgen.samples.words import words
from fastgen.samples.wrong_types import wrong_type


def simple(field: Field) -> Samples:
    """Return the samples of a `field` that is not a list.

    Raises:
        InvalidField: its pattern could not be understood.
        ValueError: it is a reference, whose values are the keys of rows.
    """
    match field.type:
        case "str" | "text":
            return texts(field)
        case "int" | "bigint" | "decimal" | "date" | "datetime" | "time":
            return counted(field)
        case "float":
            return floats(field)
        case "enum":
            return _enum(field)
        case "json":
            return _json(field)
        case "bool" | "uuid" | "email" | "url":
            return _unlimited(field)
        case other:
            raise ValueError(f"a {other} has no samples of its own")


def item_values(item: Field, count: int) -> tuple[JSON, ...]:
    """Return up to `count` ascending values of `item`, a field without limits."""
    match item.type:
        case "bool":
            return (False, True)[:count]
        case "float":
            return float_values(item, count)
        case "uuid":
            return tuple(f"{n:08x}-0000-4000-8000-{n:012x}" for n in range(1, count + 1))
        case "str" | "text" | "email" | "url":
            shape = {"email": "{}@example.com", "url": "https://example.com/{}"}
            return tuple(shape.get(item.type, "{}").format(word) for word in words(count))
        case _:
            return counted_values(item, count)


def _json(field: Field) -> Samples:
    values: tuple[JSON, ...] = tuple({"key": word} for word in words(COUNT))
    wrong = [] if field.optional else [Invalid(None, "null")]
    if field.max is None:
        return Samples(values, tuple(wrong))
    # In JSON, a text has two quotes more.
    edge = "x" * (field.max - 2)
    return Samples(values, (*wrong, Invalid(f"{edge}x", "too-long")), (edge,))


def _unlimited(field: Field) -> Samples:
    valid = item_values(field, COUNT)
    wrong = list(wrong_type(field.type, valid[0]))
    if field.type == "url" and field.length is not None:
        wrong.append(Invalid("https://example.com/".ljust(field.length + 1, "x"), "too-long"))
    return Samples(valid, tuple(wrong))


def _enum(field: Field) -> Samples:
    unknown = "unknown"
    while unknown in field.values:
        unknown += "-value"
    wrong = (*wrong_type("enum", field.values[0]), Invalid(unknown, "unknown-value"))
    return Samples(tuple(ascending(field.values, only_alike=field.sort)), wrong, field.values)
