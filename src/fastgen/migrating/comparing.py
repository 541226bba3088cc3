"""The operations of a migration that turn the table of one resource into another's."""

from collections.abc import Mapping

from fastgen.migrating.difference import Difference, Note
from fastgen.migrating.operations import CreateTable, DropTable
from fastgen.slices import tables
from fastgen.slices.resource import Resource, World

NOTHING: Mapping[str, str] = {}


def difference(
    old: Resource | None,
    new: Resource | None,
    before: World,
    after: World,
    *,
    renamed: Mapping[str, str] = NOTHING,
    renamed_resources: Mapping[str, str] = NOTHING,
    fill: Mapping[str, str] = NOTHING,
) -> Difference:
    """Return the operations that turn the table of `old` in `before` into that of `new` in `after`.

    `renamed` has new names of fields by their old ones, and of an enum's values by
    `field.value`; `renamed_resources` those of other resources. `fill` has values for rows that
    have none, as typed, by the names of the new fields (`owner` is one).
    """
    if old is None or new is None:
        return _whole(old, new, before, after)
    # Imported late, as a table that comes or goes needs nothing of it.
    from fastgen.migrating import altered  # noqa: PLC0415

    names = {old.names.singular: new.names.singular, **renamed_resources}
    return altered.difference(old, new, before, after, renamed=renamed, names=names, fill=fill)


def _whole(old: Resource | None, new: Resource | None, before: World, after: World) -> Difference:
    """Return the creation or the drop of a table."""
    if new:
        whole = tables.table(new, after.having(new))
        ways = (CreateTable(new.names.table, whole), DropTable(new.names.table, whole))
        return Difference(database=after.database, operations=ways[:1], reverse=ways[1:])
    if old:
        whole = tables.table(old, before.having(old))
        ends = (DropTable(old.names.table, whole), CreateTable(old.names.table, whole))
        told = (Note("gone", f"{old.names.table} is dropped with all its rows"),)
        return Difference(
            database=before.database, operations=ends[:1], reverse=ends[1:], notes=told
        )
    raise ValueError("there is neither an old nor a new resource")
