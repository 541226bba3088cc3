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


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the service makes of a parameter of the list."""

    parameter: str
    condition: str


def narrowings(resource: Resource) -> list[Narrowing]:
    """Return how the service narrows a list: by search first, then by each filter."""
    cls = resource.names.cls
    searched = ", ".join(f"{cls}.{field.name}" for field in resource.fields if field.search)
    return [
        *([Narrowing("search", f"contains({searched})")] if searched else []),
        *(
            Narrowing(one.parameter, f"{one.function}({cls}.{field.column})")
            for field in resource.fields
            for one in of(field)
        ),
    ]
