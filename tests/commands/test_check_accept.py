"""`fastgen check --accept`: the recipe learns what people decided in the code."""

import re
from pathlib import Path

import pytest

import living
from living import MODEL, RECIPE, RECORDS, VERSIONS, Living
from support import Cli

REVIEW = ".fastgen/resources/review.yml"
QUIET = "recipe, files, wiring, migrations and lock agree\n"


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory, fresh_project: Path) -> Path:
    """Three resources, all committed, and a lock that has what is needed."""
    folder = tmp_path_factory.mktemp("stocked")
    project = living.settle(Cli(folder, folder / "home"), fresh_project)
    project.must("add", "resource", "category", "name:str:50:unique")
    project.must("add", "resource", "item", "name:str:100:sort", "category:ref:category")
    project.must("add", "resource", "review", "item:ref:item", "text")
    needed = re.findall(r'(?m)^ +"([A-Za-z0-9_-]+)', project.read("pyproject.toml"))
    project.write("uv.lock", "".join(f'[[package]]\nname = "{name}"\n' for name in needed))
    project.commit()
    return project.root


@pytest.fixture
def shop(cli: Cli, stocked: Path) -> Living:
    return living.settle(cli, stocked)


def timeless(entry: str) -> str:
    """Return an entry without its migrations."""
    return re.sub(r"(?m)^revisions:\n(- .*\n)+", "", entry)


@pytest.mark.slow
@pytest.mark.others_nightly
@pytest.mark.parametrize(("old", "new"), [("name", "title"), ("category", "section")])
def test_a_column_that_was_renamed_with_a_migration(shop: Living, old: str, new: str) -> None:
    shop.must("rename", "field", "item", old, new)
    paths = (RECIPE, RECORDS, REVIEW)
    wanted = [timeless(shop.read(path)) for path in paths]
    shop.git("checkout", "-q", "HEAD", "--", ".fastgen")
    told = shop.run("check")
    assert told.code == 1
    end = "_id" if old == "category" else ""
    assert f"{old}{end} is called {new}{end}, but {RECIPE} does not say so\n" in told.out
    assert told.out.count("hint:") == told.out.count("  hint: fastgen check --accept\n") == 1
    before = shop.texts()
    result = shop.must("check", "--accept")
    assert result.out.endswith(QUIET)
    assert [timeless(shop.read(path)) for path in paths] == wanted
    after = shop.texts()
    changed = [path for path, content in after.items() if content != before[path]]
    assert {RECIPE, RECORDS} <= {*changed}
    assert all(path.startswith(".fastgen/") for path in changed)
    assert shop.must("check").out == QUIET
    shop.must("add", "field", "item", "code:str:5:optional")


@pytest.mark.slow
def test_a_column_of_accounts(shop: Living) -> None:
    shop.must("add", "field", "user", "bio:str:200:optional", "city:str:50:optional")
    shop.must("export", "-o", "resources.yml")
    shop.commit()
    shop.must("rename", "field", "user", "bio", "about")
    account, records = ".fastgen/user.yml", ".fastgen/files/project.yml"
    wanted = [timeless(shop.read(path)) for path in (account, records)]
    shop.git("checkout", "-q", "HEAD", "--", ".fastgen")
    told = shop.run("check")
    assert told.code == 1
    assert f"bio is called about, but {account} does not say so\n" in told.out
    result = shop.must("check", "--accept")
    assert result.out.endswith(QUIET)
    assert [timeless(shop.read(path)) for path in (account, records)] == wanted
    assert "about:str:200:optional" in shop.read("resources.yml")
    assert shop.must("check").out == QUIET
    shop.must("add", "field", "user", "code:str:5:optional")


@pytest.mark.slow
def test_a_column_that_only_the_model_and_the_table_call_otherwise(shop: Living) -> None:
    shop.must("rename", "field", "item", "name", "title")
    shop.git("checkout", "-q", "HEAD", "--", ".fastgen", "src/app/schemas", "tests")
    shop.must("check", "--accept")
    assert "\n- title:" in shop.read(RECIPE)
    assert "name" in shop.read("src/app/schemas/item.py")


