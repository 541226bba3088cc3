"""Branches that each change the resources of a project, merged by git."""

import re
import shutil
from pathlib import Path

import pytest

import living
from living import ITEM, MODEL, MODELS, ROUTER, VERSIONS, Living
from support import Cli

ORDER = ("add", "resource", "order", "name:str")
PART = ("add", "resource", "part", "name:str")
# The migrations of a new project.
FIRST = ("create_users_and_sessions", "create_mails")
LAST = FIRST[-1]


@pytest.fixture(scope="module")
def branched(tmp_path_factory: pytest.TempPathFactory, fresh_project: Path) -> Path:
    """A project on the branch `one` with a resource, and `two` with a later one."""
    folder = tmp_path_factory.mktemp("branched")
    project = living.settle(Cli(folder, folder / "home"), fresh_project)
    project.git("branch", "-m", "main")
    for day, branch, line in ((1, "one", ORDER), (2, "two", PART)):
        project.git("checkout", "-q", "-b", branch, "main")
        project.must(*line)
        project.user.env["GIT_COMMITTER_DATE"] = f"2026-01-0{day}T00:00:00Z"
        project.commit()
    project.git("checkout", "-q", "one")
    return project.root


@pytest.fixture
def branches(cli: Cli, branched: Path) -> Living:
    """A copy of the project with two branches."""
    return living.settle(cli, branched)


def history(project: Living) -> dict[str, str]:
    """Return what each migration follows, by the ends of their names."""
    found, names = {}, {}
    for file in (project.root / VERSIONS).glob("*.py"):
        text = file.read_text()
        name = re.sub(r"^[\d_]+", "", file.stem)
        names[re.findall(r'(?m)^revision = "(\w+)"', text)[0]] = name
        [found[name]] = re.findall(r"(?m)^down_revision = (.*)", text)
    for revision, name in names.items():
        found = {key: value.replace(f'"{revision}"', name) for key, value in found.items()}
    return found


def in_a_row(*names: str) -> dict[str, str]:
    """Return the history in which each of `names` follows the one before it."""
    return dict(zip(names, (LAST, *names), strict=False))


def fixed(project: Living) -> dict[str, str]:
    """Fix the project, and return the history of its resources."""
    result = project.run("check", "--fix")
    assert "heads" not in result.out
    assert "heads" not in project.run("check").out
    return {name: parent for name, parent in history(project).items() if name not in FIRST}


@pytest.mark.slow
@pytest.mark.parametrize("command", [("merge", "-q", "two"), ("rebase", "-q", "two")])
def test_branches_that_add_a_resource_merge(branches: Living, command: tuple[str, ...]) -> None:
    branches.git(*command)
    for name in ("order", "part"):
        assert f"    {name}s_router,\n" in branches.read(ROUTER)
        assert f"{name.capitalize()} as" in branches.read(MODELS)
    check = branches.run("check")
    assert check.code == 1
    assert "2 heads" in check.out
    assert "hint: fastgen check --fix\n" in check.out
    refused = branches.run(*ITEM)
    assert "hint: fastgen check --fix" in refused.err
    fixed(branches)
    branches.must(*ITEM)
    assert "uv.lock" in branches.run("check").out


def test_of_branches_without_a_release_the_newer_one_goes_behind_the_other(
    branches: Living,
) -> None:
    branches.git("merge", "-q", "two")
    assert fixed(branches) == in_a_row("create_orders", "create_parts")


@pytest.mark.others_slow
@pytest.mark.parametrize("first", ["one", "two"])
def test_what_the_main_branch_had_before_the_merge_keeps_its_place(
    branches: Living, first: str
) -> None:
    second = "two" if first == "one" else "one"
    branches.git("checkout", "-q", "main")
    for branch in (first, second):
        branches.git("merge", "-q", "--no-ff", branch)
    names = {"one": "create_orders", "two": "create_parts"}
    branches.write("README.md", "More work.\n")
    branches.commit()
    assert fixed(branches) == in_a_row(names[first], names[second])
    # Only the line that Alembic reads, and the one that people read.
    assert branches.git("diff", "--shortstat").split()[0:4:3] == ["1", "2"]
    parent, file = re.findall(r"(?m)^[+](?:down_revision = |Revises: )(.*)", branches.git("diff"))
    assert f'"{parent}"' == file


