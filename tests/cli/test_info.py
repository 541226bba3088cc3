"""`fastgen info`: what a project is, for people, for grep and for programs."""

import shlex
from pathlib import Path

import pytest

from living import Living

LINE = (
    "add", "resource", "order_item", "name:str:100:min=1", "state:enum:open,paid:default=open",
    "--access", "shared", "--plural", "order_lines",
)  # fmt: skip


def test_a_new_project(project: Living) -> None:
    result = project.must("info")
    lines = dict(line.split(maxsplit=1) for line in result.out.splitlines()[:3])
    assert lines["project"] == "shop"
    assert lines["folder"] == str(project.root)
    assert "database     sqlite\n" in result.out
    assert "ci           github\n" in result.out
    assert result.out.endswith("\nno resources yet: fastgen add resource item name:str:100\n")
    assert not result.err


def test_resources_with_all_that_they_are(project: Living) -> None:
    project.must(*LINE)
    before = project.tree()
    result = project.run("info", cwd=project.root / "src" / "app" / "models")
    assert result.code == 0
    assert result.out.endswith(
        "\nresource order_item: access shared, table order_lines, /api/v1/order-lines\n"
        "  name:str:100:min=1\n"
        "  state:enum:open,paid:default=open\n"
    )
    assert project.tree() == before


def test_as_json_it_is_one_object_that_says_how_to_make_each_again(project: Living) -> None:
    other = project.copy("other")
    project.must(*LINE)
    found = project.must("info", "--json").json
    assert found["project"] == "shop"
    assert found["path"] == str(project.root)
    assert found["options"]["database"] == "sqlite"
    assert found["broken"] == []
    [resource] = found["resources"]
    assert resource["class"] == "OrderItem"
    assert resource["table"] == "order_lines"
    assert resource["url"] == "/api/v1/order-lines"
    assert resource["access"] == "shared"
    assert resource["fields"] == ["name:str:100:min=1", "state:enum:open,paid:default=open"]
    other.must(*shlex.split(resource["again"])[1:])
    assert other.must("info", "--json").json["resources"] == found["resources"]


def test_a_plural_that_cannot_be_guessed_is_told(project: Living) -> None:
    project.must("add", "resource", "sheep", "name:str", "--plural", "flocks")
    [resource] = project.must("info", "--json").json["resources"]
    assert resource["again"].endswith("--plural flocks --access owner")


@pytest.mark.others_nightly
@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_a_broken_entry_hides_no_other(project: Living, flags: tuple[str, ...]) -> None:
    project.must(*LINE)
    project.write(".fastgen/resources/item.yml", "<<<<<<< ours\n")
    result = project.run("info", *flags)
    assert result.code == 1
    assert "error: .fastgen/resources/item.yml " in result.err
    assert "hint: " in result.err
    assert "order_item" in result.out
    if flags:
        assert len(result.json["resources"]) == len(result.json["broken"]) == 1


def test_a_stdout_that_takes_nothing(project: Living) -> None:
    project.user.command = ("sh", "-c", f'{project.user.typed} "$@" >/dev/full', "sh")
    result = project.run("info")
    assert result.code == 1
    assert result.err == "error: cannot write to standard output: No space left on device\n"


def test_outside_of_a_project(project: Living, tmp_path: Path) -> None:
    result = project.run("info", cwd=tmp_path)
    assert (result.code, result.out) == (1, "")
    assert "is not in a fastgen project" in result.err
    assert "hint: " in result.err
