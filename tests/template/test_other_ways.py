"""The generated project on every Python of this machine, on its PostgreSQL, and from Copier."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generated import variants
from generated.projects import Project, Workshop
from generated.pythons import pythons
from generated.services import find_postgres
from generated.shop import EVERY_TYPE
from support import Cli

pytestmark = pytest.mark.slow

VERSION = "import platform; print(platform.python_version())"

Tell = Callable[[str, object], None]


@pytest.mark.parametrize("version", pythons())
def test_its_tests_pass_on_this_python(
    version: str, workshop: Workshop, record_property: Tell
) -> None:
    record_property("variant", f"CPython {version}")
    record_property("check", "tests")
    python = pythons()[version]
    project = workshop.project(
        f"python-{version}", variants.default(), python=python, resources=[EVERY_TYPE]
    )
    used = project.uv_run("python", "-c", VERSION).must_succeed()
    assert used.splitlines()[-1] == version
    project.must_pass_its_tests()


def test_its_tests_pass_on_a_postgresql_of_the_machine(
    workshop: Workshop, record_property: Tell
) -> None:
    record_property("variant", "TEST_DATABASE_URL")
    record_property("check", "tests")
    answers = variants.default() | {"database": "postgresql"}
    project = workshop.project("postgresql", answers)
    with find_postgres(project) as server, server.database() as url:
        record_property("service", server.name)
        project.must_pass_its_tests({"TEST_DATABASE_URL": url})


def test_its_tests_pass_as_copier_alone_makes_it(
    exported: Path, tmp_path: Path, record_property: Tell
) -> None:
    record_property("variant", "copier copy")
    user = Cli(tmp_path, tmp_path / "home")
    copier = [sys.executable, "-m", "copier", "copy", "--quiet", "--defaults"]
    target = tmp_path / "shop-api"
    subprocess.run(
        [*copier, "--data", "project_name=shop-api", exported, target],
        env=user.env,
        stdin=subprocess.DEVNULL,
        check=True,
        timeout=300,
    )
    record_property("check", "tests")
    project = Project(target, user)
    # Only the line breaks are not as `fastgen new` makes them.
    project.uv_run("ruff", "check").must_succeed()
    project.must_pass_its_tests()
