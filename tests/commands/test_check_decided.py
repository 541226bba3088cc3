"""Classes, access and prefixes that people changed by hand: `check` tells, `--accept` records."""

import re
from pathlib import Path

import pytest

import living
from decided import CLASSES, ENDPOINTS, TESTS, call_otherwise, serve_at, tidy
from living import MODEL, RECIPE, SERVICE, Living
from support import Cli

QUIET = "recipe, files, wiring, migrations and lock agree\n"
HINT = "  hint: fastgen check --accept\n"
SCHEMA = "src/app/schemas/item.py"
CHANGES = {
    "add field": ("add", "field", "item", "code:enum:a,b:default=a"),
    "change field": ("change", "field", "item", "name:str:120:unique"),
    "rename field": ("rename", "field", "item", "name", "title"),
    "remove field": ("remove", "field", "item", "category"),
    "change access": ("change", "access", "item", "admin"),
    "add a child": ("add", "resource", "tag", "item:ref:item", "text"),
    "remove a child": ("remove", "resource", "review"),
    "change a parent": ("add", "field", "category", "code:str:5:optional"),
}


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory, fresh_project: Path) -> Path:
    """A resource with a parent and a child, all committed, and a lock that has what is needed."""
    folder = tmp_path_factory.mktemp("stocked")
    project = living.settle(Cli(folder, folder / "home"), fresh_project)
    project.must("add", "resource", "category", "name:str:50:unique", "--access", "shared")
    fields = ("name:str:100:sort", "status:enum:new,old:default=new", "category:ref:category")
    project.must("add", "resource", "item", *fields, "--access", "shared")
    project.must("add", "resource", "review", "item:ref:item", "text", "--access", "shared")
    needed = re.findall(r'(?m)^ +"([A-Za-z0-9_-]+)', project.read("pyproject.toml"))
    project.write("uv.lock", "".join(f'[[package]]\nname = "{name}"\n' for name in needed))
    project.commit()
    return project.root


@pytest.fixture
def shop(cli: Cli, stocked: Path) -> Living:
    return living.settle(cli, stocked)


def code(project: Living) -> dict[str, bytes]:
    """Return the content of all files but the recipe's."""
    return {path: text for path, text in project.texts().items() if path[:9] != ".fastgen/"}


@pytest.mark.slow
def test_classes_that_are_called_otherwise_are_told_and_recorded(shop: Living) -> None:
    call_otherwise(shop)
    before = code(shop)
    told = shop.run("check")
    assert told.code == 1
    for usual, name in CLASSES.items():
        assert f"the class {usual} is called {name}, but {RECIPE} does not say so\n" in told.out
    assert told.out.count(HINT) == told.out.count("hint:") == len(CLASSES)
    assert shop.must("check", "--accept").out.endswith(QUIET)
    assert shop.must("check").out == QUIET
    assert code(shop) == before
    # It may be decided otherwise again.
    shop.edit(SERVICE, "class Catalogue:", "class ItemService:")
    assert "the class Catalogue is called ItemService" in shop.run("check").out
    assert shop.must("check", "--accept").out.endswith(QUIET)
    assert "ItemService" not in shop.read(RECIPE)


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_the_same_before_and_after_classes_are_renamed(
    shop: Living, change: tuple[str, ...]
) -> None:
    other = shop.copy("other")
    call_otherwise(other)
    other.must("check", "--accept")
    other.commit()
    other.must(*change)
    shop.must(*change)
    call_otherwise(shop)
    assert code(other) == code(shop)
    tidy(other)
    assert code(other) == code(shop)


@pytest.mark.slow
def test_a_renamed_resource_has_the_usual_names_again(shop: Living) -> None:
    other = shop.copy("other")
    call_otherwise(other)
    other.must("check", "--accept")
    other.commit()
    for project in (shop, other):
        project.must("rename", "resource", "item", "thing")
    assert code(other) == code(shop)


def test_a_class_in_the_place_of_another_is_not_taken_for_it(shop: Living) -> None:
    text = shop.read(SCHEMA)
    gone = re.sub(
        r"(?s)class ItemSort\(.*?\n\n\n", "class Reason(StrEnum):\n    A = 'a'\n\n\n", text
    )
    assert gone != text
    shop.write(SCHEMA, gone)
    assert shop.must("check").out == QUIET


def decide(shop: Living, *access: str) -> None:
    """Change the access in the code, and leave the recipe as it is."""
    shop.must("change", "access", "item", *access)
    shop.git("checkout", "-q", "HEAD", "--", ".fastgen")


@pytest.mark.slow
@pytest.mark.parametrize("access", [("public",), ("owner", "--fill", "1")], ids="-".join)
def test_another_access_is_told_and_recorded(shop: Living, access: tuple[str, ...]) -> None:
    decide(shop, *access)
    before = code(shop)
    told = shop.run("check")
    assert told.code == 1
    assert told.out.startswith(f"{ENDPOINTS}: line ")
    assert f"is the access {access[0]}, but {RECIPE} says shared\n{HINT}" in told.out
    assert told.out.count("hint:") == 1
    assert shop.must("check", "--accept").out.endswith(QUIET)
    assert f"\n  preset: {access[0]}\n" in shop.read(RECIPE)
    assert code(shop) == before
    shop.must("add", "resource", "tag", "item:ref:item", "text", "--access", "shared")
    assert ("caller" in shop.read("src/app/services/tag.py")) == (access[0] == "owner")
    assert shop.must("check").out == QUIET


