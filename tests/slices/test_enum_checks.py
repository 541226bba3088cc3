"""The constraints of enums: their names, and that tests send each value."""

import pytest

from fastgen.databases import ALL, POSTGRESQL, SQLITE, Database
from fastgen.fields.parse import parse
from fastgen.names.resource import Names
from fastgen.slices import enum_checks
from fastgen.slices.cases import Cases
from fastgen.slices.resource import Resource, World

LONG = Names("shipping_order_confirmation", "shipping_order_confirmations")


def _named(line: str, names: Names, world: World) -> tuple[str, str]:
    resource = Resource(names, "shared", parse([line], database=world.database))
    [field] = resource.fields
    return enum_checks.label(field, resource, world), enum_checks.name(field, resource, world)


@pytest.mark.parametrize("database", ALL)
def test_other_values_give_another_name(database: Database) -> None:
    world = World(database, {})
    item = Names("item", "items")
    names = {_named(f"status:enum:{values}", item, world)[1] for values in ("a,b", "b,a", "a,b,c")}
    assert len(names) == 3
    assert all(name.startswith("ck_items_status_") for name in names)


def test_a_name_is_short_enough_for_the_database_to_keep_it() -> None:
    field = "delivery_notification_status:enum:a,b"
    label, name = _named(field, LONG, World(POSTGRESQL, {}))
    assert len(name) <= 63
    assert name.startswith(f"ck_{LONG.table}_{label}_")
    other, _ = _named(field.replace("status", "state"), LONG, World(POSTGRESQL, {}))
    assert label != other
    assert _named(field, LONG, World(SQLITE, {}))[0] == "delivery_notification_status"


def test_a_constraint_that_migrations_made_keeps_its_name() -> None:
    world = World(SQLITE, {}, checks=("ck_items_status", "ck_items_status_12345678", "ck_items_x"))
    item = Names("item", "items")
    assert _named("status:enum:a,b", item, world)[1] == "ck_items_status_12345678"
    assert _named("x:enum:a,b", item, world)[1] == "ck_items_x"
    assert _named("y:enum:a,b", item, world)[1].startswith("ck_items_y_")


def test_the_tests_of_a_slice_send_each_value() -> None:
    fields = parse(["status:enum:b,a,c,d,e,f:sort"], database=SQLITE)
    resource = Resource(Names("item", "items"), "shared", fields)
    assert {edge.value for edge in Cases(resource).edges} == set("abcdef")
