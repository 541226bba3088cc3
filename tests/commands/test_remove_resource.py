"""`fastgen remove resource`: what is unchanged goes, what was edited is a conflict."""

import pytest

from living import ITEM, MODEL, MODELS, RECIPE, ROUTER, SERVICE, VERSIONS, Living

REMOVE = ("remove", "resource", "item")
TYPES = "src/app/schemas/types"
MINE = "\n\ndef mine() -> int:\n    return 1\n"


def status(project: Living) -> list[str]:
    return project.git("status", "--porcelain").splitlines()


def test_after_add_and_remove_only_migrations_are_left(project: Living) -> None:
    before = project.texts()
    project.must(*ITEM, "owner_of:ref:user:optional", "parent:ref:item:optional")
    project.commit()
    project.must(*REMOVE)
    after = project.texts()
    added = {f"{VERSIONS}/create_items.py", f"{VERSIONS}/drop_items.py"}
    assert after.keys() - before.keys() == added
    assert {path: after[path] for path in before} == before
    assert {line[:2] for line in status(project)} == {"??", " D", " M"}


@pytest.mark.slow
def test_the_drop_is_the_reverse_of_the_creation(with_item: Living) -> None:
    with_item.commit()
    with_item.must(*REMOVE)
    texts = with_item.texts()
    made = texts[f"{VERSIONS}/create_items.py"].decode()
    dropped = texts[f"{VERSIONS}/drop_items.py"].decode()

    def body(text: str, name: str) -> str:
        return text.partition(f"def {name}() -> None:\n")[2].partition("\n\n\ndef")[0].strip()

    assert body(made, "upgrade") == body(dropped, "downgrade")
    assert body(made, "downgrade") == body(dropped, "upgrade")


@pytest.mark.slow
def test_without_a_migration_that_made_it_none_drops_it(project: Living) -> None:
    project.must(*ITEM, "--no-migration")
    project.must(*REMOVE)
    assert project.migrations() == ["create_mails.py", "create_users_and_sessions.py"]


@pytest.mark.slow
def test_a_renamed_table_is_dropped_by_hand(with_item: Living) -> None:
    with_item.edit(MODEL, '"items"', '"products"')
    result = with_item.run(*REMOVE)
    assert result.code == 4
    assert 'uv run alembic revision --autogenerate -m "drop items"' in result.err
    assert "drop_items.py" not in with_item.migrations()


@pytest.mark.slow
def test_it_can_be_added_again(with_item: Living) -> None:
    with_item.commit()
    with_item.must(*REMOVE)
    # Else the migration that drops it would be taken away.
    with_item.commit()
    with_item.must(*ITEM)
    assert with_item.run(*ITEM).err == "note: the resource item already exists, exactly like this\n"
    assert len(with_item.migrations()) == 5
    revisions = with_item.git("grep", "--untracked", "-h", "^down_revision", "--", VERSIONS)
    assert len(set(revisions.splitlines())) == 5


@pytest.mark.slow
def test_who_refers_to_it_is_named(with_item: Living) -> None:
    with_item.must("add", "resource", "order", "item:ref:item")
    with_item.must("add", "resource", "part", "item:ref:item", "name:str")
    before = with_item.tree()
    result = with_item.run(*REMOVE)
    assert result.code == 1
    assert "error: item is referred to by order, part\n" in result.err
    assert "hint: fastgen remove resource order" in result.err
    assert with_item.tree() == before


@pytest.mark.others_nightly
@pytest.mark.parametrize(
    "line",
    [
        "from app.models.item import Item",
        "import app.services.item",
        "from app.models import Item, User",
        "from app.models import (\n    User,\n    Item,\n)",
        'KEY = ForeignKey("items.id")',
    ],
)
def test_modules_that_use_it_are_named(with_item: Living, line: str) -> None:
    with_item.write("src/app/services/stock.py", f"{line}\n")
    result = with_item.run(*REMOVE)
    assert result.code == 1
    assert "error: item is used in src/app/services/stock.py\n" in result.err
    assert "hint: grep -rnw Item src tests" in result.err


def test_an_edited_file_is_a_conflict_in_git(with_item: Living) -> None:
    with_item.commit()
    with_item.write(SERVICE, with_item.read(SERVICE) + MINE)
    mine = with_item.read(SERVICE)
    result = with_item.run(*REMOVE)
    assert result.code == 4
    assert f"left to you: {SERVICE}: it was edited" in result.err
    assert f"    git rm {SERVICE}    # or, to keep it: git add {SERVICE}\n" in result.err
    assert with_item.read(SERVICE) == mine
    assert f"UD {SERVICE}" in status(with_item)
    assert not (with_item.root / MODEL).exists()
    assert "deleted by them" in with_item.git("status")


