"""Finds clashes between the fields of a resource."""

from collections.abc import Callable, Iterable, Sequence

from fastgen.fields import identifiers
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import Field
from fastgen.fields.types import type_of
from fastgen.messages import shown

LONGEST_STEM = identifiers.LONGEST - len("_2")
# The query parameters of every list.
PARAMETERS = ("limit", "cursor", "total", "sort", "search")


def check(fields: Sequence[tuple[Field, Mistakes]]) -> None:
    """Add an error to the later of two fields that clash in a name, column or query parameter."""
    _check(fields, lambda field: {field.name, field.column}, {}, "the name")
    taken = dict.fromkeys(PARAMETERS, "every list")
    _check(fields, _query_names, taken, "the query parameter")


def _query_names(field: Field) -> set[str]:
    """Return the names that a field takes in the query: its own too, or ranges would mislead."""
    return {field.name, *type_of(field).parameters(field)} if field.filter else set()


def _check(
    fields: Sequence[tuple[Field, Mistakes]],
    names_of: Callable[[Field], Iterable[str]],
    taken: dict[str, str],
    what: str,
) -> None:
    for field, mistakes in fields:
        names = list(names_of(field))
        clash = next((name for name in sorted(names) if name in taken), None)
        if clash:
            mistakes.add(
                f"{what} {shown(clash)} is taken by {taken[clash]}; choose another name for one",
                type_of(field).example,
                name=f"{mistakes.name[:LONGEST_STEM]}_2",
            )
        for name in names:
            taken.setdefault(name, f"the field {shown(field.name)}")
