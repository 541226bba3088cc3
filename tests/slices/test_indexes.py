"""The indexes of a resource's table: those that its lists are read by, and none twice."""

from dataclasses import replace

import pytest

from fastgen.databases import POSTGRESQL, SQLITE, Database
from fastgen.fields.parse import parse
from fastgen.names.resource import Names
from fastgen.slices.indexes import alone, indexes
from fastgen.slices.resource import Resource, World
from fastgen.slices.rights import Access

LONG = Names("warehouse_of_a_very_long_name", "warehouses_of_a_very_long_name")


def resource(*texts: str, access: Access = "shared", names: Names | None = None) -> Resource:
    fields = parse(list(texts), database=POSTGRESQL)
    return Resource(names or Names("item", "items"), access, fields)


def columns(*texts: str, access: Access = "shared", database: Database = SQLITE) -> list[str]:
    found = indexes(resource(*texts, access=access), World(database, {}))
    return [" ".join(index.columns) for index in found]


@pytest.mark.parametrize(
    ("text", "shared", "owned"),
    [
        ("a:int", [], []),
        ("a:int:sort", ["a id"], ["owner_id a id"]),
        ("a:int:index", ["a"], ["a"]),
        ("a:int:index:sort", ["a id"], ["owner_id a id", "a"]),
        # A range is no equality: its index would serve no order.
        ("a:int:filter", [], []),
        ("a:bool:filter", ["a created_at id"], ["a owner_id created_at id"]),
        ("a:bool:filter:index", ["a created_at id"], ["a owner_id created_at id"]),
        (
            "a:enum:x,y:filter:sort",
            ["a id", "a created_at id"],
            ["owner_id a id", "a owner_id created_at id"],
        ),
        # Its constraint is an index.
        ("a:email:unique:filter", [], []),
        ("a:str:501:filter", [], []),
        ("a:ref:category", ["a_id"], ["a_id"]),
        ("a:ref:category:filter", ["a_id created_at id"], ["a_id owner_id created_at id"]),
        ("a:ref:category:sort", ["a_id id"], ["owner_id a_id id", "a_id"]),
        # The constraint begins with the owner, so that it does not serve the foreign key.
        ("a:ref:category:unique", [], ["a_id"]),
        ("a:ref:user:unique:filter", [], ["a_id"]),
        ("a:str:9:search", [], []),
    ],
)
def test_each_sort_filter_and_reference_has_its_index(
    text: str, shared: list[str], owned: list[str]
) -> None:
    assert columns(text) == ["created_at id", *shared]
    assert columns(text, access="owner") == ["owner_id created_at id", *owned]
    for access in ("admin", "public"):
        assert columns(text, access=access) == columns(text)


def test_one_column_has_its_index_as_an_argument() -> None:
    item = resource("a:int:index", "b:ref:category:filter", "c:ref:category")
    assert [field.column in alone(item) for field in item.fields] == [True, False, True]


def test_a_search_has_one_index_of_trigrams_on_postgresql() -> None:
    texts = ("name:str:100:search", "note:text:search:optional", "other:str")
    assert columns(*texts) == ["created_at id"]
    [_, search] = indexes(resource(*texts), World(POSTGRESQL, {}))
    assert (search.name, search.columns) == ("ix_items_search", ("name", "note"))
    assert search.in_model == (
        'sa.Index("ix_items_search", "name", "note", postgresql_using="gin", '
        'postgresql_ops={"name": "gin_trgm_ops", "note": "gin_trgm_ops"})'
    )


def test_names_are_short_enough_for_the_database_to_keep_them() -> None:
    item = resource("identification_number_given_by_the_authorities:str:20:sort:search", names=LONG)
    names = [index.name for index in indexes(item, World(POSTGRESQL, {}))]
    assert len(set(names)) == len(names) == 3
    assert max(map(len, names)) <= 63


@pytest.mark.parametrize(
    ("text", "gone", "new"),
    [
        ("b:int:sort", [], ["ix_items_b_id"]),
        ("b:int", [], []),
        ("b:str:9:search", ["ix_items_search"], ["ix_items_search"]),
    ],
)
def test_added_fields_change_indexes(text: str, gone: list[str], new: list[str]) -> None:
    item = resource("a:str:9:search:sort", text)
    world = World(POSTGRESQL, {})
    before, after = indexes(replace(item, fields=item.fields[:1]), world), indexes(item, world)
    assert [one.name for one in before if one not in after] == gone
    assert [one.name for one in after if one not in before] == new
