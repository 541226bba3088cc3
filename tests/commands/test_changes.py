"""`fastgen change`, `rename` and `remove field`: as if made so, and what people changed kept."""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

import living
from living import MODEL, SERVICE, VERSIONS, Living
from support import Cli

FIELDS = (
    "name:str:100:search",
    "price:decimal:10,2:gt=0",
    "maker:ref:maker:filter",
    "tags:list:str:unique:max=10",
    "status:enum:draft,open:default=draft:filter",
)
# Come with the first migration that copies a table, and with the first that checks its rows.
FOR_MIGRATIONS = (
    "src/app/migrations/copies.py",
    "tests/test_copied_tables.py",
    ".fastgen/files/types/migrations/copies.yml",
    "src/app/migrations/row_checks.py",
    "tests/test_row_checks.py",
    ".fastgen/files/types/migrations/row_checks.yml",
)
MINE = '''

def is_cheap(price: int) -> bool:
    """Whether a price is low."""
    return price < 10
'''


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory, fresh_project: Path) -> Path:
    """The project with what its resources refer to, to copy."""
    home = tmp_path_factory.mktemp("bare")
    project = living.settle(Cli(home, home / "home"), fresh_project)
    project.must("add", "resource", "maker", "title:str:60:unique", "--access", "shared")
    return project.root


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, bare: Path) -> Path:
    """The project with a resource, and one that refers to it, committed, to copy."""
    home = tmp_path_factory.mktemp("full")
    return with_resources(living.settle(Cli(home, home / "home"), bare), FIELDS).root


@pytest.fixture
def shop(cli: Cli, full: Path) -> Living:
    """The project with all its resources."""
    return living.settle(cli, full)


@pytest.fixture
def other(cli: Cli, bare: Path) -> Living:
    """The same project elsewhere, before its resources."""
    shutil.copytree(bare, cli.cwd / "other", symlinks=True)
    return Living(cli, cli.cwd / "other")


def with_resources(
    project: Living,
    fields: Sequence[str],
    name: str = "item",
    access: str = "owner",
    flags: Sequence[str] = (),
) -> Living:
    project.must("add", "resource", name, *fields, "--access", access, *flags)
    project.must("add", "resource", "note", f"about:ref:{name}:ondelete=cascade", "text:text")
    project.commit()
    return project


def agrees(project: Living) -> bool:
    """Whether `check` has nothing to say but that this project has no lock."""
    said = project.run("check").out.splitlines()
    return [line for line in said if not line.startswith(" ")] == ["uv.lock: it does not exist"]


def state(project: Living) -> dict[str, str]:
    """Return the source, the tests and the recipe.

    Without migrations, what they need, and the order of routers.
    """
    found = {}
    for path, content in project.texts().items():
        if path.startswith((VERSIONS, ".venv", *FOR_MIGRATIONS)) or not path.startswith(
            ("src", "tests", ".fast")
        ):
            continue
        text = content.decode()
        if path.startswith(".fastgen"):
            text = re.sub(r"revisions:\n(- .+\n)+", "", text)
        if path.endswith("v1/router.py"):
            text = "\n".join(sorted(text.splitlines()))
        found[path] = text
    return found


CHANGES = {
    "longer, and sorted": (
        ["change field item name:str:120:search:sort"],
        ("name:str:120:search:sort", *FIELDS[1:]),
    ),
    "other digits and limits": (
        ["change field item price:decimal:12,3:ge=0:optional"],
        (FIELDS[0], "price:decimal:12,3:ge=0:optional", *FIELDS[2:]),
    ),
    "more values, another default": (
        ["change field item status:enum:draft,open,closed:default=open"],
        (*FIELDS[:4], "status:enum:draft,open,closed:default=open"),
    ),
    "another type": (
        ["change field item status:str:20:default=draft"],
        (*FIELDS[:4], "status:str:20:default=draft"),
    ),
    "two fields": (
        ["change field item name:text:search price:float:gt=0"],
        ("name:text:search", "price:float:gt=0", *FIELDS[2:]),
    ),
    "another name": (
        ["rename field item price amount"],
        (FIELDS[0], "amount:decimal:10,2:gt=0", *FIELDS[2:]),
    ),
    "another name of a reference": (
        ["rename field item maker producer"],
        (*FIELDS[:2], "producer:ref:maker:filter", *FIELDS[3:]),
    ),
    "without fields": (["remove field item tags price"], (FIELDS[0], FIELDS[2], FIELDS[4])),
    "without a reference": (["remove field item maker"], (*FIELDS[:2], *FIELDS[3:])),
    "there and back": (
        ["rename field item price amount", "rename field item amount price"],
        FIELDS,
    ),
}