@pytest.mark.slow
def test_a_column_without_a_migration_is_not_recorded(shop: Living) -> None:
    shop.must("rename", "field", "item", "name", "title", "--no-migration")
    shop.git("checkout", "-q", "HEAD", "--", ".fastgen")
    before = shop.tree()
    result = shop.run("check", "--accept")
    assert result.code == 1
    assert f"{MODEL}: Item has no name, which {RECIPE} has" in result.out
    assert "note: name of Item is recorded under its new name only if" in result.err
    assert shop.tree() == before


@pytest.mark.slow
def test_a_column_with_another_type_is_not_recorded(shop: Living) -> None:
    shop.must("rename", "field", "item", "name", "title")
    shop.git("checkout", "-q", "HEAD", "--", ".fastgen")
    shop.edit(MODEL, "    title: Mapped[str]", "    title: Mapped[str | None]")
    assert shop.run("check", "--accept").code == 1


def test_another_class_with_another_table_is_not_recorded(shop: Living) -> None:
    shop.edit(MODEL, "class Item(", "class Product(")
    shop.edit(MODEL, '"items"\n', '"products"\n')
    before = shop.tree()
    result = shop.run("check", "--accept")
    assert result.code == 1
    assert f"note: {MODEL} has neither a class Item nor the table items" in result.err
    assert shop.tree() == before


@pytest.mark.slow
@pytest.mark.others_nightly
@pytest.mark.parametrize("flag", ["--dry-run", "--diff"])
def test_it_can_be_seen_before_it_is_recorded(shop: Living, flag: str) -> None:
    shop.must("rename", "field", "item", "name", "title")
    shop.git("checkout", "-q", "HEAD", "--", ".fastgen")
    before = shop.tree()
    result = shop.run("check", "--accept", flag)
    assert result.code == 1
    assert RECIPE in result.out
    assert shop.tree() == before


def squash(project: Living, *names: str) -> str:
    """Put the migrations of these tables into one; return its revision."""
    up, texts = [], []
    for name in names:
        [file] = (project.root / VERSIONS).glob(f"*_create_{name}.py")
        texts.append(file.read_text())
        up.append(re.findall(r"(?s)def upgrade\(\) -> None:\n(.*?)\n\n\n", texts[-1])[0])
        file.unlink()
    text = re.sub(
        r"(?s)(def upgrade\(\) -> None:\n).*?\n\n\n", "\\1" + "\n".join(up) + "\n\n\n", texts[0]
    )
    text = re.sub("(?m)^revision = .*", 'revision = "abc"', text)
    project.write(f"{VERSIONS}/all.py", text)
    return "abc"


def test_migrations_that_were_squashed(shop: Living) -> None:
    squash(shop, "categories", "items", "reviews")
    told = shop.run("check").out
    assert told.count("hint:") == told.count("  hint: fastgen check --accept\n") == 3
    assert shop.must("check", "--accept").out.endswith(QUIET)
    for path in (RECIPE, REVIEW):
        assert "\nrevisions:\n- abc\n" in shop.read(path)
    assert shop.must("check").out == QUIET
    shop.must("add", "field", "item", "code:str:5:optional")


@pytest.mark.slow
def test_migrations_that_lack_a_column_were_not_squashed(shop: Living) -> None:
    shop.must("add", "field", "item", "code:str:5:optional")
    [file] = (shop.root / VERSIONS).glob("*_add_code_to_items.py")
    file.unlink()
    before = shop.tree()
    assert shop.run("check", "--accept").code == 1
    assert shop.tree() == before


def test_what_agrees_stays_as_it_is(shop: Living) -> None:
    before = shop.tree()
    assert shop.must("check", "--accept").out == QUIET
    assert shop.tree() == before