def test_a_caller_in_each_endpoint_is_the_same_access(shop: Living) -> None:
    text = shop.read(ENDPOINTS).replace("dependencies=[Depends(get_caller)]", "")
    text = text.replace("session: DbSession,", "session: DbSession, _caller: CurrentCaller,")
    shop.write(ENDPOINTS, text.replace("import DbSession", "import CurrentCaller, DbSession"))
    assert "Depends(get_caller)" not in shop.read(ENDPOINTS)
    assert shop.must("check").out == QUIET
    shop.edit(
        ENDPOINTS,
        "async def read_item(session: DbSession, _caller: CurrentCaller, ",
        "async def read_item(session: DbSession, ",
    )
    # Neither is all that reads for anybody.
    assert shop.must("check").out == QUIET


@pytest.mark.slow
def test_rights_that_no_access_has_stay_in_the_code(shop: Living) -> None:
    decide(shop, "owner", "--fill", "1")
    shop.git("add", "-A")
    shop.must("check", "--accept")
    shop.commit()
    text = shop.read(SERVICE).replace("query, owner_id=self._owner.id", "query")
    text = text.replace(', "owner_id": self._owner.id}', "}")
    shop.write(
        SERVICE, re.sub(r"(?m)^OWN = .*(?:\n .*)*\n(?:\)\n)?", "OWN = select(*SHOWN)\n", text)
    )
    before = shop.tree()
    assert shop.must("check").out == QUIET
    result = shop.must("check", "--accept")
    assert re.search(
        rf"note: {ENDPOINTS}, line \d+: reading for signed-in users and writing for owners "
        rf"is not an access that {RECIPE} can record; the access stays owner",
        result.err,
    ), result
    assert shop.tree() == before


@pytest.mark.slow
def test_owners_who_are_found_in_another_way_stay_owners(shop: Living) -> None:
    decide(shop, "owner", "--fill", "1")
    shop.must("check", "--accept")
    shop.write(SERVICE, re.sub(r"_?owner(_id)?\b", "whose", shop.read(SERVICE)))
    assert shop.must("check").out == QUIET


def test_a_dependency_that_only_the_project_knows_is_left_alone(shop: Living) -> None:
    shop.edit(ENDPOINTS, "dependencies=[Depends(get_caller)]", "dependencies=[Depends(editors)]")
    assert shop.must("check").out == QUIET


@pytest.mark.others_nightly
@pytest.mark.parametrize("path", ["articles", "shop/order-items"])
def test_another_prefix_is_told_and_recorded(shop: Living, path: str) -> None:
    serve_at(shop, path)
    before = code(shop)
    told = shop.run("check")
    assert told.code == 1
    assert re.fullmatch(
        rf"{ENDPOINTS}: line \d+: the prefix of the router is /{path}, but {RECIPE} says /items\n"
        + HINT,
        told.out,
    )
    assert shop.must("check", "--accept").out.endswith(QUIET)
    assert code(shop) == before
    # The line with the prefix changes, too.
    shop.must("change", "access", "item", "admin")
    assert f'router = Router(prefix="/{path}", tags=["items"])\n' in shop.read(ENDPOINTS)
    assert shop.must("check").out == QUIET


@pytest.mark.slow
def test_moved_files_with_another_prefix_and_other_classes_are_found(shop: Living) -> None:
    serve_at(shop, "articles")
    call_otherwise(shop)
    for path in (MODEL, SCHEMA, SERVICE, ENDPOINTS, TESTS):
        name = {TESTS: "test_all.py", SERVICE: "catalogue.py"}.get(path, "product.py")
        shop.git("mv", path, str(Path(path).with_name(name)))
    words = {
        **{f"{folder}.item": f"{folder}.product" for folder in ("models", "schemas")},
        "services.item": "services.catalogue",
        "endpoints.items": "endpoints.product",
        "test_items": "test_all",
    }
    for folder in ("src", "tests"):
        for file in (shop.root / folder).rglob("*.py"):
            text = file.read_text()
            for old, new in words.items():
                text = re.sub(rf"\b{re.escape(old)}(?= import)", new, text)
            file.write_text(text)
    tidy(shop)
    before = code(shop)
    told = shop.run("check").out
    assert told.count(HINT) == told.count("hint:") == len(CLASSES) + 1
    assert shop.must("check", "--accept").out.endswith(QUIET)
    assert code(shop) == before
    shop.commit()
    shop.must("add", "field", "item", "code:str:5:optional:search")
    assert "code: ItemCode | None = None" in shop.read("src/app/schemas/product.py")
    assert "contains(ITEMS.c.code)" in shop.read("src/app/services/catalogue.py")
    assert "code" in shop.read("tests/test_all.py")
    after = code(shop)
    tidy(shop)
    assert code(shop) == after
    assert shop.must("check").out == QUIET


@pytest.mark.slow
@pytest.mark.others_nightly
@pytest.mark.parametrize("comment", ["", "# Ours.\n"])
def test_a_file_of_resources_says_it_as_well(shop: Living, comment: str) -> None:
    shop.must("export", "-o", "resources.yml")
    shop.write("resources.yml", comment + shop.read("resources.yml"))
    decide(shop, "public")
    serve_at(shop, "articles")
    before = shop.read("resources.yml")
    accepted = shop.run("check", "--accept")
    if comment:
        assert shop.read("resources.yml") == before
        assert "note: resources.yml has comments and is not rewritten" in accepted.err
    else:
        assert accepted.out.endswith(QUIET)
        assert shop.read("resources.yml") == shop.must("export").out != before
        assert shop.must("check").out == QUIET
