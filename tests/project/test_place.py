"""Where a command finds its project, and what it makes of a recipe that it cannot read."""

from pathlib import Path

import pytest

from living import ITEM, RECIPE, RECORDS, Living
from support import Cli

ANSWERS = ".copier-answers.yml"


def test_outside_of_a_project_nothing_is_done(cli: Cli) -> None:
    result = cli.run(*ITEM)
    assert result.code == 1
    assert "is not in a fastgen project" in result.err
    assert "hint: fastgen new myapi && cd myapi" in result.err
    assert list(cli.cwd.iterdir()) == []


def test_the_answers_of_another_template_are_no_project(cli: Cli) -> None:
    (cli.cwd / ANSWERS).write_text("_src_path: gh:someone/fastapi-fastgenerator\n_commit: v1\n")
    assert "is not in a fastgen project" in cli.run(*ITEM).err


def test_answers_of_another_template_inside_do_not_hide_the_project(project: Living) -> None:
    project.write(f"docs/{ANSWERS}", "_src_path: gh:someone/docs\n")
    assert project.run(*ITEM, cwd=project.root / "docs").code == 0


def test_a_folder_that_is_gone(project: Living) -> None:
    gone = project.root / "gone"
    gone.mkdir()
    script = f'rmdir "{gone}"; exec {project.user.typed} "$@"'
    user = Cli(gone, project.user.home, project.user.env, ("sh", "-c", script, "-"))
    result = user.run(*ITEM)
    assert result.code == 1
    assert "the current folder no longer exists" in result.err


BROKEN = {
    "a newer fastgen": (
        "_commit",
        "_commit: 99.1.0",
        f"{ANSWERS} was written by fastgen 99.1.0, and this is",
    ),
    "no yaml": ("_commit", "_commit: [", "is not the recipe of a fastgen project"),
    "no version": ("_commit", "_commit: 3", "is not the recipe of a fastgen project"),
    "another database": ("sqlite", "mysql", "database is sqlite or postgresql, not 'mysql'"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_recipe_that_cannot_be_used_is_told(project: Living, name: str) -> None:
    old, new, told = BROKEN[name]
    text = project.read(ANSWERS)
    version = next(line for line in text.splitlines() if line.startswith("_commit"))
    project.write(ANSWERS, text.replace(version if old.startswith("_commit") else old, new))
    before = project.tree()
    result = project.run(*ITEM)
    assert result.code == 1
    assert told in result.err
    assert project.tree() == before


SETTINGS = {
    'access = "shard"': "access is owner, shared, admin, public, not 'shard'",
    "access = ['owner']": "access is owner, shared, admin, public, not ['owner']",
    "migration = 1": "migration is true or false, not 1",
    "migrations = true": "has no setting 'migrations': it takes access, migration; did you mean",
}


@pytest.mark.parametrize("line", SETTINGS)
def test_a_wrong_setting_is_told(project: Living, line: str) -> None:
    text = project.read("pyproject.toml")
    project.write("pyproject.toml", f"{text}\n[tool.fastgen]\n{line}\n")
    result = project.run(*ITEM)
    assert result.code == 1
    assert SETTINGS[line] in result.err


def test_all_wrong_settings_are_told(project: Living) -> None:
    text = project.read("pyproject.toml")
    project.write("pyproject.toml", f"{text}\n[tool.fastgen]\nmigration = 1\nacces = 2\n")
    assert project.run(*ITEM).err.count("error:") == 2


@pytest.mark.parametrize("text", ["[tool]\nfastgen = 3\n", "[tool.fastgen\n"])
def test_settings_that_are_none(project: Living, text: str) -> None:
    project.write("pyproject.toml", text)
    result = project.run(*ITEM)
    assert result.code == 1
    assert "pyproject.toml" in result.err


ENTRIES = {
    "no yaml": ("name: item", "name: [", "cannot be read: "),
    "another name": ("name: item", "name: thing", "it is about thing, not item"),
    "a path": ("plural: items", "plural: ../items", "plural is not a name: ../items"),
    "another access": ("preset: owner", "preset: own", "access is owner, shared"),
    "a field": ("- name:str:100:min=1", "- name:strr", "strr"),
    "fields that are none": ("- name:str:100:min=1", "- 3", "fields is missing or not a list"),
    "records that are none": ("fields:", "files: []\nfields:", "files is missing or not a mapping"),
    "no preset": ("preset:", "was:", "access: preset is missing or not a string"),
    "no rights": ("  read: owner", "  read: admin", "no such rights: read admin, write owner"),
    "no access": ("access:\n", "access: owner\nrights:\n", "access is missing or not a mapping"),
    "no format": ("format: 2", "format: two", "format is 2, not two"),
    "a format to come": ("format: 2", "format: 3", "has format 3, and this fastgen reads"),
    "a newer fastgen": ("fastgen: 0", "fastgen: 99.0", "was written by fastgen 99.0"),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_a_resource_that_cannot_be_read_is_told(with_item: Living, name: str) -> None:
    with_item.edit(RECIPE, *ENTRIES[name][:2])
    for command in (
        ITEM,
        ("add", "field", "item", "x:int:default=1"),
        ("remove", "resource", "item"),
    ):
        result = with_item.run(*command)
        assert result.code == 1
        assert RECIPE in result.err
        assert ENTRIES[name][2] in result.err


RECORDED = {
    "no blob": (
        "api/v1/endpoints/items.py:\n    blob:",
        "api/v1/endpoints/items.py:\n    b:",
        "no blob",
    ),
    "no render": ("files:\n", "files:\n  x: y\n", "render is missing or not"),
    "a path outside": ("files:\n", "files:\n  ../x: y\n", "'../x' is not a path in the project"),
    "no mapping": ("files:\n", "files:\n- ", "cannot be read: "),
    "a conflict": ("files:\n", "<<<<<<< HEAD\nfiles:\n", "cannot be read: "),
}


@pytest.mark.others_slow
@pytest.mark.parametrize("name", RECORDED)
def test_records_that_cannot_be_read_are_told(with_item: Living, name: str) -> None:
    with_item.commit()
    with_item.edit(RECORDS, *RECORDED[name][:2])
    for command in (("check",), ("remove", "resource", "item")):
        result = with_item.run(*command)
        assert result.code == 1
        [told] = [
            line for line in (result.out + result.err).splitlines() if RECORDED[name][2] in line
        ]
        assert f"{RECORDS}" in told
        assert f"hint: git stash push -- {RECORDS}\n" in (result.out + result.err)


def test_an_empty_entry_is_told(with_item: Living) -> None:
    with_item.write(RECIPE, "")
    assert f"{RECIPE} cannot be read: it is not a mapping" in with_item.run(*ITEM).err


def test_a_target_that_is_gone_is_told(with_item: Living) -> None:
    with_item.must("add", "resource", "order", "item:ref:item")
    with_item.commit()
    (with_item.root / RECIPE).unlink()
    result = with_item.run("remove", "resource", "order")
    assert result.code == 1
    assert (
        ".fastgen/resources/order.yml refers to item, which is not a resource of this project"
        in result.err
    )


def test_unreadable_python_elsewhere_is_no_hindrance(project: Living, tmp_path: Path) -> None:
    project.write("src/app/models/odd.py", "class Item( 'items' \"items\" \n")
    (project.root / "src/app/models/dangling.py").symlink_to(tmp_path / "nowhere.py")
    assert project.run(*ITEM).code == 0
