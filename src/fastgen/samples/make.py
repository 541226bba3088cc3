"""Samples of any field."""

from fastgen.fields.model import Field
from fastgen.samples.lists import lists
from fastgen.samples.model import JSON, Samples
from fastgen.samples.simple import simple


def samples(field: Field) -> Samples:
    """Return values that `field` accepts and refuses, other than null.

    Raises:
        InvalidField: no example of its pattern could be made.
        ValueError: it is a reference, whose values are the keys of rows.
    """
    return lists(field) if field.type == "list" else simple(field)


def changed(field: Field, value: JSON) -> JSON:
    """Return a valid value of `field` other than `value`, or `value` if it is the only one.

    Raises what `samples` raises.
    """
    return next((other for other in samples(field).valid if other != value), value)
