"""A change that takes back the last migration, which no commit has, deletes it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import living
from living import ITEM, VERSIONS, Living
from support import Cli

REMOVE = ("remove", "resource", "item")
DOMAIN = """\
version: 1
resources:
  artist: [name:str:40]
  album: [artist:ref:artist, title:str:40]
"""


@pytest.mark.slow
def test_what_was_added_and_not_committed_goes_without_a_trace(project: Living) -> None:
    before = project.texts()
    project.must(*ITEM)
    [made] = (project.root / VERSIONS).glob("*_create_items.py")
    path = f"{VERSIONS}/{made.name}"
    for flags in (["--dry-run"], []):
        result = project.must(*REMOVE, *flags)
        assert f"delete  {path}\n" in result.out
        assert f"note: {path} is deleted, as it is not committed" in result.err
        assert "with `uv run alembic downgrade " in result.err
    assert project.texts() == before


GROWN = (
    ("add", "field", "item", "note:text:optional", "status:enum:a,b:default=a"),
    ("add", "field", "item", "category:ref:category:optional"),
)


@pytest.mark.slow
def test_fields_that_were_added_go_with_their_resource(project: Living) -> None:
    project.must("add", "resource", "category", "name:str:40")
    project.commit()
    before = project.texts()
    for command in (ITEM, *GROWN):
        project.must(*command)
    assert len(project.migrations()) - 3 == len([p for p in before if p.startswith(VERSIONS)])
    result = project.must(*REMOVE)
    assert result.out.count(f"delete  {VERSIONS}/") == 3
    assert result.err.count("as they are not committed") == 1
    assert project.texts() == before


WAYS = {
    "a field": (
        ("add", "field", "item", "note:text:optional"),
        ("remove", "field", "item", "note"),
    ),
    "a field of another type": (
        ("change", "field", "item", "name:str:120:min=1"),
        ("change", "field", "item", "name:str:100:min=1"),
    ),
    "a name": (
        ("rename", "field", "item", "name", "title"),
        ("rename", "field", "item", "title", "name"),
    ),
    "a resource": (
        ("rename", "resource", "item", "thing"),
        ("rename", "resource", "thing", "item"),
    ),
}


CHANGED = (
    ("change", "field", "item", "name:str:120:min=1"),
    ("add", "field", "item", "status:enum:a,b:default=a"),
    ("change", "field", "item", "status:enum:a,b,c:default=a"),
    ("rename", "field", "item", "status", "state"),
    ("change", "access", "item", "public"),
    ("rename", "resource", "item", "thing"),
)


@pytest.mark.slow
@pytest.mark.slow
def test_a_resource_goes_with_all_that_was_changed_of_it(project: Living) -> None:
    before = project.texts()
    for command in (ITEM, *CHANGED):
        project.must(*command)
    result = project.must("remove", "resource", "thing")
    assert result.out.count(f"delete  {VERSIONS}/") == 1 + len(CHANGED)
    assert project.texts() == before


def test_a_field_goes_with_all_that_was_changed_of_it(project: Living) -> None:
    project.must(*ITEM)
    before = project.texts()
    project.must("add", "field", "item", "note:text:optional")
    project.must("change", "field", "item", "note:str:200:optional")
    project.must("rename", "field", "item", "note", "remark")
    project.must("remove", "field", "item", "remark")
    assert project.texts() == before


@pytest.mark.slow
def test_so_does_what_was_added_to_accounts(project: Living) -> None:
    before = project.texts()
    project.must("add", "field", "user", "bio:text:optional")
    project.must("change", "field", "user", "bio:str:200:optional")
    project.must("remove", "field", "user", "bio")
    assert project.texts() == before


@pytest.mark.slow
def test_what_is_committed_stays_and_what_came_later_goes(project: Living) -> None:
    project.must(*ITEM)
    project.commit()
    before = project.texts()
    project.must("change", "field", "item", "name:str:120:min=1")
    project.must("rename", "field", "item", "name", "title")
    project.must("rename", "field", "item", "title", "name")
    project.must("change", "field", "item", "name:str:100:min=1")
    assert project.texts() == before


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, fresh_item: Path) -> Path:
    """A project with two resources, committed, to copy."""
    folder = tmp_path_factory.mktemp("two")
    project = living.settle(Cli(folder, folder / "home"), fresh_item)
    project.must("add", "resource", "order", "item:ref:item")
    project.commit()
    return project.root


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_so_does_a_change_that_is_taken_back(cli: Cli, two: Path, way: str) -> None:
    project = living.settle(cli, two)
    before = project.texts()
    for command in WAYS[way]:
        project.must(*command)
    assert project.texts() == before


def test_one_of_several_resources_goes_with_all_of_them(project: Living) -> None:
    before = project.texts()
    project.write("resources.yml", DOMAIN)
    project.must("apply")
    project.write("resources.yml", "version: 1\nresources: {}\n")
    project.must("apply", "--prune")
    (project.root / "resources.yml").unlink()
    assert project.texts() == before


def test_another_layout_of_a_migration_is_no_edit(project: Living) -> None:
    before = project.texts()
    project.must(*ITEM)
    [made] = (project.root / VERSIONS).glob("*_create_items.py")
    source = re.sub('(?<!")"(?!")', "'", made.read_text())
    made.write_text(source.replace("\n\n\n", "\n\n"))
    project.must(*REMOVE)
    assert project.texts() == before


def edited(project: Living) -> None:
    [made] = (project.root / VERSIONS).glob("*_create_items.py")
    made.write_text(
        made.read_text().replace("def upgrade() -> None:\n", "def upgrade() -> None:\n    # mine\n")
    )


def followed(project: Living) -> None:
    project.must("add", "resource", "order", "name:str:40")


def changed_and_edited(project: Living) -> None:
    project.must("change", "field", "item", "name:str:120:min=1")
    edited(project)


def edited_and_grown(project: Living) -> None:
    edited(project)
    project.must("add", "field", "item", "note:text:optional")


def grown_and_followed(project: Living) -> None:
    project.must("add", "field", "item", "note:text:optional")
    followed(project)


@pytest.mark.slow
@pytest.mark.others_nightly("commit", "followed")
@pytest.mark.parametrize(
    "way",
    [Living.commit, edited, followed, changed_and_edited, edited_and_grown, grown_and_followed],
)
def test_a_migration_that_more_depends_on_stays(
    project: Living, way: Callable[[Living], None]
) -> None:
    project.must(*ITEM)
    way(project)
    before = project.migrations()
    project.must(*REMOVE)
    assert project.migrations() == sorted([*before, "drop_items.py"])


@pytest.mark.slow
def test_without_git_nobody_knows_where_it_has_run(project: Living) -> None:
    (project.root / ".git").rename(project.root.parent / "git")
    project.must(*ITEM)
    project.must(*REMOVE)
    assert "drop_items.py" in project.migrations()
