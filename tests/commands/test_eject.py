"""`fastgen templates eject`: a project's own templates win."""

import pytest

from living import ITEM, SERVICE, Living

FOLDER = ".fastgen/templates/resource"
TEMPLATE = f"{FOLDER}/service.py.jinja"


def test_a_copy_that_is_changed_wins(project: Living) -> None:
    assert project.must("templates", "eject", "service").out == f"create  {TEMPLATE}\n"
    project.write(TEMPLATE, '"""The {{ names.labels }} of our shop."""\n' + project.read(TEMPLATE))
    project.must(*ITEM)
    assert project.read(SERVICE).startswith('"""The items of our shop."""\n')


def test_all_are_copied(project: Living) -> None:
    names = project.must("templates", "list").out.split()
    project.must("templates", "eject")
    there = {file.name.partition(".")[0] for file in (project.root / FOLDER).iterdir()}
    assert there == set(names)


def test_a_file_name_is_a_name_and_twice_is_once(project: Living) -> None:
    assert project.must("templates", "eject", "service.py.jinja", "service").out.count("\n") == 1


@pytest.mark.slow
def test_unchanged_copies_give_the_same_slice(project: Living) -> None:
    other = project.copy("other")
    project.must("templates", "eject")
    project.must(*ITEM)
    other.must(*ITEM)
    mine = {path: text for path, text in project.texts().items() if not path.startswith(FOLDER)}
    assert mine == other.texts()


def test_a_copy_that_was_changed_is_not_overwritten(project: Living) -> None:
    project.must("templates", "eject", "service")
    project.write(TEMPLATE, "mine")
    result = project.run("templates", "eject", "service")
    assert result.code == 1
    assert f"error: {TEMPLATE} already exists and was changed\n" in result.err
    assert project.must("templates", "eject").out.count(TEMPLATE) == 0
    assert project.read(TEMPLATE) == "mine"


def test_the_second_time_says_so(project: Living) -> None:
    project.must("templates", "eject", "service")
    before = project.tree()
    assert "the templates already exist" in project.must("templates", "eject", "service").err
    assert project.tree() == before


def test_an_unknown_name_is_told(project: Living) -> None:
    result = project.run("templates", "eject", "servce", "thing")
    assert result.code == 1
    assert "there is no template 'servce'" in result.err
    assert "did you mean service?" in result.err
    assert "there is no template 'thing'" in result.err


@pytest.mark.parametrize(
    "text",
    [
        "{% if %}",
        "{{ nothing }}",
        "{{ 1 / 0 }}",
        "{{ columns[99].name }}",
        "{% include 'elsewhere' %}",
        "def (:",
        b"\xff\xfe".decode("latin-1"),
    ],
)
def test_a_broken_copy_is_told_by_its_name(project: Living, text: str) -> None:
    project.must("templates", "eject", "service")
    (project.root / TEMPLATE).write_bytes(text.encode("latin-1"))
    before = project.tree()
    result = project.run(*ITEM)
    assert result.code == 1, result
    assert TEMPLATE in result.err
    assert project.tree() == before


def test_a_broken_part_of_a_template_is_told_by_its_name(project: Living) -> None:
    project.must("templates", "eject", "table")
    project.write(f"{FOLDER}/table.jinja", "{% macro create() %}{{ oops }}{% endmacro %}")
    result = project.run(*ITEM)
    assert result.code == 1
    assert f"{FOLDER}/table.jinja cannot be used" in result.err
