"""What a difference refuses, says, and does in which order."""

import shlex
from collections.abc import Mapping
from pathlib import Path

import pytest

from fastgen.databases import BY_NAME, POSTGRESQL, SQLITE, Database
from fastgen.errors import Refused, Several
from fastgen.fields.parse import parse
from fastgen.migrating import Difference, difference, render
from fastgen.migrating.operations import CreateTable, DropTable, RenameTable
from fastgen.names.resource import resolve
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Resource, World
from fastgen.slices.rights import Access

# Without templates of its own.
SOURCE = Path(__file__).parent
PLURALS = ("makers", "items")
DATABASES = pytest.mark.parametrize("database", BY_NAME.values(), ids=BY_NAME)


def resource(name: str, fields: str, database: Database, access: Access = "shared") -> Resource:
    return Resource(resolve(name), access, parse(fields.split(), database=database))


def world(database: Database, *resources: Resource) -> World:
    makers = (resource("maker", "name", database), resource("trader", "name", database))
    return World(database, {one.names.singular: one for one in (*makers, *resources)})


def change(
    fields: str,
    new: str,
    database: Database,
    accesses: tuple[Access, Access] = ("shared", "shared"),
    **given: Mapping[str, str],
) -> Difference:
    one = resource("item", fields, database, accesses[0])
    other = resource("item", new, database, accesses[1])
    renamed, fill = given.get("renamed", {}), given.get("fill", {})
    around = world(database, one), world(database, other)
    return difference(one, other, *around, renamed=renamed, fill=fill)


@DATABASES
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("size:int:optional", "size:int", "rows may have no value"),
        ("name", "name size:int", "rows may have no value"),
        ("at:ref:maker", "at:ref:trader", "no conversion from ref:maker to ref:trader"),
        ("day:date", "day:time", "no conversion from date to time"),
        ("all:list:str", "all:list:int", "no conversion from list:str to list:int"),
        ("at:ref:maker", "at:int", "there is no conversion"),
    ],
)
def test_what_cannot_be_is_refused_with_a_command(
    old: str, new: str, told: str, database: Database
) -> None:
    found = change(old, new, database)
    [mistake] = found.mistakes
    assert told in mistake.message
    words = shlex.split(mistake.hint or "")
    value = words[words.index("--fill") + 1]
    name = new.rsplit(maxsplit=1)[-1].partition(":")[0]
    assert not change(old, new, database, fill={name: value}).mistakes
    assert not found.operations


@DATABASES
def test_all_mistakes_are_told_at_once(database: Database) -> None:
    found = change(
        "a:int:optional b:date",
        "a:int b:time c:int",
        database,
        ("shared", "owner"),
        fill={"d": "1", "c": "x"},
    )
    told = " ".join(one.message for one in found.mistakes)
    for part in ("'a'", "'b'", "cannot be filled with 'x'", "no field 'd'", "have no owner"):
        assert part in told
    with pytest.raises(Several):
        render(Renderer(SOURCE), [found], "change items", None)


def test_columns_that_exchange_their_names_are_refused() -> None:
    found = change("a:int b:int", "a:int b:int", SQLITE, renamed={"a": "b", "b": "a"})
    [mistake] = found.mistakes
    assert mistake.hint == "fastgen rename field item a a_old"
    assert isinstance(mistake, Refused)


def test_names_may_move_on() -> None:
    found = change("a:int b:int", "b:int c:int", POSTGRESQL, renamed={"a": "b", "b": "c"})
    assert [one.code for one in found.operations] == [
        'op.alter_column("items", "b", new_column_name="c")',
        'op.alter_column("items", "a", new_column_name="b")',
    ]


def test_nothing_changes_without_a_difference() -> None:
    found = change("a:int:unique b:enum:x,y", "b:enum:x,y a:int:unique", SQLITE)
    assert not found.operations
    assert not found.reverse
    assert not found.notes


@DATABASES
def test_what_is_changed_elsewhere_keeps_the_names_of_its_checks(database: Database) -> None:
    old, new = (
        resource("item", fields, database) for fields in ("kind:enum:x,y", "kind:enum:x,y a:int")
    )
    around = World(database, {"item": old}, ("ck_items_kind",)), World(database, {"item": new})
    found = difference(old, new, *around, fill={"a": "1"})
    assert not [one for one in found.operations if "ck_" in one.code]


@DATABASES
def test_several_tables_are_one_migration_in_an_order_that_works(database: Database) -> None:
    maker, trader = (resource(name, "name", database) for name in ("maker", "trader"))
    seller = resource("seller", "name", database)
    child = resource("item", "by:ref:maker:optional", database)
    changed = resource("item", "by:ref:trader:optional at:ref:seller:optional", database)
    before = World(database, {"maker": maker, "item": child})
    after = World(database, {"trader": trader, "item": changed, "seller": seller})
    parts = [
        difference(child, changed, before, after, renamed_resources={"maker": "trader"}),
        difference(None, seller, before, after),
        difference(maker, trader, before, after),
    ]
    [create], [drop] = parts[1].operations, parts[1].reverse
    assert isinstance(create, CreateTable)
    assert isinstance(drop, DropTable)
    assert isinstance(parts[2].operations[0], RenameTable)
    source = render(Renderer(SOURCE), parts, "sell items", "abc").text
    up, down = source.split("def downgrade")
    for text in (up, down):
        assert text.index("rename_table") < text.index('batch_alter_table("items")')
    assert up.index("create_table") < up.index('batch_alter_table("items")')
    assert down.index('batch_alter_table("items")') < down.index("drop_table")
    assert "fk_items_by_id_makers" in up
    assert "fk_items_by_id_traders" in up


@DATABASES
def test_notes_say_what_breaks(database: Database) -> None:
    found = change("a:str:20 b:int c:date", "a:str:10:unique c:datetime", database)
    told = {note.kind: note.text for note in found.notes}
    assert "b is dropped" in told["gone"]
    assert "HAVING count(*) > 1" in told["rows"]
    assert "b is dropped, c changes its type" in told["release"]
    assert "lose their time of day" in told["downgrade"]
    assert ("locks" in told) == (database is POSTGRESQL)


@DATABASES
def test_parents_come_first_and_go_last(database: Database) -> None:
    maker = resource("maker", "name", database)
    item = resource("item", "by:ref:maker", database)
    around = World(database, {"maker": maker, "item": item})
    came = [difference(None, one, around, around) for one in (maker, item)]
    gone = [difference(one, None, around, around) for one in (maker, item)]
    for found in (came, gone):
        source = render(Renderer(SOURCE), found, "two tables", "abc").text
        created = [source.index(f'create_table(\n        "{table}"') for table in PLURALS]
        dropped = [source.index(f'drop_table("{table}")') for table in PLURALS]
        assert created == sorted(created)
        assert dropped == sorted(dropped, reverse=True)
