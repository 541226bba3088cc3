"""`fastgen new --resource`: a project that begins with resources."""

import json
from pathlib import Path

import pytest

from support import Cli

NEW = ("new", "shop", "--yes", "--no-install", "--no-git")
CATEGORY = "category name:str:50:unique"
ITEM = "item name:str:100 category:ref:category:optional --access shared --plural=goods"


@pytest.fixture
def user(tmp_path: Path) -> Cli:
    return Cli(tmp_path, tmp_path / "home")


def test_it_begins_with_them(user: Cli, tmp_path: Path) -> None:
    done = user.run(*NEW, "--resource", CATEGORY, "--resource", ITEM)

    assert done.code == 0, done.err
    project = tmp_path / "shop"
    router = (project / "src/app/api/v1/router.py").read_text()
    assert "include_router(categories_router)" in router
    assert "include_router(goods_router)" in router
    assert "goods: Mapped" in (project / "src/app/models/category.py").read_text()
    assert "Any signed-in user" in (project / "src/app/api/v1/endpoints/goods.py").read_text()
    entries = sorted(file.name for file in (project / ".fastgen/resources").iterdir())
    assert entries == ["category.yml", "item.yml"]


def test_json_and_the_dry_run_know_their_files(user: Cli, tmp_path: Path) -> None:
    done = user.run(*NEW, "--resource", CATEGORY, "--dry-run", "--json")

    told = json.loads(done.out)
    assert told["resources"] == [CATEGORY]
    assert "src/app/models/category.py" in told["files"]
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "needs a name"),
        ('item "name', "No closing quotation"),
        ("item name:strx", "'strx' is not a type; did you mean str?"),
        ("item author:ref:person", "there is no resource 'person'"),
        ("user name:str", "src/app/models/user.py exists already"),
        (
            "item name:str --access all",
            "'item name:str --access all': --access takes owner, shared, admin, public",
        ),
        ("item name:str --access", "--access takes owner, shared, admin, public"),
        ("item name:str --force", "--force"),
    ],
)
def test_what_is_wrong_leaves_nothing(user: Cli, tmp_path: Path, text: str, reason: str) -> None:
    done = user.run(*NEW, "--resource", CATEGORY, "--resource", text)

    assert done.code == 1
    assert reason in done.err
    assert "hint: " in done.err
    assert list(tmp_path.iterdir()) in ([], [tmp_path / "home"])
