"""The renderer that each release keeps, against Copier."""

import ast
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from fastgen.rendering import narrow, scaffold
from generated import variants
from support import ROOT, SOURCE

VARIANTS = variants.variants()
# What is printed as Python, JSON or YAML, and what is no template although it looks like one.
DESCRIPTION = 'Töpfe "und" {{ mehr }}: \\n #1'


def by_copier(folder: Path, answers: Mapping[str, object]) -> dict[str, bytes]:
    scaffold.render(ROOT, folder, answers)  # type: ignore[arg-type]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", VARIANTS)
def test_it_renders_the_same_as_copier(tmp_path: Path, name: str) -> None:
    answers = {"project_name": "my-Shop", **VARIANTS[name], "description": DESCRIPTION}
    expected = by_copier(tmp_path / "project", answers)
    found = narrow.render(ROOT, answers)
    assert sorted(found) == sorted(expected)
    assert {path for path in found if found[path] != expected[path]} == set()


def test_derived_values_can_be_given(tmp_path: Path) -> None:
    answers = {"project_name": "shop", "head": "0123456789ab", "migrated": []}
    assert narrow.render(ROOT, answers) == by_copier(tmp_path / "project", answers)


def test_an_answer_that_is_missing_is_told() -> None:
    with pytest.raises(ValueError, match="there is no answer to project_name"):
        narrow.render(ROOT, {})


def test_it_imports_only_what_will_always_be_there() -> None:
    tree = ast.parse((SOURCE / "rendering" / "narrow.py").read_text())
    names = {
        alias.name if isinstance(node, ast.Import) else node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.partition(".")[0] for name in names} <= {
        *sys.stdlib_module_names,
        "jinja2",
        "yaml",
    }
