"""How the list of a resource can be narrowed."""

from dataclasses import dataclass

from fastgen.fields.model import RANGED, Field
from fastgen.slices.resource import Resource

# How rows are compared with the parameters of a field, in their order.
EQUALITY, IS_NULL = "==", "null"
RANGE = (">=", "<=")


@dataclass(frozen=True, slots=True)
class Filter:
    """A parameter of the list: `price_min` lets through what is `>=` it."""

    parameter: str
    operator: str

    def condition(self, column: str) -> str:
        """Return what `app.services.pages.Pages` takes for this filter of a column."""
        if self.operator == EQUALITY:
            return column
        if self.operator == IS_NULL:
            return f"{column}.is_(None)"
        return f'{column} {self.operator} bindparam("{self.parameter}")'


def of(field: Field) -> tuple[Filter, ...]:
    """Return the filters of `field`, none unless it has `filter`."""
    operators = [*(RANGE if field.type in RANGED else (EQUALITY,)), IS_NULL]
    return tuple(map(Filter, field.filters, operators))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the service makes of a parameter of the list."""

    parameter: str
    condition: str


def narrowings(resource: Resource, table: str) -> list[Narrowing]:
    """Return how the service narrows a list of `table`: by search first, then by each filter."""
    searched = ", ".join(f"{table}.c.{field.name}" for field in resource.fields if field.search)
    return [
        *([Narrowing("search", f"contains({searched})")] if searched else []),
        *(
            Narrowing(one.parameter, one.condition(f"{table}.c.{field.column}"))
            for field in resource.fields
            for one in of(field)
        ),
    ]
