"""`fastgen add field`: the slice as if made with the field, and what people changed kept."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from living import ITEM, MODEL, RECIPE, ROUTER, SERVICE, VERSIONS, Living

SCHEMA = "src/app/schemas/item.py"
ENDPOINTS = "src/app/api/v1/endpoints/items.py"
TESTS = "tests/test_items.py"
FIELD = ("add", "field", "item", "sku:str:32:unique:optional")


@pytest.fixture
def with_item(with_item: Living) -> Living:
    """The project with a resource, committed."""
    with_item.commit()
    return with_item


def slice_of(project: Living) -> dict[str, str]:
    return {path: project.read(path) for path in (MODEL, SCHEMA, SERVICE, ENDPOINTS, TESTS)}


@pytest.mark.slow
def test_unchanged_files_are_as_if_made_with_all_fields(with_item: Living) -> None:
    fields = [
        "sku:str:32:unique:optional",
        "kind:enum:new,old:filter:default=new",
        "n:int:sort:default=1",
    ]
    other = with_item.copy("other")
    with_item.must("add", "field", "item", *fields)
    other.must("remove", "resource", "item", "--no-migration")
    next((other.root / VERSIONS).glob("*create_items.py")).unlink()
    other.must(*ITEM, *fields)
    assert slice_of(with_item) == slice_of(other)
    assert with_item.migrations()[0] == "add_sku_and_kind_and_n_to_items.py"
    recipes = [one.read(RECIPE).partition("revisions:") for one in (with_item, other)]
    assert recipes[0][0] == recipes[1][0]
    assert recipes[0][2].partition("render:")[2] == recipes[1][2].partition("render:")[2]


EDITS: dict[str, Callable[[Living], None]] = {
    SERVICE: lambda p: p.write(SERVICE, p.read(SERVICE) + "\n\ndef mine() -> int:\n    return 1\n"),
    ENDPOINTS: lambda p: p.write(
        ENDPOINTS,
        p.read(ENDPOINTS)
        + '\n\n@router.get("/{item_id}/mine")\ndef mine() -> int:\n    return 1\n',
    ),
    TESTS: lambda p: p.write(TESTS, p.read(TESTS) + "\n\ndef test_mine() -> None: ...\n"),
    MODEL: lambda p: p.write(MODEL, p.read(MODEL) + "    mine: Mapped[int]\n"),
    SCHEMA: lambda p: p.write(
        SCHEMA, p.read(SCHEMA) + "\n\nclass ItemMine(ItemCreate):\n    x: int\n"
    ),
}


@pytest.mark.others_nightly
@pytest.mark.parametrize("path", EDITS)
def test_what_people_added_is_kept(with_item: Living, path: str) -> None:
    clean = with_item.copy("clean")
    clean.must(*FIELD)
    EDITS[path](with_item)
    result = with_item.must(*FIELD)
    assert (f"note: {path} has changes" in result.err) == (path in result.out)
    EDITS[path](clean)
    mine, theirs = with_item.read(path), clean.read(path)
    assert sorted(mine.splitlines()) == sorted(theirs.splitlines())
    for other in set(slice_of(clean)) - {path}:
        assert with_item.read(other) == clean.read(other)


def test_edits_in_several_places_are_kept(with_item: Living) -> None:
    with_item.edit(MODEL, "    name: Mapped", '    """What the shop sells."""\n\n    name: Mapped')
    text = with_item.read(TESTS).replace("\n", "\r\n")
    with_item.write(TESTS, text)
    with_item.must(*FIELD)
    model = with_item.read(MODEL)
    assert '"""What the shop sells."""' in model
    assert "sku: Mapped[str | None]" in model
    crlf = with_item.read(TESTS)
    assert "sku" in crlf
    assert crlf.replace("\r\n", "").count("\n") == 0


def test_another_line_length_is_no_edit(with_item: Living) -> None:
    pyproject = with_item.read("pyproject.toml")
    with_item.write("pyproject.toml", pyproject.replace("line-length = 100", "line-length = 79"))
    assert with_item.read("pyproject.toml") != pyproject
    formatted = subprocess.run(
        [Path(sys.executable).with_name("ruff"), "format", "-q", "src/app/models", "tests"],
        cwd=with_item.root,
        check=False,
    )
    assert formatted.returncode == 0
    with_item.commit()
    with_item.must(*FIELD)
    assert max(map(len, with_item.read(MODEL).splitlines())) < 80


def test_what_is_in_the_way_is_left_to_the_person(with_item: Living) -> None:
    with_item.edit(MODEL, 'sa.Index(None, "owner_id"', 'sa.Index("newest", "owner_id"')
    before = with_item.read(MODEL)
    result = with_item.run(*FIELD)
    assert result.code == 4
    assert f"left to you: {MODEL}: the edits in it conflict" in result.err
    assert '    +        sa.UniqueConstraint("owner_id", "sku"),' in result.err
    assert with_item.read(MODEL) == before
    assert "sku" in with_item.read(SCHEMA)


def test_a_column_that_somebody_wrote_already_is_not_doubled(with_item: Living) -> None:
    line = "    sku: Mapped[str | None] = mapped_column(sa.String(64))\n"
    with_item.edit(MODEL, "    name: Mapped", f"{line}    name: Mapped")
    result = with_item.run("add", "field", "item", "sku:str:32:optional")
    assert result.code == 4
    assert f"left to you: {MODEL}" in result.err
    assert with_item.read(MODEL).count("sku") == 1


def test_a_missing_file_is_left_to_the_person(with_item: Living) -> None:
    (with_item.root / TESTS).unlink()
    result = with_item.run(*FIELD)
    assert result.code == 4
    assert f"left to you: {TESTS}: the file is missing" in result.err


def without_history(project: Living) -> None:
    """Leave only the project as it is now in git, as in a clone of squashed commits."""
    shutil.rmtree(project.root / ".git")
    project.git("init", "-q")
    project.commit()


@pytest.mark.slow
def test_edits_of_what_other_templates_made_are_not_guessed(with_item: Living) -> None:
    EDITS[SERVICE](with_item)
    without_history(with_item)
    with_item.must("templates", "eject", "service", "model")
    for name in ("service", "model"):
        path = f".fastgen/templates/resource/{name}.py.jinja"
        with_item.write(
            path, '"""Ours: {{ columns | length }} columns."""\n' + with_item.read(path)
        )
    before = with_item.read(SERVICE)
    result = with_item.run(*FIELD)
    assert result.code == 4
    assert f"left to you: {SERVICE}: it was edited, the templates have" in result.err
    assert with_item.read(SERVICE) == before
    assert with_item.read(MODEL).startswith('"""Ours: 3 columns."""')


REFUSED = {
    "sku:str:32": ("make it optional or give it a default", "sku:str:32:optional"),
    "sku:str:32:unique:default=x": ("unique and a default", ""),
    "name:text:optional": ("name", ""),
    "kind:ref:Categrys:optional": ("there is no resource 'Categrys' to refer to", ""),
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_field_that_cannot_be_added_is_refused(with_item: Living, text: str) -> None:
    told, hint = REFUSED[text]
    before = with_item.tree()
    result = with_item.run("add", "field", "item", text)
    assert result.code == 1
    assert told in result.err
    assert hint in result.err
    assert with_item.tree() == before


def test_all_that_is_wrong_is_told_at_once(with_item: Living) -> None:
    line = ("add", "field", "item", "a:str", "b:int", "c:ref:nothing:optional", "d:foo")
    result = with_item.run(*line)
    assert result.err.count("error:") == 4
    assert "hint: fastgen add resource nothing name:str:100\n" in result.err
    assert result.err.endswith(
        "hint: fastgen add field item a:str:optional b:int:optional c:ref:nothing:optional "
        "d:str:optional\n"
    )


def test_an_unknown_resource_and_wrong_fields_are_told_at_once(with_item: Living) -> None:
    result = with_item.run("add", "field", "itm", "a:int:default=x", "b:foo:optional")
    assert result.code == 1
    assert result.err.count("error:") == 3
    assert result.err.endswith("hint: fastgen add field item a:int b:str:optional\n")


def test_an_unknown_resource_is_told(with_item: Living) -> None:
    result = with_item.run("add", "field", "itm", "a:int:default=1")
    assert result.code == 1
    assert "there is no resource 'itm': there are item; did you mean item?" in result.err
    assert result.err.endswith("hint: fastgen add field item a:int:default=1\n")


@pytest.mark.slow
def test_required_references_in_a_circle_are_refused(with_item: Living) -> None:
    with_item.must("add", "resource", "order", "item:ref:item")
    result = with_item.run("add", "field", "item", "last:ref:order", "--fill", "1")
    assert result.code == 1
    assert "order needs item, so neither could have a first row" in result.err
    with_item.must("add", "field", "item", "last:ref:order:optional")
    assert "import test_orders\n" in with_item.read("tests/test_items.py")


@pytest.mark.slow
def test_a_second_reference_tells_both_apart(with_item: Living) -> None:
    with_item.must("add", "resource", "order", "item:ref:item")
    with_item.commit()
    with_item.must("add", "field", "order", "spare:ref:item:optional")
    parent = with_item.read(MODEL)
    assert parent.count('Mapped[list["Order"]]') == 2
    assert 'foreign_keys="Order.item_id"' in parent
    assert 'foreign_keys="Order.spare_id"' in parent
    assert 'foreign_keys="Order.item_id"' in with_item.read("src/app/models/order.py")
    with_item.must("remove", "resource", "order")
    assert "Order" not in with_item.read(MODEL)


@pytest.mark.slow
def test_an_edited_list_changes_where_it_stands(with_item: Living) -> None:
    with_item.must("add", "resource", "order", "item:ref:item")
    with_item.edit(MODEL, 'back_populates="item"', 'back_populates="item", order_by="Order.id"')
    with_item.must("add", "field", "order", "spare:ref:item:optional")
    assert with_item.read(MODEL).endswith(
        """\
    orders: Mapped[list["Order"]] = relationship(
        back_populates="item",
        foreign_keys="Order.item_id",
        order_by="Order.id",
        lazy="raise",
        passive_deletes="all",
    )
    spare_orders: Mapped[list["Order"]] = relationship(
        back_populates="spare", foreign_keys="Order.spare_id", lazy="raise", passive_deletes="all"
    )