@pytest.mark.slow
@pytest.mark.parametrize("keep", [False, True])
def test_the_conflict_is_resolved_as_git_says(with_item: Living, *, keep: bool) -> None:
    with_item.commit()
    with_item.write(SERVICE, with_item.read(SERVICE) + MINE)
    with_item.run(*REMOVE)
    with_item.git("add" if keep else "rm", SERVICE)
    with_item.commit()
    assert (with_item.root / SERVICE).exists() == keep
    assert status(with_item) == []


@pytest.mark.slow
def test_a_conflict_in_a_folder_of_a_repository(project: Living) -> None:
    (project.root / ".git").rename(project.root.parent / ".git")
    project.must(*ITEM)
    project.user.git("add", "-A", "shop")
    project.user.git("commit", "-qm", "Move")
    project.write(SERVICE, project.read(SERVICE) + MINE)
    assert project.run(*REMOVE).code == 4
    assert f"UD shop/{SERVICE}" in project.user.git("status", "--porcelain", "shop")


@pytest.mark.slow
def test_without_git_edited_files_stay(project: Living) -> None:
    (project.root / ".git").rename(project.root.parent / "git")
    project.must(*ITEM)
    project.write(SERVICE, project.read(SERVICE) + MINE)
    result = project.run(*REMOVE)
    assert result.code == 4
    assert f"    rm {SERVICE}\n" in result.err
    assert MINE in project.read(SERVICE)


@pytest.mark.slow
def test_line_ends_of_another_system_are_no_edit(with_item: Living) -> None:
    with_item.write(SERVICE, with_item.read(SERVICE).replace("\n", "\r\n"))
    with_item.must(*REMOVE)
    assert not (with_item.root / SERVICE).exists()


@pytest.mark.slow
def test_a_router_that_cannot_be_read_is_left_with_the_lines(with_item: Living) -> None:
    with_item.write(ROUTER, with_item.read(ROUTER) + "\nnew syntax here\n")
    result = with_item.run(*REMOVE)
    assert result.code == 4
    assert f"left to you: {ROUTER}" in result.err
    assert "Item" not in with_item.read(MODELS)


def test_several_heads_are_told(with_item: Living) -> None:
    with_item.write(f"{VERSIONS}/2_x.py", 'revision = "2"\ndown_revision = "8c41d07e5b92"\n')
    result = with_item.run(*REMOVE)
    assert result.code == 1
    assert "hint: fastgen check --fix" in result.err


@pytest.mark.slow
@pytest.mark.others_nightly
@pytest.mark.parametrize("flag", ["--dry-run", "--diff"])
def test_a_preview_writes_nothing(with_item: Living, flag: str) -> None:
    with_item.write(SERVICE, with_item.read(SERVICE) + MINE)
    with_item.commit()
    before = with_item.tree()
    result = with_item.run(*REMOVE, flag)
    assert result.code == 4
    assert RECIPE in result.out
    assert with_item.tree() == before
    assert status(with_item) == []


def test_what_is_not_there_cannot_be_removed(project: Living) -> None:
    result = project.run(*REMOVE)
    assert result.code == 1
    assert "there is no resource 'item': there are none yet" in result.err


class TestTypes:
    """The modules of types go with the last resource that uses them."""

    def test_go_with_the_last_resource_that_uses_them(self, project: Living) -> None:
        before = project.git("ls-files")
        project.must("add", "resource", "price", "amount:decimal:10,2", "day:date")
        project.must("add", "resource", "cost", "amount:decimal:10,2")
        project.commit()
        project.must("remove", "resource", "price", "--no-migration")
        assert not (project.root / TYPES / "dates.py").exists()
        assert not (project.root / "tests/test_date_type.py").exists()
        assert (project.root / TYPES / "decimals.py").exists()
        project.must("remove", "resource", "cost", "--no-migration")
        project.commit()
        left = {*project.git("ls-files").splitlines()} - {*before.splitlines()}
        assert [path for path in left if "/versions/" not in path] == []

    def test_stay_where_people_use_or_have_changed_them(self, project: Living) -> None:
        project.must("add", "resource", "price", "amount:decimal:10,2", "day:date", "at:time")
        project.edit(f"{TYPES}/dates.py", "such as 2026-01-31", "such as 2027-01-31")
        project.write(
            "src/app/core/own.py", "from app.schemas.types import times\n\nUSED = times\n"
        )
        project.commit()
        result = project.run("remove", "resource", "price", "--no-migration")
        assert f"note: {TYPES}/dates.py was edited: kept" in result.err
        for name in ("dates", "times"):
            assert (project.root / TYPES / f"{name}.py").exists()
        assert (project.root / "tests/test_date_type.py").exists()
        assert not (project.root / TYPES / "decimals.py").exists()
