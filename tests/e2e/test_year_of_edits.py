"""After a year of edits by hand, each command merges, or names the lines that are left."""

import shutil
from pathlib import Path

import pytest

import year
from generated.projects import Project
from living import Living

pytestmark = pytest.mark.slow

# What each command leaves to people, and what they do then.
LEFT_OF_TAG = "src/app/models/tag.py: line 10 imports Item, which app.models.item no longer defines"
LEFT_OF_TESTS = "it imports make_product of tests/test_products.py, which does not exist"
LEFT_OF_ROWS = "expects that products are deleted, but src/app/services/product.py, line "
REVIEWS = "tests/api/test_reviews.py"
APPLIED = """\
  supplier: [name:str:50]
renamed: {order.pieces: amount}
"""
COMMANDS = (
    "add field item size:int:optional:filter",
    "change field item price:decimal:12,3:ge=0:filter",
    "rename field item price amount",
    "remove field item note",
    "change access item public",
)


def edited(project: Project, root: Path) -> tuple[Living, Project]:
    """Copy the project to `root`, with resources that people edited for a year."""
    shutil.copytree(project.path, root, ignore=shutil.ignore_patterns(".venv"))
    shop, there = Living(project.user, root), Project(root, project.user)
    for line in year.RESOURCES:
        shop.must("add", "resource", *line, "--access", "shared")
    year.edit(shop)
    there.uv_run("ruff", "check", "--fix").must_succeed()
    there.uv_run("ruff", "format").must_succeed()
    shop.write(year.SERVICE, shop.read(year.SERVICE).replace("\n", "\r\n"))
    shop.must("check", "--accept")
    shop.must("check")
    shop.commit()
    return shop, there


@pytest.mark.parametrize(
    "database",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)],
    indirect=True,
)
def test_a_year_of_edits(project: Project, tmp_path: Path) -> None:
    shop, there = edited(project, tmp_path / "shop")
    for command in COMMANDS:
        shop.must(*command.split())
        shop.commit()
    assert "\r\n" in shop.read(year.SERVICE)

    renamed = shop.run("rename", "resource", "item", "product", "--keep-path")
    assert (renamed.code, renamed.err.count("left to you")) == (4, 1)
    assert LEFT_OF_TAG in renamed.err
    tag = shop.read(year.OTHER).replace("app.models.item ", "app.models.product ")
    shop.write(
        year.OTHER, tag.replace("import Item", "import Product").replace('"Item"', '"Product"')
    )

    added = shop.run("add", "resource", "review", "product:ref:product", "rating:int:ge=1")
    assert (added.code, added.err.count("left to you")) == (4, 1)
    assert LEFT_OF_TESTS in added.err
    shop.edit(year.RENAMED_TESTS, "async def new_product(", "async def make_product(")
    tests = shop.read(year.RENAMED_TESTS).replace("new_product(", "make_product(")
    shop.write(year.RENAMED_TESTS, tests)
    child = shop.read(year.CHILD).replace("new_product", "make_product")
    shop.write(year.CHILD, child)
    again = ("add", "resource", "review", "product:ref:product", "rating:int:ge=1", "--force")
    forced = shop.run(*again)
    assert (forced.code, forced.err.count("left to you")) == (4, 1)
    assert LEFT_OF_ROWS in forced.err
    shop.must("check")
    # Rows of products stay, so nothing keeps them from being deleted.
    shop.write(REVIEWS, year.without_deletion(shop.read(REVIEWS), "product"))
    shop.edit(REVIEWS, "import PRODUCTS, make_product", "import make_product")

    there.uv_run("ruff", "check").must_succeed()
    there.uv_run("ruff", "format", "--check").must_succeed()
    there.uv_run("mypy").must_succeed()
    there.uv_run("pytest", "-n0", "tests/api", "tests/test_migrations.py").must_succeed()


@pytest.mark.nightly
@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_the_next_year(project: Project, tmp_path: Path) -> None:
    shop, there = edited(project, tmp_path / "shop")
    shop.must("rename", "field", "order", "quantity", "pieces")
    shop.commit()

    shop.must("export", "-o", "resources.yml")
    shop.edit("resources.yml", "pieces:int:ge=1", "amount:int:ge=2")
    shop.edit("resources.yml", "note:text:optional:max=20000", "note:str:200:optional:filter")
    shop.write("resources.yml", shop.read("resources.yml") + APPLIED)
    shop.must("apply")
    shop.must("check")
    shop.commit()

    used = shop.run("remove", "resource", "tag")
    assert used.code == 1
    assert "src/app/services/item.py" in used.err
    gone = shop.run("remove", "resource", "order")
    assert (gone.code, gone.err.count("left to you")) == (4, 1)
    assert year.CHILD in gone.err
    (shop.root / year.CHILD).unlink()
    shop.git("add", "-A")
    shop.must("export", "-o", "resources.yml")
    shop.must("check")

    there.uv_run("ruff", "check").must_succeed()
    there.uv_run("ruff", "format", "--check").must_succeed()
    there.uv_run("mypy").must_succeed()
    there.uv_run("pytest", "-n0", "tests/api", "tests/test_migrations.py").must_succeed()
