"""Every type of field, with all that it takes and refuses: tests that run in a project."""

import shutil
from pathlib import Path

import pytest

from generated.projects import Project
from generated.service import SHELL
from support import ROOT

pytestmark = pytest.mark.slow

TESTS = ROOT / "tests/in_project"
FIRST_OF = {"sqlite": "sqlite_"}


@pytest.mark.parametrize("name", ["field_types", "columns", "sqlite_decimals"])
def test_in_a_project_with_all_types(
    name: str, shop: Project, database: str, tmp_path: Path
) -> None:
    if name == "sqlite_decimals" and database != "sqlite":
        pytest.skip("the type of SQLite")
    shutil.copy(shop.path / "pyproject.toml", tmp_path)
    shutil.copytree(shop.path / "tests", tmp_path / "tests")
    shutil.copy(TESTS / f"{name}.py", tmp_path / "tests" / f"test_all_{name}.py")
    python = str(shop.path / ".venv/bin/python")
    copy = Project(tmp_path, shop.user)
    copy.run(python, "-m", "pytest", "-q", f"tests/test_all_{name}.py", env=SHELL).must_succeed()
