"""The indexes of a resource's table: for lists, for references, and where they are asked for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from fastgen.fields.grammar import LONGEST_INDEXED
from fastgen.fields.model import Field
from fastgen.fields.types import type_of
from fastgen.slices.column_sets import OWNER, indexed_together, unique_together
from fastgen.slices.database_names import cut
from fastgen.slices.resource import Resource, World


@dataclass(frozen=True, slots=True)
class Index:
    """An index on columns in this order; a search index finds parts of texts in any of them.

    `for_search` is the arguments that make it one.
    """

    name: str
    columns: tuple[str, ...]
    for_search: str = ""

    @property
    def listed(self) -> str:
        """The columns as arguments."""
        return ", ".join(f'"{column}"' for column in self.columns)

    @property
    def in_model(self) -> str:
        """The index as part of `__table_args__`; only a search index needs its name."""
        name = f'"{self.name}"' if self.for_search else "None"
        return f"sa.Index({name}, {self.listed}{self.options})"

    @property
    def options(self) -> str:
        """The arguments after the columns, in the model and in migrations."""
        return f", {self.for_search}" if self.for_search else ""


def indexes(resource: Resource, world: World) -> list[Index]:
    """Return all indexes of the table of `resource` without duplicates."""
    found = [_index(resource, found, world) for found in columns(resource)]
    searched = tuple(field.column for field in resource.fields if field.search)
    if searched and world.database.search_index:
        name = cut(f"ix_{resource.names.table}_search", world.database)
        found.append(Index(name, searched, world.database.search_index(searched)))
    return found


def same_names(resource: Resource, world: World) -> Iterator[str]:
    """Yield what is wrong with indexes that would have the same name in the database."""
    known: dict[str, Index] = {}
    for index in indexes(resource, world):
        other = known.setdefault(index.name, index)
        if other is not index:
            both = " and on ".join(", ".join(one.columns) for one in (other, index))
            yield (
                f"{resource.names.singular}: the indexes on {both} would both be called "
                f"{index.name}: rename a field"
            )


def alone(resource: Resource) -> frozenset[str]:
    """Return the columns with an index of their own, which is declared as `index=True`."""
    return frozenset(first for first, *others in columns(resource) if not others)


def columns(resource: Resource) -> list[tuple[str, ...]]:
    """Return the columns of each index of `resource` but that of its search."""
    own = list(dict.fromkeys(_columns(resource)))
    asked = (one for one in indexed_together(resource) if not _serving(own, one))
    return list(dict.fromkeys([*own, *asked]))


def serving(resource: Resource, names: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the columns of the index that does what one on the fields `names` would do.

    It comes with a filter or a sort. None if there is no such index.
    """
    [asked] = indexed_together(replace(resource, index=(names,)))
    return _serving(_columns(resource), asked)


def _serving(there: Iterable[tuple[str, ...]], columns: tuple[str, ...]) -> tuple[str, ...] | None:
    return next((one for one in there if one[: len(columns)] == columns), None)


def _columns(resource: Resource) -> Iterator[tuple[str, ...]]:
    owner = (OWNER,) if resource.owned else ()
    first = {columns[0] for columns in (*unique_together(resource), *indexed_together(resource))}
    yield (*owner, "created_at", "id")
    for field in resource.fields:
        if field.sort:
            yield (*owner, field.column, "id")
        if _is_compared(field):
            # The field comes first, so that the index also serves a foreign key.
            yield (field.column, *owner, "created_at", "id")
        elif field.column not in first and _needs_own(field, resource):
            yield (field.column,)


def _is_compared(field: Field) -> bool:
    type_ = type_of(field)
    fits = (field.length or 0) <= LONGEST_INDEXED
    return field.filter and not type_.ranged and fits and not type_.is_unique(field)


def _needs_own(field: Field, resource: Resource) -> bool:
    if field.sort and not resource.owned:
        return False
    if field.target:
        return resource.owned or not field.unique
    return field.index


def _index(resource: Resource, columns: tuple[str, ...], world: World) -> Index:
    return Index(cut(f"ix_{resource.names.table}_{'_'.join(columns)}", world.database), columns)
