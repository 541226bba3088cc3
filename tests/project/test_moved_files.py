"""Files of slices that people moved and renamed: every command finds them where they are."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from ruff import find_ruff_bin

import living
from living import MODEL, MODELS, SERVICE, Living
from support import Cli

SCHEMA = "src/app/schemas/item.py"
ENDPOINTS = "src/app/api/v1/endpoints/items.py"
TESTS = "tests/test_items.py"
MOVED = {
    MODEL: "src/app/models/shop/item.py",
    SCHEMA: "src/app/schemas/shop/item.py",
    SERVICE: "src/app/services/catalogue.py",
    ENDPOINTS: "src/app/api/v1/shop/endpoints.py",
    TESTS: "tests/shop/test_all_items.py",
}
RENAMED = {
    "src/app/models/product.py": "src/app/models/shop/product.py",
    "src/app/schemas/product.py": "src/app/schemas/shop/product.py",
    "src/app/services/product.py": MOVED[SERVICE],
    "src/app/api/v1/endpoints/products.py": MOVED[ENDPOINTS],
    "tests/test_products.py": MOVED[TESTS],
}
CHANGES = {
    "add field": ("add", "field", "item", "code:enum:a,b:default=a"),
    "change field": ("change", "field", "item", "name:str:120:unique"),
    "rename field": ("rename", "field", "item", "name", "title"),
    "remove field": ("remove", "field", "item", "price"),
    "change access": ("change", "access", "item", "shared"),
    "change the parent": ("change", "access", "category", "admin"),
    "rename": ("rename", "resource", "item", "product"),
    "add a child": ("add", "resource", "review", "item:ref:item", "text"),
    "remove": ("remove", "resource", "item"),
}


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory, fresh_project: Path) -> Path:
    """Two resources, all committed."""
    folder = tmp_path_factory.mktemp("stocked")
    project = living.settle(Cli(folder, folder / "home"), fresh_project)
    project.must("add", "resource", "category", "name:str:50:unique")
    project.must(
        *("add", "resource", "item", "name:str:100", "price:decimal:10,2:filter"),
        "category:ref:category:optional",
    )
    project.commit()
    return project.root


@pytest.fixture
def shop(cli: Cli, stocked: Path) -> Living:
    return living.settle(cli, stocked)


def move(project: Living, places: dict[str, str]) -> None:
    """Move the files, and change all imports of their modules."""
    for old, new in places.items():
        if (project.root / old).exists():
            (project.root / new).parent.mkdir(exist_ok=True)
            shutil.move(project.root / old, project.root / new)
    names = {module(old): module(new) for old, new in places.items()}
    for folder in ("src", "tests"):
        for file in (project.root / folder).rglob("*.py"):
            text = file.read_text()
            for name, now in names.items():
                text = re.sub(rf"(?<=from ){re.escape(name)}(?= import)", now, text)
            file.write_text(text)
    tidy(project)


def module(path: str) -> str:
    """Return the name by which a file is imported: tests are in no package."""
    parts = path.removesuffix(".py").split("/")
    return parts[-1] if parts[0] == "tests" else ".".join(parts[1:])


def tidy(project: Living) -> None:
    for command in (("check", "--select", "I", "--fix", "-q"), ("format", "-q")):
        subprocess.run(
            [find_ruff_bin(), *command, "--no-cache", "src", "tests"], cwd=project.root, check=True
        )


@pytest.mark.slow
@pytest.mark.others_nightly("add field", "rename", "remove")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_the_same_before_and_after_a_move(
    shop: Living, change: tuple[str, ...]
) -> None:
    moved = shop.copy("moved")
    move(moved, MOVED)
    moved.commit()
    found = moved.run("check").out
    assert [line for line in found.splitlines() if line[0] != " "] == ["uv.lock: it does not exist"]
    shop.must(*change)
    move(shop, {**MOVED, **RENAMED})
    moved.must(*change)
    assert moved.texts() == shop.texts()
    tidy(moved)
    assert moved.texts() == shop.texts()


def test_the_next_files_go_beside_those_that_were_moved(shop: Living) -> None:
    (shop.root / "tests/api").mkdir()
    for name in ("items", "categories"):
        shop.git("mv", f"tests/test_{name}.py", f"tests/api/test_{name}.py")
    shop.commit()
    result = shop.must("add", "resource", "review", "item:ref:item", "text")
    assert "  uv run pytest tests/api/test_reviews.py\n" in result.err
    assert (shop.root / "tests/api/test_reviews.py").exists()
    assert not (shop.root / "tests/test_reviews.py").exists()
    assert (shop.root / "src/app/models/review.py").exists()
    assert "tests" not in shop.run("check").out
    shop.must("remove", "resource", "review")
    assert not (shop.root / "tests/api/test_reviews.py").exists()


def test_where_only_some_were_moved_the_next_files_are_where_they_usually_are(
    shop: Living,
) -> None:
    (shop.root / "tests/api").mkdir()
    shop.git("mv", TESTS, "tests/api/test_items.py")
    shop.must("add", "resource", "review", "text")
    assert (shop.root / "tests/test_reviews.py").exists()


@pytest.mark.slow
def test_tests_in_a_package_are_imported_by_its_name(shop: Living) -> None:
    shop.write("tests/api/__init__.py", "")
    for name in ("items", "categories"):
        shop.git("mv", f"tests/test_{name}.py", f"tests/api/test_{name}.py")
    shop.edit("tests/api/test_items.py", "from test_categories", "from api.test_categories")
    tidy(shop)
    shop.commit()
    shop.must("add", "resource", "review", "item:ref:item", "text")
    text = shop.read("tests/api/test_reviews.py")
    assert "from api.test_items import ITEMS, make_item\n" in text
    tidy(shop)
    assert text == shop.read("tests/api/test_reviews.py")


@pytest.mark.slow
def test_a_file_with_the_code_of_two_resources_is_left_with_the_difference(shop: Living) -> None:
    both = "src/app/schemas/shop.py"
    text = shop.read("src/app/schemas/category.py") + shop.read(SCHEMA)
    shop.write(both, text)
    for path in (SCHEMA, "src/app/schemas/category.py"):
        (shop.root / path).unlink()
    shop.commit()
    result = shop.run("add", "field", "item", "code:str:5:optional")
    assert result.code == 4
    assert (
        f"left to you: {SCHEMA}: its code is in {both}, which also contains other code"
        in result.err
    )
    assert shop.read(both) == text
    assert not (shop.root / SCHEMA).exists()


@pytest.mark.slow
def test_an_edit_in_a_moved_file_is_kept(shop: Living) -> None:
    move(shop, MOVED)
    service = MOVED[SERVICE]
    shop.write(service, shop.read(service) + "\n\ndef ours() -> int:\n    return 1\n")
    shop.commit()
    shop.must("add", "field", "item", "code:str:5:search:optional")
    assert shop.read(service).endswith("\n\ndef ours() -> int:\n    return 1\n")
    assert "search=contains(ITEMS.c.code)" in shop.read(service)
    after = shop.texts()
    tidy(shop)
    assert shop.texts() == after


@pytest.mark.slow
def test_an_import_of_a_moved_module_that_breaks_is_told_by_its_name(shop: Living) -> None:
    move(shop, MOVED)
    shop.write("src/app/ours.py", "from app.services.catalogue import ItemService\n")
    shop.commit()
    result = shop.run("rename", "resource", "item", "product")
    assert result.code == 4
    assert (
        "left to you: src/app/ours.py: line 1 imports ItemService, which app.services.catalogue "
        "no longer defines"
    ) in result.err


@pytest.mark.slow
def test_missing_wiring_of_moved_files_is_added(shop: Living) -> None:
    move(shop, MOVED)
    before = shop.read(MODELS)
    shop.write(MODELS, re.sub(r".*Item .*\n|.*import Item\n", "", before))
    assert shop.read(MODELS) != before
    shop.run("check", "--fix")
    assert shop.read(MODELS) == before
