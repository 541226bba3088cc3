"""`fastgen add resource` in a project that people edit."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from living import ITEM, MODEL, MODELS, RECIPE, RECORDS, ROUTER, SERVICE, VERSIONS, Living

SLICE = [
    MODEL,
    "src/app/schemas/item.py",
    SERVICE,
    "src/app/api/v1/endpoints/items.py",
    "tests/test_items.py",
]
# What a first decimal brings, on SQLite.
DECIMALS = [
    "src/app/schemas/types/decimals.py",
    "tests/test_decimal_type.py",
    "src/app/schemas/types/decimal_text.py",
    "tests/test_decimal_text_type.py",
    "src/app/columns/decimals.py",
    "tests/test_decimal_column.py",
    "src/app/migrations/decimals.py",
]
DECIMAL_RECORDS = [
    ".fastgen/files/types/columns/decimals.yml",
    ".fastgen/files/types/schemas/decimal_text.yml",
    ".fastgen/files/types/schemas/decimals.yml",
]
MINE = "\n\nMINE = 1\n"


def changed(project: Living) -> list[str]:
    return [line[3:] for line in project.git("status", "--porcelain", "-uall").splitlines()]


def test_a_resource_is_all_its_files_and_a_line_in_two_others(project: Living) -> None:
    result = project.run(*ITEM)
    assert (result.code, result.err.count("note:")) == (0, 0)
    versions = [f"{VERSIONS}/{p.name}" for p in (project.root / VERSIONS).glob("*_items.py")]
    assert sorted(changed(project)) == sorted(
        [*SLICE, *DECIMALS, *versions, ROUTER, MODELS, RECIPE, RECORDS, *DECIMAL_RECORDS]
    )
    assert project.git("diff", "--numstat").splitlines() == [
        f"2\t0\t{ROUTER}",
        f"1\t0\t{MODELS}",
    ]
    for path in changed(project):
        assert path in result.out


def test_without_fields_it_has_a_name(project: Living) -> None:
    result = project.must("add", "resource", "item")
    assert "a resource without fields gets one: name:str:100" in result.err
    assert "name: Mapped[str] = mapped_column(sa.String(100))" in project.read(MODEL)


def test_the_project_is_found_from_any_folder(project: Living, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(project.root / "src" / "app")
    result = project.run(*ITEM, cwd=link)
    assert result.code == 0
    assert project.run(*ITEM, cwd=project.root / "tests").code == 0
    assert (project.root / MODEL).exists()


def test_all_mistakes_of_a_line_are_told_at_once(project: Living) -> None:
    project.must("add", "resource", "category", "name:str")
    before = project.tree()
    result = project.run(
        "add", "resource", "class", "name:strr", "price:decimal:2,10", "kind:ref:categry"
    )
    assert result.code == 1
    for part in ("keyword", "strr", "price:decimal:2,10", "did you mean category?"):
        assert part in result.err, part
    assert project.tree() == before


def test_an_unknown_access_is_told(project: Living) -> None:
    result = project.run(*ITEM, "--access", "shard")
    assert result.code == 1
    assert "owner, shared, admin, public" in result.err
    assert "shared" in result.err.splitlines()[-1]


CLASHES = {
    "a class in a module of several": (
        "src/app/models/stock.py",
        "from app.database import Base\n\n\nclass Crate: ...\n\n\nclass Item(Base): ...\n",
        "src/app/models/stock.py already has a class Item",
    ),
    "a class in a sub-package": (
        "src/app/models/stock/things.py",
        "class Item: ...\n",
        "src/app/models/stock/things.py already has a class Item",
    ),
    "a model in a folder of its own": (
        "src/app/billing/tables.py",
        'class Item:\n    __tablename__ = "bills"\n',
        "src/app/billing/tables.py already has a class Item",
    ),
    "a table": (
        "src/app/models/stock.py",
        "class Crate:\n    __tablename__ = 'items'\n",
        "src/app/models/stock.py already has a table 'items'",
    ),
    "a prefix": (
        "src/app/api/v1/endpoints/stock.py",
        'from fastapi import APIRouter\n\nrouter = APIRouter(prefix="/items")\n',
        "src/app/api/v1/endpoints/stock.py already has the route /items",
    ),
    "an endpoint": (
        "src/app/api/v1/endpoints/stock.py",
        'router = APIRouter()\n\n\n@router.get("/items/{number}")\ndef show() -> None: ...\n',
        "src/app/api/v1/endpoints/stock.py already has the route /items",
    ),
    "a migration": (
        f"{VERSIONS}/1_items.py",
        (
            'revision = "1"\ndown_revision = None\n\n\n'
            'def upgrade() -> None:\n    op.create_table("items")\n'
        ),
        f"{VERSIONS}/1_items.py already creates a table 'items'",
    ),
    "a file": (MODEL, "", f"{MODEL} already exists"),
    "a file in capitals": ("src/app/models/Item.py", "", "src/app/models/Item.py already exists"),
    "a package": ("src/app/services/item/__init__.py", "", "src/app/services/item already exists"),
    "an endpoint module": (
        "src/app/api/v1/endpoints/items.py",
        "",
        "src/app/api/v1/endpoints/items.py already exists",
    ),
}


@pytest.mark.parametrize("name", CLASHES)
def test_a_clash_is_found_before_anything_is_written(project: Living, name: str) -> None:
    path, text, told = CLASHES[name]
    project.write(path, text)
    before = project.tree()
    result = project.run(*ITEM)
    assert result.code == 1
    assert f"error: {told}\n" in result.err
    assert "hint: fastgen add resource" in result.err
    assert project.tree() == before


def test_all_clashes_are_told_at_once(project: Living) -> None:
    for name in ("a table", "an endpoint module", "a migration", "a file"):
        path, text, _ = CLASHES[name]
        project.write(path, text)
    result = project.run(*ITEM)
    for name in ("a table", "an endpoint module", "a migration", "a file"):
        assert CLASHES[name][2] in result.err


NO_CLASHES = {
    "a schema of that name": ("src/app/schemas/stock.py", "class Item: ...\n"),
    "a route below another prefix": (
        "src/app/api/v1/endpoints/orders.py",
        'router = APIRouter(prefix="/orders")\n\n\n@router.get("/items")\ndef f(): ...\n',
    ),
    "a function that is no route": (
        "src/app/api/v1/endpoints/stock.py",
        "def read_item(): ...\n\n\n@cache\ndef create_item(): ...\n",
    ),
    "a route that the document leaves out": (
        "src/app/api/v1/endpoints/stock.py",
        (
            'router = APIRouter(include_in_schema=False)\n\n\n@router.get("/stock")\n'
            'def read_item(): ...\n\n\n@other.get("/x", include_in_schema=False)\n'
            "def update_item(): ...\n"
        ),
    ),
    "a route with another id": (
        "src/app/api/v1/endpoints/stock.py",
        '@router.get("/stock", operation_id="read_stock")\ndef read_item(): ...\n',
    ),
    "a route for sockets": (
        "src/app/api/v1/endpoints/stock.py",
        '@router.websocket("/stock")\nasync def read_item(): ...\n',
    ),
    "a table that was dropped": (
        f"{VERSIONS}/1_items.py",
        (
            'revision = "1"\ndown_revision = ("8c41d07e5b92",)\n\n\n'
            'def upgrade() -> None:\n    op.create_table("items")\n    op.drop_table("items")\n'
        ),
    ),
    "a table that was renamed": (
        f"{VERSIONS}/1_items.py",
        (
            'revision = "1"\ndown_revision = (\n    "8c41d07e5b92"\n)\n\n\ndef upgrade() -> None:\n'
            '    op.create_table("items")\n    op.rename_table("items", "things")\n'
        ),
    ),
    "a table in a comment": ("src/app/models/stock.py", '# not "items"\n'),
}


SAME_IDS = {
    "a function": ('@router.get("/rate/{item_id}")\nasync def read_item(item_id: int): ...\n', 4),
    "a second decorator": ('@cached\n@app.post("/x")\ndef create_item(): ...\n', 5),
    "several methods": ('@router.api_route("/x", methods=["PUT"])\ndef update_item(): ...\n', 4),
    "a name": ('@router.delete("/x", name="delete_item")\ndef drop(): ...\n', 4),
    "an id": ('@router.get(\n    "/x", operation_id="read_item"\n)\ndef show(): ...\n', 4),
    "a call": ('def read_item(): ...\n\n\nrouter.add_api_route("/x", read_item)\n', 7),
}


@pytest.mark.others_nightly
@pytest.mark.parametrize("way", SAME_IDS)
def test_names_of_routes_are_ids_so_that_they_are_taken(project: Living, way: str) -> None:
    text, line = SAME_IDS[way]
    file = "src/app/billing/rates.py"
    project.write(file, f"router = APIRouter()\n\n\n{text}")
    before = project.tree()
    result = project.run(*ITEM)
    assert result.code == 1
    [name] = re.findall(r"(?:create|read|update|delete)_item", text)[:1]
    assert result.err == (
        f"error: {file}, line {line}: a route is already called {name}, and names of routes are "
        "ids in the OpenAPI document\n"
        "hint: fastgen add resource item_entry name:str:100:min=1 price:decimal:10,2:gt=0\n"
    )
    assert project.tree() == before
    project.must("add", "resource", "item_entry", *ITEM[3:])


def test_a_route_with_the_name_of_the_list_needs_another_plural(project: Living) -> None:
    text = '@router.get("/latest")\ndef list_items(): ...\n'
    project.write("src/app/api/v1/endpoints/stock.py", text)
    result = project.run(*ITEM)
    assert result.code == 1
    assert "stock.py, line 1: a route is already called list_items" in result.err
    assert result.err.endswith(f"hint: fastgen {' '.join(ITEM)} --plural item_items\n")
    project.must(*ITEM, "--plural", "item_items")


@pytest.mark.slow
def test_force_over_its_own_endpoints_is_no_clash(project: Living) -> None:
    endpoints = SLICE[3]
    project.write(endpoints, '@router.get("/items")\ndef list_items(): ...\n')
    project.commit()
    assert f"{endpoints} already exists" in project.run(*ITEM).err
    project.must(*ITEM, "--force")
    assert "async def read_item(" in project.read(endpoints)
    project.edit(endpoints, "async def read_item(", "async def show_item(")
    assert "exactly like this" in project.must(*ITEM, "--force").err
    assert "async def show_item(" in project.read(endpoints)


@pytest.mark.parametrize("name", ["me", "user_stats", "document"])
def test_routes_of_the_project_leave_plain_words_free(project: Living, name: str) -> None:
    project.must("add", "resource", name, "title:str")


@pytest.mark.others_nightly
@pytest.mark.parametrize("name", NO_CLASHES)
def test_what_only_looks_like_a_clash_is_none(project: Living, name: str) -> None:
    project.write(*NO_CLASHES[name])
    result = project.run(*ITEM)
    assert result.code == 0, result


@pytest.mark.parametrize("name", ["doc", "openapi", "service", "prefix"])
def test_what_the_project_has_at_other_paths_is_no_clash(project: Living, name: str) -> None:
    project.must("add", "resource", name, "title:str", "--dry-run")


def test_a_plural_that_another_has_is_told(project: Living) -> None:
    project.must("add", "resource", "person", "name:str")
    result = project.run("add", "resource", "human", "name:str", "--plural", "people")
    assert result.code == 1
    assert "the plural of person is already 'people'" in result.err


def test_the_list_on_the_other_side_may_be_taken(project: Living) -> None:
    project.must("add", "resource", "category", "name:str")
    project.edit("src/app/models/category.py", "    name:", "    items: ClassVar = 1\n    name:")
    result = project.run("add", "resource", "item", "category:ref:category")
    assert result.code == 1
    assert "src/app/models/category.py: Category already has 'items'" in result.err


def test_several_heads_are_told_with_what_merges_them(project: Living) -> None:
    for name in ("1", "2"):
        text = f'revision = "{name}"\ndown_revision = "8c41d07e5b92"\n'
        project.write(f"{VERSIONS}/{name}_x.py", text)
    result = project.run(*ITEM)
    assert result.code == 1
    assert "has 2 heads: 1 (1_x.py), 2 (2_x.py)" in result.err
    assert "hint: fastgen check --fix" in result.err
    assert project.run(*ITEM, "--no-migration").code == 0


def test_the_second_run_changes_nothing(with_item: Living) -> None:
    before = with_item.tree()
    result = with_item.run(*ITEM)
    assert (result.code, result.out) == (0, "")
    assert result.err == "note: the resource item already exists, exactly like this\n"
    assert with_item.tree() == before


@pytest.mark.others_nightly
@pytest.mark.parametrize(
    ("more", "shown"),
    [
        (["note:text:optional"], f"+++ b/{MODEL}"),
        (["--access", "shared"], "+  preset: shared"),
        (["--plural", "itemz"], "+++ b/src/app/api/v1/endpoints/itemz.py"),
    ],
    ids=["fields", "access", "plural"],
)
def test_another_line_is_refused_with_the_difference(
    with_item: Living, more: list[str], shown: str
) -> None:
    before = with_item.tree()
    result = with_item.run(*ITEM, *more)
    assert result.code == 1
    assert shown in result.out
    assert "already exists and differs from this line" in result.err
    assert with_item.tree() == before


def test_edited_files_are_no_difference(with_item: Living) -> None:
    with_item.write(SERVICE, with_item.read(SERVICE) + MINE)
    before = with_item.tree()
    for line in (ITEM, (*ITEM, "--force")):
        assert "already exists, exactly like this" in with_item.must(*line).err
    assert with_item.tree() == before


def test_force_merges_a_change_into_what_was_edited(with_item: Living) -> None:
    with_item.commit()
    with_item.write(SERVICE, with_item.read(SERVICE) + MINE)
    with_item.edit(MODEL, '__tablename__ = "items"', '__tablename__ = "items"  # mine')
    line = ("add", "resource", "item", "name:str:100:min=1", "note:text:optional")
    result = with_item.must(*line, "--force")
    assert "note: items.price is dropped with all its values" in result.err
    assert with_item.read(SERVICE).endswith(MINE)
    assert "# mine" in with_item.read(MODEL)
    assert "note: Mapped[str | None]" in with_item.read(MODEL)
    assert "price" not in with_item.read(MODEL)
    [migration] = (with_item.root / VERSIONS).glob("*_change_items.py")
    for text in ('add_column(sa.Column("note", sa.Text(', 'drop_column("price")'):
        assert text in migration.read_text()
    assert "exactly like this" in with_item.must(*line).err


@pytest.mark.slow
def test_force_brings_back_what_is_missing(project: Living) -> None:
    project.must(*ITEM, "parent:ref:item:optional")
    project.must("add", "resource", "order", "item:ref:item")
    before = project.texts()
    for path in (MODEL, SLICE[4], SERVICE):
        (project.root / path).unlink()
    project.write(ROUTER, re.sub(".*items_router.*\n", "", project.read(ROUTER)))
    line = (*ITEM, "parent:ref:item:optional")
    assert project.run(*line).code == 1
    project.must(*line, "--force")
    after = project.texts()
    routers = [sorted(texts.pop(ROUTER).splitlines()) for texts in (before, after)]
    assert routers[0] == routers[1]
    assert after == before


def test_force_overwrites_what_git_has_for_a_new_resource(project: Living) -> None:
    project.write(SERVICE, MINE)
    refused = project.run(*ITEM, "--force")
    assert refused.code == 1
    assert f"--force would lose uncommitted changes: {SERVICE}" in refused.err
    assert project.read(SERVICE) == MINE
    project.commit()
    project.must(*ITEM, "--force")
    assert "class ItemService" in project.read(SERVICE)
    assert MINE not in project.read(SERVICE)


def test_force_does_not_take_what_git_ignores(project: Living) -> None:
    project.write(MODEL, "# mine\n")
    project.write(".gitignore", "models/\n")
    project.commit()
    result = project.run(*ITEM, "--force")
    assert result.code == 1
    assert f"uncommitted changes: {MODEL}" in result.err


def test_force_over_files_without_git_is_refused(project: Living) -> None:
    project.write(SERVICE, MINE)
    (project.root / ".git").rename(project.root.parent / "git")
    result = project.run(*ITEM, "--force")
    assert result.code == 1
    assert "hint: git init" in result.err
    assert project.read(SERVICE) == MINE


FORCED = {
    "a new field": ("a:str", "a:str b:str:optional", 0, 'batch.add_column(sa.Column("b"'),
    "none of a field": ("a:str b:str", "a:str", 0, 'batch.drop_column("b")'),
    "another type": ("a:int", "a:decimal:10,2", 0, "UPDATE"),
    "other places": ("a:decimal:10,4", "a:decimal:10,2", 0, "UPDATE"),
    "other values": ("a:enum:x,y", "a:enum:x,y,z", 0, "create_check_constraint"),
    "another name": ("name:str", "title:str", 1, "fastgen rename field item name title"),
    "a field without values": ("a:str", "a:str b:str", 1, "fastgen add field item b:str --fill"),
    "no conversion": ("a:list:str", "a:list:int", 1, "fastgen change field item a:list:int --fill"),
}


@pytest.mark.others_slow
@pytest.mark.parametrize("way", FORCED)
def test_force_migrates_rows_or_says_which_command_does(project: Living, way: str) -> None:
    before, after, code, told = FORCED[way]
    project.must("add", "resource", "item", *before.split())
    project.commit()
    result = project.run("add", "resource", "item", *after.split(), "--force")
    assert result.code == code
    made = [path.read_text() for path in (project.root / VERSIONS).glob("*_change_items.py")]
    assert len(made) == (code == 0)
    assert told in "".join(made) if made else f"hint: {told}" in result.err
    assert code == 0 or changed(project) == []


def test_force_with_an_owner_asks_who_owns_the_rows(project: Living) -> None:
    project.must(*ITEM, "--access", "shared")
    project.commit()
    result = project.run(*ITEM, "--access", "owner", "--force")
    assert result.code == 1
    assert "hint: fastgen change access item owner --fill 1\n" in result.err


@pytest.mark.slow
def test_force_with_another_access_of_the_same_table_leaves_nothing(project: Living) -> None:
    project.must(*ITEM, "--access", "shared")
    project.commit()
    result = project.run(*ITEM, "--access", "admin", "--force")
    assert (result.code, "alembic" in result.err) == (0, False)


def test_force_does_not_rename_a_table(with_item: Living) -> None:
    with_item.commit()
    result = with_item.run(*ITEM, "--plural", "itemz", "--force")
    assert result.code == 1
    assert "hint: fastgen add resource item" in result.err
    assert "--plural items --force" in result.err
    assert changed(with_item) == []


@pytest.mark.slow
def test_force_keeps_the_lists_of_those_that_refer_to_it(with_item: Living) -> None:
    for name in ("zebra", "order"):
        with_item.must("add", "resource", name, "item:ref:item")
    before = with_item.texts()
    assert with_item.run(*ITEM).code == 0
    with_item.commit()
    assert with_item.run(*ITEM, "--force").code == 0
    assert with_item.texts() == before


def test_files_that_are_not_committed_are_told_when_edited(project: Living) -> None:
    project.write(ROUTER, project.read(ROUTER) + "# mine\n")
    result = project.must(*ITEM)
    assert f"note: {ROUTER} has changes that are not committed; they are kept" in result.err
    assert "# mine" in project.read(ROUTER)
    assert MODELS + " has" not in result.err


def test_a_project_without_git_works(project: Living) -> None:
    (project.root / ".git").rename(project.root.parent / "git")
    result = project.must(*ITEM)
    assert "committed" not in result.err


@pytest.mark.parametrize("flag", ["--dry-run", "--diff"])
def test_a_preview_writes_nothing(project: Living, flag: str) -> None:
    index = (project.root / ".git" / "index").stat().st_mtime_ns
    os.utime(project.root / ROUTER)
    before = project.tree()
    result = project.run(*ITEM, flag)
    assert result.code == 0
    assert project.tree() == before
    assert (project.root / ".git" / "index").stat().st_mtime_ns == index


def test_a_dry_run_says_what_the_run_does(project: Living) -> None:
    previewed = project.must(*ITEM, "--dry-run").out
    done = project.must(*ITEM).out
    strip = re.compile(r"\d{8}_\d{4}_")
    assert strip.sub("", previewed) == strip.sub("", done)


@pytest.mark.slow
def test_the_diff_applies_and_gives_the_same(project: Living) -> None:
    project.must("add", "resource", "category", "name:str", "--access", "shared")
    project.commit()
    other = project.copy("other")
    line = (*ITEM, "category:ref:category:optional", "tags:list:str:default=ü")
    patch = project.must(*line, "--diff").out
    (project.root.parent / "x.patch").write_text(patch, encoding="utf-8")
    project.git("apply", "../x.patch")
    other.must(*line)
    assert project.texts() == other.texts()


WIRINGS: dict[str, tuple[str, Callable[[str], str]]] = {
    "CRLF": (ROUTER, lambda text: text.replace("\n", "\r\n")),
    "renamed": (ROUTER, lambda text: text.replace("ROUTERS", "V1")),
    "one line": (
        ROUTER,
        lambda text: re.sub(r"\[\s+(.*),\s+(.*),\s+(.*),\s+\]", r"[\1, \2, \3]", text),
    ),
    "tabs": (
        ROUTER,
        lambda text: text.replace(
            "from app.api.v1.endpoints.auth",
            "if True:\n\timport os\n\nfrom app.api.v1.endpoints.auth",
            1,
        ),
    ),
}


@pytest.mark.others_nightly
@pytest.mark.parametrize("name", WIRINGS)
def test_a_router_that_people_changed_is_wired(project: Living, name: str) -> None:
    path, change = WIRINGS[name]
    text = change(project.read(path))
    project.write(path, text)
    project.must(*ITEM)
    wired = project.read(path)
    end = "\r\n" if name == "CRLF" else "\n"
    line = ", items_router" if name == "one line" else f"    items_router,{end}"
    imported = "from app.api.v1.endpoints.items import router as items_router"
    assert wired.replace(line, "").replace(imported + end, "") == text
    assert project.run("remove", "resource", "item").code == 0
    assert project.read(path) == text


def test_a_router_that_cannot_be_wired_is_left_with_the_lines(project: Living) -> None:
    project.write(ROUTER, "from app.api.v1.all import ROUTERS as ROUTERS\n")
    result = project.run(*ITEM)
    assert result.code == 4
    assert f"left to you: {ROUTER}:" in result.err
    snippet = result.err.partition(f"left to you: {ROUTER}")[2]
    lines = [line.strip() for line in snippet.splitlines() if line.startswith("    ")]
    assert any("ROUTERS.append(items_router)" in line for line in lines)
    assert all((project.root / path).exists() for path in SLICE)
    assert "Item as Item" in project.read(MODELS)
    assert project.read(ROUTER) == "from app.api.v1.all import ROUTERS as ROUTERS\n"


@pytest.mark.slow
def test_the_lines_that_are_left_make_the_check_content(project: Living) -> None:
    text = project.read(ROUTER).replace("ROUTERS = [", "ROUTERS = make(").replace("]", ")")
    project.write(ROUTER, text)
    result = project.run(*ITEM)
    assert result.code == 4
    assert ROUTER in project.run("check").out
    told = result.err.partition(f"left to you: {ROUTER}")[2]
    lines = [line[4:] for line in told.splitlines() if line.startswith("    ")]
    imports = [line for line in lines if line.startswith("from")]
    calls = [line for line in lines if line not in imports]
    pasted = "\n".join([*imports, text, *calls])
    project.write(ROUTER, f"{pasted}\n")
    assert ROUTER not in project.run("check").out
    assert project.run(*ITEM).err.endswith("already exists, exactly like this\n")


def test_a_router_of_a_newer_python_is_left_with_the_lines(project: Living) -> None:
    project.write(ROUTER, project.read(ROUTER) + "\nnew syntax here\n")
    result = project.run(*ITEM)
    assert result.code == 4
    assert "items_router" in result.err


def test_a_missing_router_is_left_with_the_lines(project: Living) -> None:
    (project.root / ROUTER).unlink()
    result = project.run(*ITEM)
    assert result.code == 4
    assert f"left to you: {ROUTER}: the file is missing" in result.err


def test_references_are_lists_of_the_parent(project: Living) -> None:
    project.must("add", "resource", "category", "name:str")
    before = project.read("src/app/models/category.py")
    project.must("add", "resource", "item", "category:ref:category", "spare:ref:category:optional")
    parent = project.read("src/app/models/category.py")
    assert parent.count('Mapped[list["Item"]]') == 2
    assert "    items: " in parent
    assert "    spare_items: " in parent
    project.must("remove", "resource", "item")
    assert project.read("src/app/models/category.py") == before


@pytest.mark.parametrize("target", ["user", "item"])
def test_references_to_users_and_to_itself(project: Living, target: str) -> None:
    result = project.must("add", "resource", "item", f"chief:ref:{target}:optional")
    assert "relationship(" in project.read(MODEL)
    assert ("edit    src/app/models/user.py" in result.out) == (target == "user")


@pytest.mark.slow
def test_a_name_that_only_its_plural_allows_is_known_again(project: Living) -> None:
    line = ("add", "resource", "series", "name:str")
    assert project.run(*line).code == 1
    project.must(*line, "--plural", "series_items")
    assert project.run(*line).err == "note: the resource series already exists, exactly like this\n"
    project.must("add", "field", "series", "note:text:optional")
    project.must("remove", "resource", "series")
    project.must("add", "resource", "data", "name:str", "--plural", "data_sets")
    project.must("add", "resource", "note", "of:ref:data")
    project.must("add", "field", "note", "more:text:optional")
    assert '"data_sets.id"' in project.read("src/app/models/note.py")


@pytest.mark.slow
def test_two_migrations_of_a_minute_have_files_of_their_own(with_item: Living) -> None:
    with_item.commit()
    first = with_item.git(
        "hash-object", *map(str, (with_item.root / VERSIONS).glob("*create_items.py"))
    )
    with_item.must("remove", "resource", "item")
    with_item.commit()
    with_item.must(*ITEM)
    assert (
        with_item.migrations().count("create_items.py")
        + len([name for name in with_item.migrations() if name.startswith("create_items_")])
        == 2
    )
    assert first in with_item.git(
        "hash-object", *map(str, (with_item.root / VERSIONS).glob("*create_items*.py"))
    )


def test_a_module_of_a_type_that_is_there_is_not_touched(with_item: Living) -> None:
    with_item.edit(DECIMALS[0], "FLOAT_DIGITS = 15", "FLOAT_DIGITS = 14")
    with_item.commit()
    result = with_item.run("add", "resource", "price", "amount:decimal:10,2")
    assert result.code == 0, result.err
    assert not set(changed(with_item)) & set(DECIMALS)


@pytest.mark.slow
def test_branches_that_bring_the_same_type_merge(project: Living) -> None:
    project.git("branch", "other")
    project.must("add", "resource", "price", "amount:decimal:10,2")
    project.commit()
    project.git("checkout", "-q", "other")
    project.must("add", "resource", "cost", "amount:decimal:10,2", "day:date")
    project.commit()
    for path in DECIMALS:
        assert project.git("diff", "@{-1}", "--", path) == ""
