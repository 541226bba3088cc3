"""`rename resource --keep-path`: clients find the rows where they were, and all else is renamed."""

import json
from pathlib import Path

import pytest

import living
from living import Living
from support import Cli

PRODUCT = ".fastgen/resources/product.yml"
RECORDS = ".fastgen/files/resources/product.yml"
ENDPOINTS = "src/app/api/v1/endpoints/products.py"
TESTS = "tests/test_products.py"
MINE = """

async def test_mine(client: AsyncClient) -> None:
    assert (await client.get("/api/v1/items/7")).status_code == 401
"""


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, fresh_project: Path) -> Path:
    """The project with a resource that has a test by hand, and one that refers to it."""
    home = tmp_path_factory.mktemp("full")
    project = living.settle(Cli(home, home / "home"), fresh_project)
    project.must("add", "resource", "item", "name:str:100", "--access", "shared")
    project.must("add", "resource", "order", "item:ref:item")
    tests = project.read("tests/test_items.py")
    project.write("tests/test_items.py", tests.replace("\n\n\nclass ", f"{MINE}\n\nclass ", 1))
    project.commit()
    return project.root


@pytest.fixture
def shop(cli: Cli, full: Path) -> Living:
    """The project with its item renamed, which is served where it was."""
    shop = living.settle(cli, full)
    shop.must("rename", "resource", "item", "product", "--keep-path")
    return shop


@pytest.mark.slow
def test_the_route_stays_and_all_else_is_renamed(shop: Living) -> None:
    assert 'Router(prefix="/items", tags=["products"]' in shop.read(ENDPOINTS)
    assert "async def read_product(" in shop.read(ENDPOINTS)
    tests = shop.read(TESTS)
    assert 'PRODUCTS = f"{API}/items"' in tests
    assert 'client.get("/api/v1/items/7")' in tests
    assert "\nplural: products\npath: items\n" in shop.read(PRODUCT)
    [told] = json.loads(shop.must("info", "--json").out)["resources"][1:]
    assert (told["table"], told["url"]) == ("products", "/api/v1/items")


@pytest.mark.slow
def test_later_changes_keep_it_until_a_rename_without_the_flag(shop: Living) -> None:
    line = ("add", "resource", "product", "name:str:100", "size:int:optional")
    shop.must(*line, "--plural", "products", "--force")
    shop.must("rename", "resource", "product", "good", "--keep-path")
    assert 'prefix="/items"' in shop.read("src/app/api/v1/endpoints/goods.py")
    found = json.loads(shop.must("rename", "resource", "good", "ware", "--json").out)
    assert found["keep_path"] is False
    assert 'prefix="/wares"' in shop.read("src/app/api/v1/endpoints/wares.py")
    tests = shop.read("tests/test_wares.py")
    assert 'WARES = f"{API}/wares"' in tests
    assert 'client.get("/api/v1/wares/7")' in tests
    assert "path:" not in shop.read(".fastgen/resources/ware.yml")


def test_the_route_moves_later_by_itself(shop: Living) -> None:
    before = shop.texts()
    shop.must("rename", "resource", "product", "product")
    after = shop.texts()
    changed = {path for path in after if before.get(path) != after[path]}
    assert changed == {PRODUCT, RECORDS, ENDPOINTS, TESTS}
    assert 'prefix="/products"' in shop.read(ENDPOINTS)


@pytest.mark.slow
def test_nothing_else_is_served_there(shop: Living) -> None:
    refused = shop.run("add", "resource", "item", "name:str")
    assert refused.code == 1
    assert f"{ENDPOINTS} already has the route /items" in refused.err
    shop.must("add", "resource", "thing", "name:str")
    assert "already has the route /items" in shop.run("rename", "resource", "thing", "item").err
    shop.write("resources.yml", shop.must("export").out.replace("  thing:", "  item:"))
    applied = shop.run("apply")
    assert (applied.code, "product is also served at 'items'" in applied.err) == (1, True)


@pytest.mark.slow
def test_a_file_of_the_domain_says_it(shop: Living) -> None:
    exported = shop.must("export").out
    assert "    path: items\n" in exported
    shop.write("resources.yml", exported)
    assert "the resources already match resources.yml" in shop.must("apply").err
    shop.write("resources.yml", exported.replace("    path: items\n", ""))
    assert "the resources already match resources.yml" in shop.must("apply").err
    shop.write("resources.yml", exported.replace("path: items", "path: shop/products"))
    shop.must("apply", "--no-migration")
    assert 'prefix="/shop/products"' in shop.read(ENDPOINTS)
    shop.write("resources.yml", exported.replace("path: items", "path: products"))
    shop.must("apply")
    assert "path:" not in shop.read(PRODUCT)
    shop.write("resources.yml", exported.replace("path: items", 'path: "/{a}"'))
    assert "'/{a}' cannot be the path" in shop.run("apply").err


@pytest.mark.slow
def test_a_renamed_resource_of_a_file_keeps_its_path_if_it_says_so(shop: Living) -> None:
    exported = shop.must("export").out.replace("product", "ware")
    kept = f"{exported}renamed: {{product: ware}}\n"
    shop.write("resources.yml", kept)
    shop.must("apply")
    assert 'prefix="/items"' in shop.read("src/app/api/v1/endpoints/wares.py")
    moved = exported.replace("ware", "good").replace("    path: items\n", "")
    shop.write("resources.yml", f"{moved}renamed: {{ware: good}}\n")
    shop.must("apply")
    assert 'prefix="/goods"' in shop.read("src/app/api/v1/endpoints/goods.py")


@pytest.mark.slow
def test_moved_files_are_found_by_it(shop: Living) -> None:
    file = "src/app/api/v1/endpoints/catalog.py"
    shop.write(file, shop.read(ENDPOINTS))
    (shop.root / ENDPOINTS).unlink()
    router = shop.read("src/app/api/v1/router.py")
    shop.write(
        "src/app/api/v1/router.py", router.replace("endpoints.products", "endpoints.catalog")
    )
    shop.must("change", "access", "product", "public")
    assert "# Anybody reads" in shop.read(file)


def test_a_recorded_path_is_checked(shop: Living) -> None:
    shop.edit(PRODUCT, "path: items", "path: '{items}'")
    refused = shop.run("rename", "resource", "product", "ware")
    assert "path is not a path of a URL" in refused.err
