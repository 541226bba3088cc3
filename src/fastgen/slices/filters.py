"""How the list of a resource can be narrowed."""

from dataclasses import dataclass

from fastgen.fields.model import Field
from fastgen.slices.resource import Resource

# Ordered types are narrowed by a range, the others by equality.
RANGED = {"int", "bigint", "float", "decimal", "date", "datetime", "time"}


@dataclass(frozen=True, slots=True)
class Filter:
    """A parameter of the list: `price_min` lets through what is `>=` it."""

    parameter: str
    operator: str
    # What makes the condition, in `app.services.query`.
    function: str


def of(field: Field) -> tuple[Filter, ...]:
    """Return the filters of a field that has `filter`."""
    if field.type not in RANGED:
        return (Filter(field.column, "==", "equal"),)
    return (
        Filter(f"{field.name}_min", ">=", "at_least"),
        Filter(f"{field.name}_max", "<=", "at_most"),
    )


def conditions(resource: Resource) -> list[str]:
    """Return what the service asks of the rows of a list: search first, then each filter."""
    cls = resource.names.cls
    found = [f"contains({cls}.{f.name}, wanted.search)" for f in resource.fields if f.search]
    search = [f"or_({', '.join(found)})"] if len(found) > 1 else found
    return [
        *search,
        *(
            f"{one.function}({cls}.{field.column}, wanted.{one.parameter})"
            for field in resource.fields
            if field.filter
            for one in of(field)
        ),
    ]
