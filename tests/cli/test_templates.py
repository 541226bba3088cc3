"""`fastgen templates`: a project's own taste."""

import pytest

from living import ITEM, SERVICE, Living

OWN = ".fastgen/templates/resource"


@pytest.mark.slow
def test_they_are_listed(project: Living) -> None:
    names = project.must("templates", "list").out.split()
    assert {"model", "schema", "service", "endpoints", "tests"} <= set(names)


def test_one_that_was_changed_wins(project: Living) -> None:
    path = f"{OWN}/service.py.jinja"
    listed = project.must("templates", "eject", "service", "--dry-run")
    assert listed.out == f"create  {path}\n"
    assert not (project.root / OWN).exists()
    assert project.must("templates", "eject", "service").out == listed.out
    project.write(path, "# In our way.\n" + project.read(path))
    project.must(*ITEM)
    assert project.read(SERVICE).startswith("# In our way.\n")


def test_without_a_name_all_of_them_and_none_twice(project: Living) -> None:
    names = project.must("templates", "list").out.split()
    made = project.must("templates", "eject", "--json").json
    assert len(made["changes"]) == len(names)
    again = project.must("templates", "eject")
    assert again.out == ""
    assert "note: the templates already exist" in again.err


def test_a_changed_one_is_not_overwritten(project: Living) -> None:
    project.must("templates", "eject", "model")
    path = f"{OWN}/model.py.jinja"
    project.write(path, "# Ours.\n")
    result = project.run("templates", "eject", "model")
    assert result.code == 1
    assert f"{path} already exists and was changed" in result.err
    assert project.read(path) == "# Ours.\n"


def test_an_unknown_one(project: Living) -> None:
    result = project.run("templates", "eject", "modle")
    assert (result.code, result.out) == (1, "")
    assert "did you mean model?" in result.err
    assert result.err.endswith("hint: fastgen templates eject model\n")
