"""The filters of a resource's list."""

from dataclasses import dataclass

from fastgen.databases.database import Database
from fastgen.fields.model import Field
from fastgen.fields.types import type_of
from fastgen.names import attributes
from fastgen.slices.resource import Resource, World

# How the columns are compared with the parameters of a field, in the same order.
EQUALITY, IS_NULL = "==", "null"
RANGE = (">=", "<=")


@dataclass(frozen=True, slots=True)
class Filter:
    """A query parameter of the list: `price_min` keeps the rows that are `>=` it."""

    parameter: str
    operator: str

    def condition(self, column: str, database: Database) -> str:
        """Return the condition of this filter for `app.services.pages.Pages`."""
        if self.operator == EQUALITY:
            return column
        if self.operator == IS_NULL:
            return f"{column}.is_(None)"
        compared = f'{column} {self.operator} bindparam("{self.parameter}")'
        return f"{database.range_hint}({compared})" if database.range_hint else compared


def of(field: Field) -> tuple[Filter, ...]:
    """Return the filters of `field`; empty unless it has `filter`."""
    type_ = type_of(field)
    operators = [*(RANGE if type_.ranged else (EQUALITY,)), IS_NULL]
    return tuple(map(Filter, type_.parameters(field), operators))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A filter as the query model calls it, and its condition in the service."""

    parameter: str
    condition: str


def narrowings(resource: Resource, table: str, world: World) -> list[Narrowing]:
    """Return the conditions for a list of `table`: first the search, then each filter."""
    searched = ", ".join(
        table + attributes.in_table(field.name) for field in resource.fields if field.search
    )
    return [
        *([Narrowing("search", f"contains({searched})")] if searched else []),
        *(
            Narrowing(
                attributes.of_column(one.parameter),
                one.condition(table + attributes.in_table(field.column), world.database),
            )
            for field in resource.fields
            for one in of(field)
        ),
    ]
