"""Functions and classes that people renamed: what is generated later calls them so."""

from pathlib import Path

import pytest

import living
from living import MODEL, Living
from support import Cli

SCHEMA, SERVICE = "src/app/schemas/item.py", "src/app/services/item.py"
ENDPOINTS, TESTS = "src/app/api/v1/endpoints/items.py", "tests/test_items.py"
OWN = {"ItemQuery": "ItemFilters", "make_item": "new_item", "read_item": "get_item"}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, fresh_project: Path) -> Path:
    """The project with a resource in which people renamed some things."""
    home = tmp_path_factory.mktemp("full")
    project = living.settle(Cli(home, home / "home"), fresh_project)
    project.must("add", "resource", "item", "name:str:100", "note:text:optional")
    for path in (SCHEMA, SERVICE, ENDPOINTS, TESTS):
        text = project.read(path)
        for old, new in OWN.items():
            text = text.replace(old, new)
        project.write(path, text)
    project.commit()
    return project.root


@pytest.fixture
def shop(cli: Cli, full: Path) -> Living:
    """That project."""
    return living.settle(cli, full)


def texts(shop: Living, *names: str) -> str:
    """Return all files of the resource with those `names`."""
    one, many = names
    paths = (f"schemas/{one}.py", f"services/{one}.py", f"api/v1/endpoints/{many}.py")
    return "".join(shop.read(f"src/app/{path}") for path in paths) + shop.read(
        f"tests/test_{many}.py"
    )


def test_what_is_added_has_them(shop: Living) -> None:
    before = shop.read(TESTS).count("await new_item(")
    shop.must("add", "field", "item", "size:int:optional:filter")
    found = texts(shop, "item", "items")
    assert "size_min:" in shop.read(SCHEMA).partition("class ItemFilters(")[2]
    assert shop.read(TESTS).count("await new_item(") > before
    assert [old for old in OWN if old in found] == []


@pytest.mark.slow
def test_what_holds_them_goes(shop: Living) -> None:
    shop.must("remove", "field", "item", "note")
    found = texts(shop, "item", "items")
    assert "note" not in found
    assert [old for old in OWN if old in found] == []


@pytest.mark.slow
def test_they_follow_a_new_name(shop: Living) -> None:
    shop.must("rename", "resource", "item", "product")
    found = texts(shop, "product", "products")
    assert [
        new for new in ("ProductFilters", "new_product", "get_product") if new not in found
    ] == []
    assert "make_product" not in found
    assert "ProductQuery" not in found


TABLE = """

item_tags = sa.Table(
    "item_tags",
    Base.metadata,
    sa.Column(
        "item_id",
        sa.ForeignKey("items.id", name="fk_item_tags_item_id_items"),
        primary_key=True,
    ),
)
"""
MINE = """

def labels(page, item):
    found = page.items, page["items"], dict(page).items()
    return found, item_tags.insert().values(item_id=item.id), item_tags.c.item_id == item.id
"""


@pytest.mark.slow
def test_what_only_has_the_word_stays(shop: Living) -> None:
    shop.write("src/app/report.py", 'TABLE = "item_tags"\n')
    shop.write(MODEL, shop.read(MODEL) + TABLE)
    shop.write(SERVICE, shop.read(SERVICE) + MINE)
    shop.commit()
    shop.must("rename", "resource", "item", "product")
    model = shop.read("src/app/models/product.py")
    assert model.endswith(TABLE.replace("items.id", "products.id"))
    words = (("(page, item)", "(page, product)"), ("item.id", "product.id"))
    expected = MINE
    for old, new in words:
        expected = expected.replace(old, new)
    assert shop.read("src/app/services/product.py").endswith(expected)