QUICK = {"other digits and limits", "another name", "without fields"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [pytest.param(one, marks=[] if one in QUICK else [pytest.mark.slow]) for one in CHANGES],
)
def test_a_changed_resource_is_as_if_made_so(shop: Living, other: Living, name: str) -> None:
    commands, fields = CHANGES[name]
    with_resources(other, fields)
    for command in commands:
        shop.must(*command.split())
    assert state(shop) == state(other)
    assert agrees(shop)


@pytest.mark.slow
@pytest.mark.parametrize(
    "access",
    ["shared", *(pytest.param(one, marks=pytest.mark.slow) for one in ("admin", "public"))],
)
def test_another_access_is_as_if_made_so(shop: Living, other: Living, access: str) -> None:
    with_resources(other, FIELDS, access=access)
    before = state(shop)
    shop.must("change", "access", "item", access)
    assert state(shop) == state(other)
    shop.must("change", "access", "item", "owner", "--fill", "1")
    assert state(shop) == before
    assert agrees(shop)


@pytest.mark.slow
def test_a_renamed_resource_is_as_if_made_so_and_its_children_follow(
    shop: Living, other: Living
) -> None:
    with_resources(other, FIELDS, "product")
    shop.must("rename", "resource", "item", "product")
    assert state(shop) == state(other)
    assert not (shop.root / MODEL).exists()
    assert agrees(shop)
    [migration] = (shop.root / VERSIONS).glob("*rename_items_to_products.py")
    assert 'rename_table("items", "products")' in migration.read_text()


@pytest.mark.slow
def test_sets_of_columns_follow(cli: Cli, bare: Path, other: Living) -> None:
    flags = ("--unique", "name,maker", "--index", "maker,created_at")
    renamed = ("--unique", "title,maker", "--index", "maker,created_at")
    with_resources(other, ("title:str:100:search", *FIELDS[1:]), flags=renamed)
    shop = with_resources(living.settle(cli, bare), FIELDS, flags=flags)
    shop.must("rename", "field", "item", "name", "title")
    assert state(shop) == state(other)
    gone = shop.must("remove", "field", "item", "title")
    assert "the constraint or index over title and maker is dropped with it" in gone.err
    assert "UniqueConstraint" not in shop.read(MODEL)


@pytest.mark.slow
def test_what_people_wrote_follows_a_new_name(shop: Living) -> None:
    shop.write(SERVICE, shop.read(SERVICE) + MINE)
    shop.commit()
    shop.must("rename", "field", "item", "price", "amount")
    assert "def is_cheap(amount: int) -> bool:" in shop.read(SERVICE)
    shop.must("rename", "resource", "item", "product")
    assert "def is_cheap(amount: int) -> bool:" in shop.read("src/app/services/product.py")
    assert "class ProductService" in shop.read("src/app/services/product.py")


def test_a_conflict_is_left_with_its_difference(shop: Living) -> None:
    shop.edit(MODEL, "Mapped[Decimal] = mapped_column(Exact(10, 2))", "Mapped[float]")
    shop.commit()
    result = shop.run("change", "field", "item", "price:decimal:12,3:gt=0")
    assert result.code == 4
    assert f"left to you: {MODEL}: the edits in it conflict with this change" in result.err
    assert "+    price: Mapped[Decimal] = mapped_column(Exact(12, 3))" in result.err
    assert "price: Mapped[float]" in shop.read(MODEL)
    assert "12, 3" in shop.read("src/app/schemas/item.py")


@pytest.mark.slow
def test_imports_of_what_is_gone_are_named_with_their_lines(shop: Living) -> None:
    path = "src/app/services/report.py"
    shop.write(path, "import csv\n\nfrom app.models import Item\n\nprint(csv, Item)\n")
    shop.commit()
    result = shop.run("rename", "resource", "item", "product")
    assert result.code == 4
    told = "line 3 imports Item, which app.models no longer defines"
    assert f"left to you: {path}: {told}" in result.err


