"""What is no edit: what fastgen wired itself, and what a formatter made of a file."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from ruff import find_ruff_bin

from living import MODEL, ROUTER, SERVICE, Living
from support import Cli

TESTS = "tests/test_items.py"
FIELD = ("add", "field", "item", "sku:str:32:unique:optional")
REMOVE = ("remove", "resource", "item")
ITEM = ("add", "resource", "item", "name:str:100:min=1", "price:decimal:10,2:gt=0")
ORDER = ("add", "resource", "order", "item:ref:item")
STYLES = {
    "shorter lines": ("line-length=72",),
    "single quotes": ('format.quote-style="single"',),
    "tabs": ('format.indent-style="tab"',),
    "longer lines": ("line-length=140", "format.skip-magic-trailing-comma=true"),
}


@pytest.fixture(scope="session")
def stocked(fresh_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unedited")
    root = Path(shutil.copytree(fresh_project, folder / "shop", symlinks=True))
    project = Living(Cli(folder, folder / "home"), root)
    project.must(*ITEM)
    project.commit()
    return root


@pytest.fixture
def shop(cli: Cli, stocked: Path) -> Living:
    return Living(cli, Path(shutil.copytree(stocked, cli.cwd / "shop", symlinks=True)))


def reformat(project: Living, *settings: str) -> None:
    """Format the sources by other settings than those of the project."""
    flags = [flag for setting in settings for flag in ("--config", setting)]
    paths = ["src/app/models", "src/app/services", "src/app/schemas", "src/app/api", "tests"]
    subprocess.run([find_ruff_bin(), "format", "-q", *flags, *paths], cwd=project.root, check=True)


def newer_templates(project: Living) -> None:
    """Make the templates give something else than when the files were made."""
    project.must("templates", "eject", "service")
    path = ".fastgen/templates/resource/service.py.jinja"
    project.write(path, f'"""Ours."""\n{project.read(path)}')


@pytest.mark.others_nightly("single quotes")
@pytest.mark.parametrize("style", STYLES)
def test_a_reformatted_slice_gets_its_field(shop: Living, style: str) -> None:
    reformat(shop, *STYLES[style])
    shop.commit()
    shop.must(*FIELD)
    assert "sku" in shop.read(MODEL)
    assert "sku" in shop.read(TESTS)


@pytest.mark.slow
@pytest.mark.others_nightly("single quotes")
@pytest.mark.parametrize("style", STYLES)
def test_a_reformatted_slice_is_removed(shop: Living, style: str) -> None:
    reformat(shop, *STYLES[style])
    shop.must(*REMOVE)
    assert not (shop.root / TESTS).exists()


@pytest.mark.slow
def test_imports_in_another_order_are_no_edit(shop: Living) -> None:
    lines = shop.read(SERVICE).splitlines()
    imports = [line for line in lines if line.startswith("from")]
    rest = [line for line in lines if line not in imports]
    shop.write(SERVICE, "\n".join([*reversed(imports), *rest, ""]))
    shop.must(*REMOVE)


def test_a_reformatted_slice_is_there_just_so(shop: Living) -> None:
    reformat(shop, "line-length=72")
    result = shop.must(*ITEM)
    assert result.err.endswith("the resource item already exists, exactly like this\n")


@pytest.mark.others_nightly
@pytest.mark.parametrize("comment", ["# Ours.", "    # Ours."])
def test_a_comment_is_an_edit(shop: Living, comment: str) -> None:
    shop.write(SERVICE, f"{shop.read(SERVICE)}{comment}\n")
    result = shop.run(*REMOVE)
    assert result.code == 4
    assert f"left to you: {SERVICE}: it was edited" in result.err


@pytest.mark.slow
def test_what_fastgen_wired_is_no_edit_when_templates_change(shop: Living) -> None:
    shop.must(*ORDER)
    newer_templates(shop)
    shop.must(*FIELD)
    model = shop.read(MODEL)
    assert "sku: Mapped" in model
    assert "orders: Mapped" in model


@pytest.mark.slow
def test_what_was_reformatted_is_no_edit_when_templates_change(shop: Living) -> None:
    shop.must(*ORDER)
    reformat(shop, 'format.quote-style="single"')
    newer_templates(shop)
    shop.must(*FIELD)
    assert "sku: Mapped" in shop.read(MODEL)


@pytest.mark.slow
def test_a_reformatted_list_changes_with_its_reference(shop: Living) -> None:
    shop.must(*ORDER)
    reformat(shop, "line-length=60")
    shop.must("add", "field", "order", "spare:ref:item:optional")
    assert "Order.spare_id" in shop.read(MODEL)


def test_tests_that_are_not_there_are_not_imported(shop: Living) -> None:
    (shop.root / TESTS).unlink()
    result = shop.run(*ORDER)
    assert result.code == 4
    told = (
        f"left to you: tests/test_orders.py: it imports ITEMS and make_item of {TESTS}, "
        "which does not exist"
    )
    assert told in result.err
    assert "    from test_items import ITEMS, make_item\n" in result.err
    assert "    async def make_order(" in result.err
    assert not (shop.root / "tests/test_orders.py").exists()
    assert (shop.root / "src/app/models/order.py").exists()


def test_tests_that_lost_a_function_are_not_imported(shop: Living) -> None:
    shop.write(TESTS, shop.read(TESTS).replace("make_item", "made_item"))
    result = shop.run(*ORDER, "--json")
    assert result.code == 4
    [left] = result.json["left_to_you"]
    assert left["path"] == "tests/test_orders.py"
    assert left["snippet"].startswith("from collections.abc import")


@pytest.mark.slow
def test_a_field_imports_no_tests_that_are_not_there(shop: Living) -> None:
    shop.must("add", "resource", "part", "name:str:50")
    (shop.root / TESTS).unlink()
    before = shop.read("tests/test_parts.py")
    result = shop.run("add", "field", "part", "item:ref:item:optional")
    assert result.code == 4
    assert "left to you: tests/test_parts.py: it imports" in result.err
    assert "    +from test_items import ITEMS, make_item" in result.err
    assert shop.read("tests/test_parts.py") == before


USES = {
    "src/app/api/v1/shop.py": "from app.api.v1.endpoints import items\n\nitems.router\n",
    "src/app/api/v1/more.py": "from .endpoints.items import router\n",
    "src/app/models/shelf.py": "from .item import Item\n",
    "src/app/services/all.py": "import app.services.item as service\n",
    "src/app/services/stock.py": "from app import models\n\nmodels.Item\n",
    "tests/test_stock.py": "from test_items import make_item\n",
    "tests/test_key.py": "KEY = ('items.id',)\n",
    "tests/test_star.py": "from app.schemas.item import *\n",
}


@pytest.mark.slow
def test_all_modules_that_need_it_are_named(shop: Living) -> None:
    for path, text in USES.items():
        shop.write(path, text)
    result = shop.run(*REMOVE)
    assert result.code == 1
    [line] = [line for line in result.err.splitlines() if line.startswith("error:")]
    assert line.removeprefix("error: item is used in ").split(", ") == sorted(
        USES, key=lambda path: (path.split("/")[0], path)
    )


def test_a_router_that_was_moved_is_named(shop: Living) -> None:
    imported = re.search(r"from .*items_router\n", shop.read(ROUTER))
    assert imported
    shop.write(ROUTER, re.sub(r".*items_router.*\n", "", shop.read(ROUTER)))
    shop.write("src/app/api/v1/shop.py", imported[0])
    assert "item is used in src/app/api/v1/shop.py" in shop.run(*REMOVE).err


def test_files_that_still_speak_of_it_are_named(shop: Living) -> None:
    texts = {
        "README.md": f"{shop.read('README.md')}\nList them: `GET /api/v1/items`.\n",
        "scripts/fill.sql": "INSERT INTO items (name) VALUES ('x');\n",
        "tests/test_tour.py": 'URL = "/api/v1/items"\n',
    }
    for path, text in texts.items():
        shop.write(path, text)
    shop.write("tests/test_other.py", 'WORDS = ["item", "items"]\n')
    result = shop.must(*REMOVE)
    listed = "README.md, scripts/fill.sql, tests/test_tour.py"
    assert f"note: still mentioning item: {listed}\n" in result.err


@pytest.mark.slow
def test_nothing_is_said_where_nothing_speaks_of_it(shop: Living) -> None:
    assert "speaking" not in shop.must(*REMOVE).err


@pytest.mark.slow
def test_notes_are_in_json(shop: Living) -> None:
    shop.write("docs/api.md", "/items\n")
    told = json.loads(shop.must(*REMOVE, "--json").out)
    assert told["notes"] == [
        "items is dropped with all its rows",
        "still mentioning item: docs/api.md",
    ]
