"""The recipe in a project."""

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fastgen
from fastgen.errors import Refused
from fastgen.project import recipe
from fastgen.project.recipe import Recipe

TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], include_characters="\n\t")
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXT)
def test_any_description_comes_back(tmp_path: Path, text: str) -> None:
    made = Recipe(answers={"project_name": "x", "description": text, "flag": True, "n": 3})
    made.save(tmp_path)
    assert recipe.load(tmp_path) == made


def test_it_is_in_copiers_form(tmp_path: Path) -> None:
    Recipe(answers={"project_name": "x"}).save(tmp_path)
    text = (tmp_path / ".copier-answers.yml").read_text()
    assert text.startswith("#")
    assert yaml.safe_load(text) == {
        "_commit": fastgen.__version__,
        "_src_path": "fastapi-fastgen",
        "project_name": "x",
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a",
        "a: [",
        "_commit: 1\n",
        "_commit: '1'\n_src_path: gh:other/template\na: 1\n",
        "\x00",
    ],
)
def test_what_is_not_ours_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / recipe.FILE).write_text(text)
    with pytest.raises(Refused):
        recipe.load(tmp_path)
    assert recipe.enclosing(tmp_path / "below") is None


def test_finds_the_project_around_a_folder(tmp_path: Path) -> None:
    Recipe(answers={"project_name": "x"}).save(tmp_path)
    assert recipe.enclosing(tmp_path) == tmp_path
    assert recipe.enclosing(tmp_path / "a" / "b") == tmp_path
