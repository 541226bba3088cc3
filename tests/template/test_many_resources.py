"""A project that has grown for years."""

import itertools
import json
import string

import pytest

from generated.projects import Project, Workshop

pytestmark = [pytest.mark.slow, pytest.mark.nightly]

# More than the 128 of whose query models FastAPI would keep the fields.
COUNT = 130
SQLITE = {"database": "sqlite", "deploy": "none", "ci": "none"}
OPENAPI = """
import json
from app.main import create_app
from app.config import get_settings
print(json.dumps(create_app(get_settings()).openapi()["paths"]))
"""


def lines() -> list[str]:
    """Return `part_aa name:str:100` and so on."""
    letters = itertools.product(string.ascii_lowercase, repeat=2)
    return [f"part_{a}{b} name:str:100" for a, b in itertools.islice(letters, COUNT)]


@pytest.fixture(scope="module")
def project(workshop: Workshop) -> Project:
    return workshop.project("many", SQLITE, resources=lines())


def test_it_agrees_with_its_recipe(project: Project) -> None:
    done = project.user.run("check", cwd=project.path)

    assert done.code == 0, done.out + done.err


def test_its_app_starts_with_all_routes(project: Project) -> None:
    paths = json.loads(project.uv_run("python", "-c", OPENAPI).must_succeed())

    assert len([path for path in paths if path.startswith("/api/v1/part-")]) == 2 * COUNT


def test_its_own_tests_pass(project: Project) -> None:
    project.uv_run("pytest", "-n", "auto", "-q").must_succeed()
