"""Rendered Python, as a project formats it."""

from pathlib import Path

import pytest

from fastgen.errors import Bug
from fastgen.rendering import formatting

WIDE = (
    "from app.columns import AMOUNT, DOCUMENT_OF_ANY_KIND_AND_SIZE, LIST_OF_MANY, MOMENT_IN_UTC, "
    "TIME_OF_DAY\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 100\n")
    return tmp_path


def test_only_needed_imports_stay_and_on_one_line_if_they_fit(project: Path) -> None:
    rendered = f"import os\n{WIDE}USED = (AMOUNT, TIME_OF_DAY)\n"

    done = formatting.formatted({"src/app/a.py": rendered}, project)

    assert done["src/app/a.py"].decode() == (
        "from app.columns import AMOUNT, TIME_OF_DAY\n\nUSED = (AMOUNT, TIME_OF_DAY)\n"
    )
    assert not (project / "src").exists()


def test_what_is_no_python_is_a_fault_of_the_template(project: Path) -> None:
    with pytest.raises(Bug, match="refuses"):
        formatting.formatted({"a.py": "def ("}, project)
