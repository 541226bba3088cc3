"""The operations that change an existing table."""

from collections.abc import Mapping

from fastgen.migrating import directions, notes, shapes
from fastgen.migrating.difference import Difference
from fastgen.migrating.directions import Change
from fastgen.migrating.steps import steps
from fastgen.slices.resource import Resource, World


def difference(
    old: Resource,
    new: Resource,
    before: World,
    after: World,
    *,
    renamed: Mapping[str, str],
    names: Mapping[str, str],
    fill: Mapping[str, str],
) -> Difference:
    """Return what `comparing.difference` does; `names` has all resources by their old names."""
    pairs = shapes.matched(old, new, renamed)
    change = Change(old, new, before, after.having(new), renamed, names, fill, pairs)
    up, mistakes = directions.up(change)
    if mistakes:
        return Difference(database=after.database, mistakes=tuple(mistakes))
    down = directions.down(change)
    operations = tuple(steps(up, after.database))
    reverse = tuple(steps(down, after.database))
    told = tuple(notes.notes(up, down, operations, after.database))
    return Difference(database=after.database, operations=operations, reverse=reverse, notes=told)
