"""How the list of a resource can be narrowed."""

from dataclasses import dataclass

from fastgen.fields.model import Field

# Ordered types are narrowed by a range, the others by equality.
RANGED = {"int", "bigint", "float", "decimal", "date", "datetime", "time"}


@dataclass(frozen=True, slots=True)
class Filter:
    """A parameter of the list: `price_min` lets through what is `>=` it."""

    parameter: str
    operator: str
    description: str


def of(field: Field) -> tuple[Filter, ...]:
    """Return the filters of a field that has `filter`."""
    if field.type not in RANGED:
        return (Filter(field.column, "==", ""),)
    return (
        Filter(f"{field.name}_min", ">=", "At least"),
        Filter(f"{field.name}_max", "<=", "At most"),
    )
