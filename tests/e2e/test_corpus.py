"""Public schemas as domains: applied in one go, with their own tests and their tables."""

import shutil
from pathlib import Path

import pytest

from corpus import CORPUS, content
from fastgen.domain.keys import FILE
from generated.projects import Project, Workshop
from generated.service import production
from generated.sql import ALEMBIC
from generated.variants import options
from living import Living

# The smallest runs by day, without coverage, which takes twice as long as the tests.
SMALLEST = "iot"
CASES = [
    pytest.param(
        database,
        name,
        id=f"{name}-{database}",
        marks=[] if name == SMALLEST else pytest.mark.nightly,
    )
    for database in options()["database"]
    for name in CORPUS
]
pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("database", "name"), CASES, indirect=["database"])
def test_a_public_schema(
    project: Project, workshop: Workshop, database_url: str, name: str, tmp_path: Path
) -> None:
    root = tmp_path / "shop"
    shutil.copytree(project.path, root, ignore=shutil.ignore_patterns(".venv"))
    shop, there = Living(project.user, root), Project(root, project.user, installed=project.path)
    workshop.install(there)
    shop.write(FILE, content(name))
    shop.must("apply")
    shop.must("check")
    there.must_pass_its_tests(covered=name != SMALLEST)
    there.uv_run("ruff", "check").must_succeed()
    there.uv_run("ruff", "format", "--check").must_succeed()
    there.uv_run("mypy").must_succeed()
    env = {**production(database_url), "PYTHONPATH": str(root / "src")}
    commands = ("upgrade head", "check", "downgrade base", "upgrade head", "check")
    there.python("-c", ALEMBIC, *commands, env=env).must_succeed()
