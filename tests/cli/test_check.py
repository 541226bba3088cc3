"""`fastgen check`: every kind of difference, what helps, and that it helps."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from living import MODEL, MODELS, RECIPE, ROUTER, SERVICE, VERSIONS, Living
from support import Cli

CATEGORY = ".fastgen/resources/category.yml"
AGREE = "recipe, files, wiring, migrations and lock agree\n"


@pytest.fixture(scope="session")
def stocked(fresh_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two resources, all committed, and a lock that has what is needed."""
    folder = tmp_path_factory.mktemp("stocked")
    root = Path(shutil.copytree(fresh_project, folder / "shop", symlinks=True))
    project = Living(Cli(folder, folder / "home"), root)
    project.must("add", "resource", "category", "name:str:50:unique")
    project.must("add", "resource", "item", "name:str:100", "category:ref:category:optional")
    lock(project)
    project.commit()
    return root


@pytest.fixture
def shop(cli: Cli, stocked: Path) -> Living:
    root = Path(shutil.copytree(stocked, cli.cwd / "shop", symlinks=True))
    return Living(cli, root)


def lock(project: Living) -> None:
    """Lock without a network: only names are compared."""
    needed = re.findall(r'(?m)^ +"([A-Za-z0-9_-]+)', project.read("pyproject.toml"))
    packages = "".join(f'[[package]]\nname = "{name}"\n' for name in needed)
    project.write("uv.lock", f"version = 1\n{packages}")


def differences(project: Living) -> dict[str, str]:
    """Return the hint of each line that the check tells."""
    result = project.run("check")
    lines = result.out.splitlines()
    assert result.code == 1, result
    assert not result.err
    return {
        line: lines[number + 1].removeprefix("  hint: ")
        for number, line in enumerate(lines)
        if not line.startswith("  ")
    }


def the_one(project: Living) -> tuple[str, str]:
    [(line, hint)] = differences(project).items()
    return line, hint


