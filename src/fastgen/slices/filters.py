"""How the list of a resource can be narrowed."""

from dataclasses import dataclass

from fastgen.fields.model import RANGED, Field
from fastgen.slices.resource import Resource

# How a value is narrowed, in the order of the parameters of a field: the operator, and what
# makes the condition in `app.services.query`.
EQUALITY = (("==", "equal"),)
RANGE = ((">=", "at_least"), ("<=", "at_most"))


@dataclass(frozen=True, slots=True)
class Filter:
    """A parameter of the list: `price_min` lets through what is `>=` it."""

    parameter: str
    operator: str
    function: str


def of(field: Field) -> tuple[Filter, ...]:
    """Return the filters of `field`, none unless it has `filter`."""
    ways = RANGE if field.type in RANGED else EQUALITY
    return tuple(
        Filter(parameter, *way) for parameter, way in zip(field.filters, ways, strict=False)
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
            for one in of(field)
        ),
    ]