@pytest.mark.slow
def test_so_are_modules_and_attributes_of_them_and_imports_of_tests(shop: Living) -> None:
    ours, tests = "src/app/ours.py", "tests/test_ours.py"
    shop.write(
        ours,
        "import app.schemas.item\nfrom app import models\nfrom app.services import item\n\n\n"
        "def ours() -> object:\n    return models.Item, item, app.schemas.item.ItemCreate\n",
    )
    shop.write(tests, "import test_items\nfrom test_items import make_item\n")
    shop.commit()
    result = shop.run("rename", "resource", "item", "product")
    assert result.code == 4
    for path, told in (
        (ours, "line 1 imports app.schemas.item, which no longer exists"),
        (ours, "line 3 imports item, which app.services no longer defines"),
        (ours, "line 7 uses models.Item, which app.models no longer defines"),
        (tests, "line 1 imports test_items, which no longer exists"),
        (tests, "line 2 imports make_item, which test_items no longer defines"),
    ):
        assert f"left to you: {path}: {told}\n" in result.err
    assert result.err.count("left to you") == 5


REFUSED = {
    "rename field item prize amount": ("item has no field 'prize'", "rename field item price"),
    "change field item prize:decimal:9,2": ("did you mean price?", "change field item price:"),
    "rename field item price 1st": ("'1st' cannot be the name of a field", "item price st"),
    "rename field item price name": ("name", None),
    "change field item price:decimal:10": (
        "is not a precision and a scale: use PRECISION,SCALE",
        "price:decimal:10,2",
    ),
    "change field item maker:int": ("is a reference and cannot become of type int", None),
    "change field item name:str:50 price:int --fill 1": ("--fill is the value of one field", None),
    "change access maker owner": ("rows of maker have no owner", "--fill 1"),
    "change access item everybody": ("an access rule is owner, shared", None),
    "remove field maker title": ("maker would have no field left", "remove resource maker"),
    "rename resource item maker": ("the resource maker already exists", "maker_entry"),
    "rename resource item class": ("is a keyword of Python", None),
    "rename resource orders product": ("there is no resource 'orders'", None),
}


@pytest.mark.parametrize("command", REFUSED)
def test_a_mistake_is_refused_and_nothing_written(shop: Living, command: str) -> None:
    before = shop.tree()
    message, hint = REFUSED[command]
    result = shop.run(*command.split())
    assert result.code == 1
    assert message in result.err
    assert hint is None or hint in result.err
    assert shop.tree() == before


@pytest.mark.slow
def test_a_required_field_needs_a_value_for_the_rows(shop: Living) -> None:
    shop.must("change", "field", "item", "status:enum:draft,open:optional")
    result = shop.run("change", "field", "item", "status:enum:draft,open")
    assert result.code == 1
    assert "--fill" in result.err
    shop.must("change", "field", "item", "status:enum:draft,open", "--fill", "open")
    texts = [file.read_text() for file in (shop.root / VERSIONS).glob("*change_status*.py")]
    assert any('UPDATE "items" SET "status" = ' in text for text in texts)


@pytest.mark.slow
def test_a_dry_run_shows_all_and_writes_nothing(shop: Living) -> None:
    before = shop.tree()
    shown = shop.run("rename", "field", "item", "price", "amount", "--dry-run")
    assert shown.code == 0
    assert f"edit    {MODEL}" in shown.out
    diff = shop.run("rename", "field", "item", "price", "amount", "--diff")
    assert "+    amount: Mapped[Decimal]" in diff.out
    assert shop.tree() == before


def test_json_is_one_object(shop: Living) -> None:
    result = shop.must("change", "access", "item", "shared", "--no-migration", "--json")
    found = json.loads(result.out)
    assert found["resource"] == "item"
    assert {"action": "edit", "path": MODEL, "why": "the access"} in found["changes"]
    assert not [one for one in found["changes"] if "versions" in one["path"]]


def test_the_same_again_changes_nothing(shop: Living) -> None:
    before = shop.tree()
    result = shop.must("change", "field", "item", *FIELDS[:2])
    assert "already have exactly this definition" in result.err
    assert shop.tree() == before