def follow(project: Living, hint: str) -> str:
    """Do what a hint says, as the person whose project it is."""
    done = subprocess.run(
        ["bash", "-c", f'fastgen() {{ {project.user.typed} "$@"; }}\n{hint}'],
        cwd=project.root,
        env={**project.user.env, "GIT_PAGER": "cat"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_project_agrees_with_its_recipe(shop: Living) -> None:
    before = shop.tree()
    for folder in (shop.root, shop.root / "src" / "app"):
        result = shop.run("check", cwd=folder)
        assert (result.code, result.out, result.err) == (0, AGREE, "")
    assert shop.tree() == before


def test_what_people_edit_is_no_difference(shop: Living) -> None:
    shop.edit(MODEL, "class Item(", "VERSION = 2\n\n\nclass Item(")
    shop.write(SERVICE, "# Ours now.\n" + shop.read(SERVICE))
    shop.write("tests/test_items.py", "")
    shop.write("src/app/models/own.py", 'class Own:\n    __tablename__ = "own"\n')
    assert shop.must("check").out == AGREE


@pytest.mark.others_nightly
@pytest.mark.parametrize("committed", [False, True])
def test_a_file_that_is_missing_comes_back(shop: Living, committed: bool) -> None:
    before = shop.read(SERVICE)
    (shop.root / SERVICE).unlink()
    if committed:
        shop.commit()
    line, hint = the_one(shop)
    assert line == f"{SERVICE}: it is missing, although it is part of item"
    follow(shop, hint)
    assert shop.read(SERVICE) == before
    assert shop.must("check").out == AGREE


@pytest.mark.slow
def test_a_file_that_git_never_had(project: Living) -> None:
    project.must("add", "resource", "item", "name:str")
    lock(project)
    (project.root / SERVICE).unlink()
    before = project.texts()
    _, hint = the_one(project)
    follow(project, hint)
    assert project.must("check").out == AGREE
    assert SERVICE not in before
    assert SERVICE in project.texts()


MOVED = {
    MODEL: "src/app/models/shop/item.py",
    "src/app/schemas/item.py": "src/app/schemas/shop/item.py",
    SERVICE: "src/app/services/shop.py",
    "src/app/api/v1/endpoints/items.py": "src/app/api/v1/endpoints/shop_items.py",
    "tests/test_items.py": "tests/shop/test_shop_items.py",
}


@pytest.mark.others_nightly
@pytest.mark.parametrize("path", MOVED)
def test_a_file_that_was_moved_is_not_missed(shop: Living, path: str) -> None:
    (shop.root / MOVED[path]).parent.mkdir(exist_ok=True)
    shop.git("mv", path, MOVED[path])
    assert f"{path}: it is missing" not in shop.run("check").out


@pytest.mark.others_nightly
@pytest.mark.parametrize("path", MOVED)
def test_a_file_that_is_gone_is_missed(shop: Living, path: str) -> None:
    shop.git("rm", "-q", path)
    assert f"{path}: it is missing" in shop.run("check").out


def test_missing_wiring_is_added_again(shop: Living) -> None:
    before = {path: shop.read(path) for path in (ROUTER, MODELS, "src/app/models/category.py")}
    shop.write(ROUTER, re.sub(r".*items_router.*\n", "", shop.read(ROUTER)))
    shop.write(MODELS, re.sub(r".*Category.*\n", "", shop.read(MODELS)))
    category = shop.read("src/app/models/category.py")
    shop.write("src/app/models/category.py", re.sub(r"(?s)    items: .*?\n    \)\n", "", category))
    found = differences(shop)
    assert set(found.values()) == {"fastgen check --fix"}
    told = " ".join(found)
    for part in (
        f"{ROUTER}: item is not wired: it lacks ",
        "it lacks from app.api.v1.endpoints.items import router as items_router items_router,",
        f"{MODELS}: category is not wired: it lacks ",
        "src/app/models/category.py: item is not wired: it lacks items: Mapped[",
    ):
        assert part in told, part
    result = shop.run("check", "--fix")
    assert result.code == 0, result
    assert result.out.splitlines()[-1] == AGREE.strip()
    assert {path: sorted(shop.read(path)) for path in before} == {
        path: sorted(text) for path, text in before.items()
    }


@pytest.mark.slow
def test_fixing_can_be_seen_first(shop: Living) -> None:
    shop.write(ROUTER, re.sub(r".*items_router.*\n", "", shop.read(ROUTER)))
    before = shop.tree()
    listed = shop.run("check", "--fix", "--dry-run")
    assert listed.code == 1
    assert listed.out.startswith(f"edit    {ROUTER}\n{ROUTER}: item is not wired")
    assert listed.err == "note: nothing was written\n"
    patch = shop.run("check", "--fix", "--diff")
    assert patch.code == 1
    assert shop.tree() == before
    (shop.root / "patch").write_text(patch.out)
    shop.git("apply", "patch")
    assert shop.must("check").out == AGREE


def test_nothing_to_fix_changes_nothing(shop: Living) -> None:
    before = shop.tree()
    assert shop.must("check", "--fix").out == AGREE
    assert shop.tree() == before


def test_what_cannot_be_wired_safely_is_told_with_its_lines(shop: Living) -> None:
    shop.write(ROUTER, "def build(:\n")
    before = shop.tree()
    result = shop.run("check", "--fix")
    assert result.code == 1
    assert f"{ROUTER}: this Python cannot parse it" in result.out
    assert "  hint: from app.api.v1.endpoints.items import router as items_router\n" in result.out
    assert "\n        ROUTERS.append(items_router)" in result.out
    assert shop.tree() == before


@pytest.mark.parametrize("flag", ["--dry-run", "--diff"])
def test_only_a_fix_can_be_shown(shop: Living, flag: str) -> None:
    result = shop.run("check", flag)
    assert (result.code, result.out) == (1, "")
    assert result.err.endswith(f"hint: fastgen check {flag} --fix\n")


def test_a_column_that_the_model_lost(shop: Living) -> None:
    shop.edit(MODEL, "    name: ", "    title: ")
    line, hint = the_one(shop)
    assert line == f"{MODEL}: Item has no name, which {RECIPE} has"
    follow(shop, hint)
    assert shop.must("check").out == AGREE
    assert "title: " in shop.git("stash", "show", "-p")


@pytest.mark.slow
def test_a_model_without_its_class(shop: Living) -> None:
    shop.edit(MODEL, "class Item(", "class Thing(")
    # With the same table, it would be the same class by another name.
    shop.edit(MODEL, '"items"\n', '"things"\n')
    line, hint = the_one(shop)
    assert line == f"{MODEL}: it has no class Item"
    follow(shop, hint)
    assert shop.must("check").out == AGREE


def migration(project: Living, name: str) -> Path:
    [path] = (project.root / VERSIONS).glob(f"*{name}.py")
    return path


@pytest.mark.slow
def test_two_branches_that_each_added_a_resource(shop: Living) -> None:
    shop.git("checkout", "-qb", "other")
    shop.must("add", "resource", "tag", "name:str")
    shop.commit()
    shop.git("checkout", "-q", "-")
    shop.must("add", "resource", "note", "body:text")
    shop.commit()
    shop.git("merge", "-q", "--no-edit", "other")
    line, hint = the_one(shop)
    assert hint == "fastgen check --fix"
    assert line.startswith(f"{VERSIONS}: there are 2 heads: ")
    for name in ("create_notes.py", "create_tags.py"):
        assert name in line
    result = shop.run("add", "resource", "more", "name:str")
    assert result.code == 1
    assert "2 heads" in result.err
    follow(shop, hint)
    assert shop.must("check").out == AGREE


def test_a_migration_that_is_missing(shop: Living) -> None:
    path = migration(shop, "create_items")
    revision = re.search(r'^revision.*"(\w+)"', path.read_text(), re.MULTILINE)
    path.unlink()
    line, hint = the_one(shop)
    assert revision
    assert line == f"{VERSIONS}: the migration {revision[1]} of item is missing"
    follow(shop, hint)
    assert shop.must("check").out == AGREE


@pytest.mark.slow
def test_a_table_that_no_migration_makes(shop: Living) -> None:
    shop.must("add", "resource", "tag", "name:str", "--no-migration")
    line, hint = the_one(shop)
    assert line == f"{VERSIONS}: no migration creates the table tags of tag"
    assert hint == 'uv run alembic revision --autogenerate -m "create tags"'


@pytest.mark.slow
def test_a_table_that_was_dropped_and_made_again_is_there(shop: Living) -> None:
    shop.must("remove", "resource", "item")
    shop.must("add", "resource", "note", "body:text")
    shop.must("add", "resource", "item", "name:str")
    assert shop.must("check").out == AGREE


def test_a_migration_that_follows_none(shop: Living) -> None:
    path = migration(shop, "create_items")
    path.write_text(re.sub(r'(down_revision.*)"\w+"', r'\1"0123456789ab"', path.read_text()))
    found = differences(shop)
    [line] = [line for line in found if "follows" in line]
    assert line.endswith("it follows 0123456789ab, which does not exist")
    assert follow(shop, found[line]) == ""


@pytest.mark.slow
def test_two_migrations_with_one_number(shop: Living) -> None:
    path = migration(shop, "create_items")
    shutil.copy(path, path.with_name("zz_copy.py"))
    line, hint = the_one(shop)
    assert line.endswith(f"is also the one of {path.name}")
    follow(shop, hint)
    assert shop.must("check").out == AGREE


def test_no_migrations_at_all(shop: Living) -> None:
    shutil.rmtree(shop.root / VERSIONS)
    line, hint = the_one(shop)
    assert line.startswith(f"{VERSIONS}: ")
    follow(shop, hint)
    assert shop.must("check").out == AGREE


def test_a_reference_to_nothing(shop: Living) -> None:
    (shop.root / CATEGORY).unlink()
    found = differences(shop)
    [line] = [line for line in found if line.startswith(RECIPE)]
    assert line == f"{RECIPE}: it refers to category, which is not a resource"
    follow(shop, found[line])
    assert shop.must("check").out == AGREE


@pytest.mark.others_nightly
@pytest.mark.parametrize("content", ["<<<<<<< ours\n", "", "[]\n", "name: item\n", "\0"])
def test_an_entry_that_cannot_be_read_hides_no_other(shop: Living, content: str) -> None:
    shop.write(CATEGORY, content)
    (shop.root / SERVICE).unlink()
    found = differences(shop)
    assert len([line for line in found if line.startswith(f"{CATEGORY}: ")]) == 1
    assert f"{SERVICE}: it is missing, although it is part of item" in found
    for hint in found.values():
        follow(shop, hint)
    assert shop.must("check").out == AGREE


def test_two_resources_with_one_table(shop: Living) -> None:
    text = shop.read(CATEGORY)
    shop.write(
        ".fastgen/resources/kind.yml",
        text.replace("name: category\n", "name: kind\n").replace("class: Category", "class: Kind"),
    )
    found = differences(shop)
    line = ".fastgen/resources/kind.yml: its table categories is also the table of category"
    assert line in found
    follow(shop, found[line])


def test_an_entry_under_another_name(shop: Living) -> None:
    (shop.root / RECIPE).rename(shop.root / ".fastgen/resources/things.yml")
    found = differences(shop)
    [line] = [line for line in found if line.startswith(".fastgen/resources/things.yml")]
    follow(shop, found[line])
    assert shop.must("check").out == AGREE


def test_lines_that_a_resource_left_behind(shop: Living) -> None:
    for path in (MODEL, SERVICE, "src/app/api/v1/endpoints/items.py", RECIPE):
        (shop.root / path).unlink()
    found = differences(shop)
    assert [line.partition(" imports ")[2] for line in found] == [
        "app.api.v1.endpoints.items, which does not exist",
        "app.models.item, which does not exist",
    ]
    for hint in found.values():
        follow(shop, hint)
    assert shop.must("check").out == AGREE


def test_the_lock(shop: Living) -> None:
    shop.edit("pyproject.toml", "dependencies = [", 'dependencies = [\n  "Some_Thing[x]>=1",')
    assert the_one(shop) == ("uv.lock: it lacks some-thing, which pyproject.toml needs", "uv lock")
    shop.write("uv.lock", "version = [")
    assert the_one(shop) == ("uv.lock: it cannot be read", "rm uv.lock && uv lock")
    (shop.root / "uv.lock").unlink()
    assert the_one(shop) == ("uv.lock: it does not exist", "uv lock")


def test_the_lock_of_a_workspace_is_the_one_of_its_root(shop: Living) -> None:
    root = shop.root.parent / "whole"
    (root / "packages").mkdir(parents=True)
    (root / "pyproject.toml").write_text('[tool.uv.workspace]\nmembers = ["packages/*"]\n')
    shop.root = shop.root.rename(root / "packages" / "shop")
    (shop.root / "uv.lock").rename(root / "uv.lock")
    assert shop.must("check").out == AGREE
    (root / "uv.lock").unlink()
    assert the_one(shop) == ("../../uv.lock: it does not exist", "uv lock")


def test_without_git_the_hints_work_as_well(shop: Living) -> None:
    shutil.rmtree(shop.root / ".git")
    (shop.root / SERVICE).unlink()
    shop.write(CATEGORY, "")
    assert not [hint for hint in differences(shop).values() if hint.startswith("git checkout")]


def test_as_json_it_is_one_object(shop: Living) -> None:
    agrees = shop.must("check", "--json")
    assert agrees.json["agree"] is True
    assert agrees.json["differences"] == []
    shop.write(ROUTER, re.sub(r".*items_router.*\n", "", shop.read(ROUTER)))
    result = shop.run("check", "--json")
    assert result.code == 1
    assert result.json["agree"] is False
    [found] = result.json["differences"]
    assert (found["path"], found["hint"]) == (ROUTER, "fastgen check --fix")
    assert result.json["written"] is False
    fixed = shop.must("check", "--fix", "--json").json
    assert (fixed["agree"], fixed["written"]) == (True, True)
    assert [change["path"] for change in fixed["changes"]] == [ROUTER]


def test_outside_of_a_project(project: Living, tmp_path: Path) -> None:
    result = project.run("check", "--json", cwd=tmp_path)
    assert result.code == 1
    assert "is not in a fastgen project" in json.loads(result.out)["error"]["message"]
