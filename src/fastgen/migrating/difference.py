"""What changes from one resource to another, as the operations of a migration."""

import dataclasses
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastgen.databases import Database
from fastgen.errors import Refused
from fastgen.fields.model import Field
from fastgen.fields.show import show
from fastgen.fields.types import type_of
from fastgen.migrating import conversions, notes, shapes, values
from fastgen.migrating.conversions import Conversion
from fastgen.migrating.notes import Note
from fastgen.migrating.operations import CreateTable, DropTable, Operation
from fastgen.migrating.shapes import OWNER_FIELD, Pairs
from fastgen.migrating.steps import STEPS
from fastgen.migrating.ways import Way
from fastgen.slices import tables
from fastgen.slices.resource import Resource, World
from fastgen.slices.values import has_default, is_computed

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The change of a table: its operations up and down, and what people should know.

    With `mistakes`, there are no operations.
    """

    database: Database
    operations: tuple[Operation, ...] = ()
    reverse: tuple[Operation, ...] = ()
    notes: tuple[Note, ...] = ()
    mistakes: tuple[Refused, ...] = ()


@dataclass(frozen=True)
class _Change:
    """The arguments of `difference`, with the fields that both have."""

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
        return self.after.database

    def typed(self, field: Field) -> str | None:
        """Return the value that was typed for rows without one."""
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
    """Return what turns the table of `old` in `before` into that of `new` in `after`.

    `renamed` has new names of fields by their old ones, and of an enum's values by
    `field.value`; `renamed_resources` those of other resources. `fill` has values for rows that
    have none, as typed, by the names of the new fields (`owner` is one).
    """
    if old is None or new is None:
        return _whole(old, new, before, after)
    names = {old.names.singular: new.names.singular, **renamed_resources}
    pairs = shapes.matched(old, new, renamed)
    change = _Change(old, new, before, _with(after, new), renamed, names, fill, pairs)
    up, mistakes = _up(change)
    if mistakes:
        return Difference(database=after.database, mistakes=tuple(mistakes))
    down = _down(change)
    steps = STEPS[after.database.name]
    operations, reverse = tuple(steps(up)), tuple(steps(down))
    told = tuple(notes.notes(up, down, operations, after.database))
    return Difference(database=after.database, operations=operations, reverse=reverse, notes=told)


def _whole(old: Resource | None, new: Resource | None, before: World, after: World) -> Difference:
    """Return the creation or the end of a table."""
    if new:
        whole = tables.table(new, _with(after, new))
        ways = (CreateTable(new.names.table, whole), DropTable(new.names.table, whole))
        return Difference(database=after.database, operations=ways[:1], reverse=ways[1:])
    if old:
        whole = tables.table(old, _with(before, old))
        ends = (DropTable(old.names.table, whole), CreateTable(old.names.table, whole))
        told = (Note("gone", f"{old.names.table} is dropped with all its rows"),)
        return Difference(
            database=before.database, operations=ends[:1], reverse=ends[1:], notes=told
        )
    raise ValueError("there is neither an old nor a new resource")


def _with(world: World, resource: Resource) -> World:
    found = {**world.resources, resource.names.singular: resource}
    return dataclasses.replace(world, resources=found)


def _up(change: _Change) -> tuple[Way, list[Refused]]:
    """Return the way up, and what is wrong with it."""
    old, new, pairs = change.old, change.new, change.pairs
    found, mistakes = _conversions(change)
    kept = shapes.kept_checks(old, new, pairs, change.before)
    after = dataclasses.replace(change.after, checks=kept)
    stay = [(one, other) for one, other in pairs if other.column in found]
    middle = shapes.with_names(old, new, stay, change.resources)
    around = shapes.renamed_world(middle, change.before, after, change.resources, kept)
    fills, wrong = _fills(change, found)
    way = Way(
        shapes.shape(old, change.before),
        shapes.shape(middle, around),
        shapes.shape(new, after),
        {one.column: other.column for one, other in stay},
        found,
        fills,
    )
    return way, [*mistakes, *wrong, *_circles(change)]


def _conversions(change: _Change) -> tuple[dict[str, Conversion], list[Refused]]:
    """Return what becomes of the values of each column that stays, by its new name."""
    found, mistakes = {}, []
    for one, other in change.pairs:
        target = change.resources.get(one.target, one.target) if one.target else None
        before = dataclasses.replace(one, target=target)
        conversion = _conversion(before, other, change.after, down=False)
        if conversion:
            found[other.column] = _of_values(change, one, other, conversion)
        elif change.typed(other) is None:
            mistakes.append(_unknown(change, one, other))
    return found, mistakes


def _conversion(old: Field, new: Field, world: World, *, down: bool) -> Conversion | None:
    """Return how values of `old` become values of `new`, a field in `world`."""
    if old.target and not new.column.endswith(shapes.ID):
        return None
    found = conversions.find(old, new, world.database, down=down)
    if found is None or old.target or not new.target:
        return found
    keys = f'SELECT "id" FROM "{world.target(new).table}"'
    return dataclasses.replace(found, breaks=f"{{c}} NOT IN ({keys})", told="ids of no row")


def _of_values(change: _Change, old: Field, new: Field, found: Conversion) -> Conversion:
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


def _fills(
    change: _Change, found: Mapping[str, Conversion]
) -> tuple[dict[str, str], list[Refused]]:
    """Return the values for rows that have none, by column, and what is wrong with them."""
    owner = [OWNER_FIELD] if change.new.owned else []
    old = {other.column: one for one, other in change.pairs if other.column in found}
    fills, mistakes = {}, []
    for field in (*owner, *change.new.fields):
        typed, before = change.typed(field), old.get(field.column)
        if typed is not None:
            try:
                fills[field.column] = values.filled(field, typed, change.after)
            except ValueError as error:
                mistakes.append(_wrong_fill(change, field, typed, str(error)))
        elif before is None and is_computed(field):
            fills[field.column] = values.default(field, change.database) or ""
        elif not field.optional and (before is None or before.optional):
            known = values.default(field, change.database)
            if known is None:
                mistakes.append(_without_value(change, field, before))
            elif before:
                fills[field.column] = known
    return fills, mistakes


def _down(change: _Change) -> Way:
    """Return the way down, on which what cannot come back is plain."""
    back = {new: old for old, new in change.resources.items()}
    pairs, found = [], {}
    for one, other in change.pairs:
        target = back.get(other.target, other.target) if other.target else None
        before = dataclasses.replace(other, target=target)
        conversion = _conversion(before, one, _with(change.before, change.old), down=True)
        if conversion:
            names = {value: name for name, value in change.values(one).items()}
            if names:
                conversion = dataclasses.replace(
                    conversion, expression=_renamed_values(names), breaks=None
                )
            pairs.append((other, one))
            found[one.column] = conversion
    around = _with(change.before, change.old)
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


def _circles(change: _Change) -> list[Refused]:
    """Return an error if columns exchange their names, which takes one more name."""
    left = {one.column: other.column for one, other in change.pairs if one.column != other.column}
    while free := [old for old, new in left.items() if new not in left]:
        del left[free[0]]
    if not left:
        return []
    told = " and ".join(left)
    return [Refused(f"{change.old.names.label}: {told} cannot exchange their names in one step")]


def _unknown(change: _Change, old: Field, new: Field) -> Refused:
    label, name = change.new.names.singular, new.name
    kinds = [_told(field) for field in (old, new)]
    return Refused(
        f"field '{name}' of {label}: {kinds[0]} cannot become {kinds[1]}: nobody could say what "
        "becomes of the values that are there; give all rows one value, or add a new field",
        _command("change", label, new, _example(new)),
    )


def _told(field: Field) -> str:
    argument = field.target or field.item
    return f"{field.type}:{argument}" if argument else field.type


def _without_value(change: _Change, field: Field, before: Field | None) -> Refused:
    label = change.new.names.singular
    if field is OWNER_FIELD:
        return Refused(
            f"{label}: its rows have no owner: say which account gets them",
            shlex.join(["fastgen", "change", "access", label, change.new.access, "--fill", "1"]),
        )
    verb = "change" if before else "add"
    return Refused(
        f"field '{field.name}' of {label} is required, but rows may have no value: give one",
        _command(verb, label, field, _example(field)),
    )


def _wrong_fill(change: _Change, field: Field, typed: str, allowed: str) -> Refused:
    return Refused(
        f"field '{field.name}' of {change.new.names.singular}: '{typed}' is no value: {allowed}",
        _command("change", change.new.names.singular, field, _example(field)),
    )


def _command(verb: str, label: str, field: Field, value: str) -> str:
    return shlex.join(["fastgen", verb, "field", label, show(field), "--fill", value])


def _example(field: Field) -> str:
    """Return a value of `field` that can be typed."""
    if field.target:
        return "1"
    type_ = type_of(field)
    for sample in _samples(field):
        text = ",".join(map(str, sample)) if isinstance(sample, list) else str(sample)
        try:
            return type_.canonical(field, text)
        except ValueError:
            continue
    return "VALUE"


def _samples(field: Field) -> Sequence[object]:
    return (*field.values[:1], *type_of(field).samples(field).valid)