"""
    )


def test_a_parent_with_lists_gets_its_field(with_item: Living) -> None:
    for name in ("zebra", "order"):
        with_item.must("add", "resource", name, "item:ref:item")
    lists = with_item.read(MODEL).count("Mapped[list[")
    with_item.must(*FIELD)
    model = with_item.read(MODEL)
    assert "sku: Mapped[str | None]" in model
    assert (lists, model.count("Mapped[list[")) == (2, 2)


def test_a_table_of_another_name_gets_no_migration_of_ours(with_item: Living) -> None:
    with_item.edit(MODEL, '"items"', '"products"')
    result = with_item.run(*FIELD)
    assert result.code == 4
    assert "no migration renames the table items to products" in result.err
    assert 'op.rename_table("items", "products")' in result.err
    assert 'uv run alembic revision --autogenerate -m "add sku to items"' in result.err
    assert with_item.migrations()[0] == "create_items.py"


def test_a_table_that_no_migration_makes_gets_none(project: Living) -> None:
    project.must(*ITEM, "--no-migration")
    result = project.run(*FIELD)
    assert result.code == 4
    assert "no migration creates the table items" in result.err


def test_settings_say_what_flags_do_not(project: Living) -> None:
    text = project.read("pyproject.toml")
    project.write(
        "pyproject.toml", f'{text}\n[tool.fastgen]\naccess = "shared"\nmigration = false\n'
    )
    project.must(*ITEM)
    assert "preset: shared" in project.read(RECIPE)
    assert project.migrations() == ["create_mails.py", "create_users_and_sessions.py"]


def test_without_git_edited_files_are_left(with_item: Living, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    EDITS[MODEL](with_item)
    result = with_item.run(*FIELD, PATH=str(programs))
    assert result.code == 4
    assert f"left to you: {MODEL}" in result.err
    assert "sku" in with_item.read(SCHEMA)
    assert shutil.which("git")


@pytest.mark.slow
def test_a_preview_writes_nothing(with_item: Living) -> None:
    before = with_item.tree()
    patch = with_item.must(*FIELD, "--diff").out
    assert with_item.tree() == before
    other = with_item.copy("other")
    (with_item.root.parent / "x.patch").write_text(patch, encoding="utf-8")
    with_item.git("apply", "../x.patch")
    other.must(*FIELD)
    assert with_item.texts() == other.texts()
    assert ROUTER not in patch
