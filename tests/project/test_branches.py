"""Branches that each change the resources of a project, merged by git."""

import re

import pytest

from living import ITEM, MODEL, MODELS, ROUTER, VERSIONS, Living

ORDER = ("add", "resource", "order", "name:str")
PART = ("add", "resource", "part", "name:str")


@pytest.fixture
def branches(project: Living) -> Living:
    """The project on the branch `one` with a resource, and `two` with another."""
    project.git("branch", "-m", "main")
    for branch, line in (("one", ORDER), ("two", PART)):
        project.git("checkout", "-q", "-b", branch, "main")
        project.must(*line)
        project.commit()
    project.git("checkout", "-q", "one")
    return project


@pytest.mark.parametrize("command", [("merge", "-q", "two"), ("rebase", "-q", "two")])
def test_branches_that_add_a_resource_merge(branches: Living, command: tuple[str, ...]) -> None:
    branches.git(*command)
    for name in ("order", "part"):
        assert f"    {name}s_router,\n" in branches.read(ROUTER)
        assert f"{name.capitalize()} as" in branches.read(MODELS)
    check = branches.run("check")
    assert check.code == 1
    assert "2 heads" in check.out + check.err
    assert 'uv run alembic merge heads -m "merge branches"' in check.out + check.err
    refused = branches.run(*ITEM)
    assert 'hint: uv run alembic merge heads -m "merge branches"' in refused.err


def test_after_a_rebase_one_line_is_told_that_puts_the_migrations_in_a_row(
    branches: Living,
) -> None:
    branches.git("rebase", "-q", "two")
    check = branches.run("check")
    told = " ".join((check.out + check.err).split())
    found = re.search(r'(down_revision = "\w+") in (\S+_create_orders\.py)', told)
    assert found, told
    [file] = branches.root.glob(f"{VERSIONS}/{found[2]}")
    path = file.relative_to(branches.root).as_posix()
    branches.write(path, re.sub("(?m)^down_revision = .*", found[1], branches.read(path)))
    assert "heads" not in branches.run("check").out
    branches.must(*ITEM)


def test_after_the_heads_are_merged_all_goes_on(branches: Living) -> None:
    branches.git("merge", "-q", "two")
    lines = branches.git("grep", "-h", "revision = ", "--", VERSIONS).splitlines()
    followed = [line.split('"')[1] for line in lines if "down" in line and '"' in line]
    names = [line.split('"')[1] for line in lines if line.startswith("revision")]
    heads = [name for name in names if name not in followed]
    assert len(heads) == 2
    merged = f'revision = "abc"\ndown_revision = ("{heads[0]}", "{heads[1]}")\n'
    branches.write(f"{VERSIONS}/merge.py", merged)
    branches.must(*ITEM)
    assert 'down_revision = "abc"' in branches.git(
        "grep", "--untracked", "-h", "^down_rev", VERSIONS
    )


def test_branches_that_refer_to_the_same_resource(project: Living) -> None:
    """Git cannot tell whose list comes first: either side will do, `add` writes the other's."""
    project.must(*ITEM)
    project.commit()
    project.git("branch", "-m", "main")
    for branch in ("order", "part"):
        project.git("checkout", "-q", "-b", branch, "main")
        project.must("add", "resource", branch, "item:ref:item")
        project.commit()
    project.user.env["GIT_EDITOR"] = "true"
    with pytest.raises(Exception, match="merge"):
        project.git("merge", "-q", "order")
    assert project.git("diff", "--name-only", "--diff-filter=U").split() == [MODEL]
    project.git("checkout", "-q", "--ours", MODEL)
    project.commit()
    assert "orders" not in project.read(MODEL)
    result = project.run("add", "resource", "order", "item:ref:item")
    assert result.code == 1
    assert "+    orders: Mapped" in result.out
    project.must("add", "resource", "order", "item:ref:item", "--force")
    assert "orders: Mapped" in project.read(MODEL)
    assert "parts: Mapped" in project.read(MODEL)
