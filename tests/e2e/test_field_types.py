"""Types of fields and the platform below them, in tests that run in a project."""

import shutil
from pathlib import Path

import pytest

from generated.projects import Project
from generated.service import SHELL
from support import ROOT

pytestmark = pytest.mark.slow

TESTS = ROOT / "tests/in_project"
NAMES = {
    "sqlite": (
        "field_types",
        "columns",
        "sqlite_decimals",
        "contract",
        "platform",
        "middleware",
        "errors",
        "sqlite_files",
    ),
    "postgresql": ("field_types", "columns", "contract", "platform", "middleware", "errors"),
}


def test_in_a_project_with_all_types(shop: Project, database: str, tmp_path: Path) -> None:
    shutil.copy(shop.path / "pyproject.toml", tmp_path)
    shutil.copytree(shop.path / "tests", tmp_path / "tests")
    copied = [tmp_path / "tests" / f"test_all_{name}.py" for name in NAMES[database]]
    for name, file in zip(NAMES[database], copied, strict=True):
        shutil.copy(TESTS / f"{name}.py", file)
    copy = Project(tmp_path, shop.user, installed=shop.path)
    copy.pytest("-q", *map(str, copied), env=SHELL).must_succeed()