@pytest.mark.slow
def test_the_main_branch_of_a_remote_is_what_was_released(branches: Living) -> None:
    remote = branches.root.parent / "remote.git"
    branches.git("init", "-q", "--bare", str(remote))
    branches.git("remote", "add", "hub", str(remote))
    branches.git("push", "-q", "hub", "two:main")
    branches.git("checkout", "-q", "main")
    branches.git("merge", "-q", "one")
    branches.git("merge", "-q", "two")
    assert fixed(branches) == in_a_row("create_parts", "create_orders")


@pytest.mark.slow
def test_branches_that_were_both_released_are_merged(branches: Living) -> None:
    branches.git("tag", "v1", "one")
    branches.git("tag", "v2", "two")
    branches.git("merge", "-q", "two")
    found = fixed(branches)
    merged = found.pop("merge_branches")
    assert sorted(merged.strip("()").split(", ")) == ["create_orders", "create_parts"]
    assert set(found.values()) == {LAST}
    branches.must(*ITEM)
    assert history(branches)["create_items"] == "merge_branches"


def test_without_git_branches_are_merged(branches: Living) -> None:
    branches.git("merge", "-q", "two")
    shutil.rmtree(branches.root / ".git")
    assert "merge_branches" in fixed(branches)


@pytest.mark.slow
def test_three_branches_get_one_head(branches: Living) -> None:
    branches.git("checkout", "-q", "-b", "three", "main")
    branches.must("add", "resource", "tag", "name:str")
    branches.must("add", "field", "tag", "note:text:optional")
    branches.user.env["GIT_COMMITTER_DATE"] = "2026-01-03T00:00:00Z"
    branches.commit()
    branches.git("tag", "v1", "two")
    branches.git("merge", "-q", "two")
    branches.git("merge", "-q", "one")
    order = ("create_parts", "create_orders", "create_tags", "add_note_to_tags")
    assert fixed(branches) in (
        in_a_row(*order),
        in_a_row("create_parts", "create_tags", "add_note_to_tags", "create_orders"),
    )


def test_databases_that_have_a_moved_migration_are_told_of(branches: Living) -> None:
    branches.git("merge", "-q", "two")
    result = branches.run("check", "--fix", "--dry-run")
    [name] = [path.name for path in (branches.root / VERSIONS).glob("*_create_parts.py")]
    assert f"note: {name} now follows " in result.err
    steps = re.findall(r"uv run alembic (\w+) \w+", result.err)
    assert steps == ["stamp", "upgrade", "stamp"]


@pytest.mark.others_nightly
@pytest.mark.parametrize("flag", ["--dry-run", "--diff", "--json"])
def test_the_order_can_be_seen_before_it_is_written(branches: Living, flag: str) -> None:
    branches.git("merge", "-q", "two")
    before = branches.tree()
    result = branches.run("check", "--fix", "--dry-run", flag)
    assert result.code == 1
    assert "_create_parts.py" in result.out
    assert branches.tree() == before


@pytest.mark.slow
def test_a_migration_that_cannot_be_edited_safely_is_merged(branches: Living) -> None:
    branches.git("merge", "-q", "two")
    for path in (branches.root / VERSIONS).glob("*_create_[op]*.py"):
        path.write_text(path.read_text() + '\ndown_revision = "3f2a9c1d7b40"\n')
    before = branches.texts()
    branches.run("check", "--fix")
    assert "2 heads" not in branches.run("check").out
    after = branches.texts()
    [made] = after.keys() - before.keys()
    assert made.endswith("/merge_branches.py")
    assert {path: after[path] for path in before} == before


@pytest.mark.slow
def test_branches_that_refer_to_the_same_resource(with_item: Living) -> None:
    """Git cannot tell whose list comes first: either side will do, `add` writes the other's."""
    with_item.commit()
    with_item.git("branch", "-m", "main")
    for branch in ("order", "part"):
        with_item.git("checkout", "-q", "-b", branch, "main")
        with_item.must("add", "resource", branch, "item:ref:item")
        with_item.commit()
    with_item.user.env["GIT_EDITOR"] = "true"
    with pytest.raises(Exception, match="merge"):
        with_item.git("merge", "-q", "order")
    assert with_item.git("diff", "--name-only", "--diff-filter=U").split() == [MODEL]
    with_item.git("checkout", "-q", "--ours", MODEL)
    with_item.commit()
    assert "orders" not in with_item.read(MODEL)
    result = with_item.run("add", "resource", "order", "item:ref:item")
    assert result.code == 1
    assert "+    orders: Mapped" in result.out
    with_item.must("add", "resource", "order", "item:ref:item", "--force")
    assert "orders: Mapped" in with_item.read(MODEL)
    assert "parts: Mapped" in with_item.read(MODEL)
