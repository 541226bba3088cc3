"""The upgrade and the downgrade of a table, and the mistakes in the change."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastgen.databases import Database
from fastgen.errors import Refused
from fastgen.fields.model import Field
from fastgen.migrating import conversions, shapes, values
from fastgen.migrating import mistakes as wrong
from fastgen.migrating.conversions import Conversion
from fastgen.migrating.shapes import OWNER_FIELD, Pairs
from fastgen.migrating.ways import Way
from fastgen.slices.resource import Resource, World
from fastgen.slices.values import has_default, is_computed


@dataclass(frozen=True)
class Change:
    """From the resource `old` to `new`, with the fields that both have."""

    old: Resource
    new: Resource
    before: World
    after: World
    renamed: Mapping[str, str]
    resources: Mapping[str, str]
    fill: Mapping[str, str]
    pairs: Pairs

    @property
    def database(self) -> Database:
        """The database."""
        return self.after.database

    def typed(self, field: Field) -> str | None:
        """Return the typed value for rows without one."""
        return self.fill.get(field.name, self.fill.get(field.column))

    def values(self, field: Field) -> dict[str, str]:
        """Return the values of an enum that have another name."""
        names = (field.name, field.column)
        return {
            value: self.renamed[f"{name}.{value}"]
            for value in field.values
            for name in names
            if f"{name}.{value}" in self.renamed
        }


def up(change: Change) -> tuple[Way, list[Refused]]:
    """Return the upgrade, and the mistakes in it."""
    old, new, pairs = change.old, change.new, change.pairs
    found, mistakes = _conversions(change)
    kept = shapes.kept_checks(old, new, pairs, change.before)
    after = dataclasses.replace(change.after, checks=kept)
    stay = [(one, other) for one, other in pairs if other.column in found]
    middle = shapes.with_names(old, new, stay, change.resources)
    around = shapes.renamed_world(middle, change.before, after, change.resources, kept)
    fills, unfilled = _fills(change, found)
    way = Way(
        shapes.shape(old, change.before),
        shapes.shape(middle, around),
        shapes.shape(new, after),
        {one.column: other.column for one, other in stay},
        found,
        fills,
    )
    return way, [*mistakes, *unfilled, *_exchanged(change)]


def _conversions(change: Change) -> tuple[dict[str, Conversion], list[Refused]]:
    """Return how the values of each remaining column are converted, by its new name."""
    found, mistakes = {}, []
    for one, other in change.pairs:
        target = change.resources.get(one.target, one.target) if one.target else None
        before = dataclasses.replace(one, target=target)
        conversion = _conversion(before, other, change.after, down=False)
        if conversion:
            found[other.column] = _of_values(change, one, other, conversion)
        elif change.typed(other) is None:
            mistakes.append(wrong.no_expression(change.new, one, other))
    return found, mistakes


def _conversion(old: Field, new: Field, world: World, *, down: bool) -> Conversion | None:
    """Return how values of `old` become values of `new`, a field in `world`."""
    if old.target and not new.column.endswith(shapes.ID):
        return None
    found = conversions.find(old, new, world.database, down=down)
    if found is None or old.target or not new.target:
        return found
    keys = f'SELECT "id" FROM "{world.target(new).table}"'
    return dataclasses.replace(found, breaks=f"{{c}} NOT IN ({keys})", told="ids without a row")


def _of_values(change: Change, old: Field, new: Field, found: Conversion) -> Conversion:
    """Return `found`, with the values of an enum that are renamed or no longer allowed."""
    names, typed = change.values(old), change.typed(new)
    value = _renamed_values(names)
    narrower = bool(old.values and new.values and not _named(old, names) <= set(new.values))
    if narrower and typed in new.values:
        listed = ", ".join(f"'{one}'" for one in new.values)
        value = f"CASE WHEN {value} IN ({listed}) THEN {value} ELSE '{typed}' END"
        return Conversion(value)
    if not names:
        return found
    if found.breaks:
        found = dataclasses.replace(found, breaks=found.breaks.replace("{c}", value))
    return dataclasses.replace(found, expression=value, breaks=found.breaks if narrower else None)


def _named(old: Field, names: Mapping[str, str]) -> set[str]:
    return {names.get(value, value) for value in old.values}


def _renamed_values(names: Mapping[str, str]) -> str:
    if not names:
        return "{c}"
    cases = " ".join(f"WHEN '{one}' THEN '{other}'" for one, other in names.items())
    return f"CASE {{c}} {cases} ELSE {{c}} END"


def _fills(change: Change, found: Mapping[str, Conversion]) -> tuple[dict[str, str], list[Refused]]:
    """Return the values for rows that have none, by column, and the mistakes in them."""
    owner = [OWNER_FIELD] if change.new.owned else []
    fields = (*owner, *change.new.fields)
    named = {name for field in fields for name in (field.name, field.column)}
    old = {other.column: one for one, other in change.pairs if other.column in found}
    fills = {}
    mistakes = [wrong.unknown_fill(change.new, one) for one in change.fill if one not in named]
    refused = {other.column for _, other in change.pairs} - old.keys()
    for field in fields:
        before = old.get(field.column)
        if field.column in refused and change.typed(field) is None:
            continue
        try:
            value = _fill(change, field, before)
        except Refused as error:
            mistakes.append(error)
            continue
        if value and (before is None or before.optional):
            fills[field.column] = value
    return fills, mistakes


def _fill(change: Change, field: Field, before: Field | None) -> str | None:
    """Return the value for rows that have none of `field`, None if it needs none.

    Raises `Refused` when there is none, or a wrong one.
    """
    typed = change.typed(field)
    if typed is not None:
        try:
            return values.filled(field, typed, change.after)
        except ValueError as error:
            known = before is not None
            raise wrong.wrong_fill(change.new, field, typed, str(error), known=known) from error
    if before is None and is_computed(field):
        return values.default(field, change.database)
    if field.optional or (before and not before.optional):
        return None
    default = values.default(field, change.database)
    if default is None:
        raise wrong.without_value(change.new, field, known=before is not None)
    # A new column has it from the database.
    return default if before else None


def down(change: Change) -> Way:
    """Return the downgrade; lost values of required columns become plain ones."""
    back = {new: old for old, new in change.resources.items()}
    pairs, found = [], {}
    for one, other in change.pairs:
        target = back.get(other.target, other.target) if other.target else None
        before = dataclasses.replace(other, target=target)
        conversion = _conversion(before, one, change.before.having(change.old), down=True)
        if conversion:
            names = {value: name for name, value in change.values(one).items()}
            if names:
                conversion = dataclasses.replace(
                    conversion, expression=_renamed_values(names), breaks=None
                )
            pairs.append((other, one))
            found[one.column] = conversion
    around = change.before.having(change.old)
    middle = shapes.with_names(change.new, change.old, pairs, back)
    world = shapes.renamed_world(middle, change.after, around, back, change.before.checks)
    kept = shapes.kept_checks(change.old, change.new, change.pairs, change.before)
    after = dataclasses.replace(change.after, checks=kept)
    end = shapes.shape(change.old, around)
    columns = {other.column: one.column for other, one in pairs}
    return Way(
        shapes.shape(change.new, after),
        shapes.shape(middle, world),
        end,
        columns,
        found,
        dict(_plain(end.fields, {one.column: other for other, one in pairs}, around)),
    )


def _plain(
    fields: Mapping[str, Field], kept: Mapping[str, Field], world: World
) -> Iterator[tuple[str, str]]:
    """Yield values for required columns that come back, and for those that were optional."""
    for column, field in fields.items():
        if field.optional:
            continue
        if column not in kept:
            if not has_default(field) or is_computed(field):
                yield column, values.plain(field, world)
        elif kept[column].optional and has_default(field):
            yield column, values.default(field, world.database) or ""


def _exchanged(change: Change) -> list[Refused]:
    """Return an error if columns swap their names."""
    left = {one.column: other.column for one, other in change.pairs if one.column != other.column}
    while free := [old for old, new in left.items() if new not in left]:
        del left[free[0]]
    return [wrong.exchanged(change.old, left)] if left else []
