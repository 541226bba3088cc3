"""A first look at the words of rendered code never misses what its syntax tree shows."""

from pathlib import Path

import pytest

from fastgen.databases import SQLITE
from fastgen.fields.parse import parse
from fastgen.names.resource import Names
from fastgen.slices import clashes
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Resource, World

MAKER = Resource(Names("maker", "makers"), "shared", parse(["name"], database=SQLITE))
# Most of them are taken somewhere in the templates.
NAMES = (
    "item",
    "zebra",
    "page",
    "base",
    "query",
    "text",
    "session",
    "router",
    "maker_id",
    "number",
)
SHAPES = (
    "name:str:50:search status:enum:draft,live:filter by:ref:user:optional",
    "str:str list:text tags:list:str",
    "children:int parent:ref:{own}:optional maker:ref:maker",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_second_look_finds_nothing_more(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    renderer = Renderer(tmp_path)
    for shape in SHAPES:
        fields = parse(shape.format(own=name).split(), database=SQLITE)
        resource = Resource(Names(name, f"{name}s"), "owner", fields)
        world = World(SQLITE, {"maker": MAKER, name: resource})
        rendered = renderer.files(resource, world)
        typed = clashes.Typed(name, [])
        found = clashes.find(renderer, resource, world, rendered, typed)
        with monkeypatch.context() as patch:
            patch.setattr(clashes, "may_clash", lambda *_: True)
            patch.setattr(clashes, "may_hide", lambda *_: True)
            all_found = clashes.find(renderer, resource, world, rendered, typed)
        assert [one.message for one in found] == [one.message for one in all_found]


def test_most_names_need_no_second_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = Renderer(tmp_path)
    fields = parse(["name:str:50:search", "maker:ref:maker:filter"], database=SQLITE)
    resource = Resource(Names("zebra", "zebras"), "owner", fields)
    world = World(SQLITE, {"maker": MAKER, "zebra": resource})
    rendered = renderer.files(resource, world)
    monkeypatch.setattr(clashes, "top", lambda _: pytest.fail("it looked twice"))
    monkeypatch.setattr(clashes, "hidden", lambda _: pytest.fail("it looked twice"))
    assert clashes.find(renderer, resource, world, rendered, clashes.Typed("zebra", [])) == []
