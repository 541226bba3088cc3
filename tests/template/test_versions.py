"""The lower bounds are true: a generated project, and fastgen, with the lowest versions allowed.

The newest versions are in every other project that these tests make, as each gets a lock of its
own. `FASTGEN_PRERELEASES=1` tries those that come after them.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from uv import find_uv_bin

from generated import variants
from generated.projects import Project
from generated.shop import EVERY_TYPE
from support import ROOT, Cli

pytestmark = pytest.mark.slow

VERSIONS = {"lowest versions": {"UV_RESOLUTION": "lowest-direct"}}
if os.environ.get("FASTGEN_PRERELEASES"):
    VERSIONS["pre-releases"] = {"UV_PRERELEASE": "allow"}
DEFAULT = variants.default()["database"]
DATABASES = [
    pytest.param(name, marks=[] if name == DEFAULT else pytest.mark.nightly)
    for name in variants.options()["database"]
]


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("versions", VERSIONS)
def test_a_project_passes_its_checks_on_other_versions_that_it_allows(
    versions: str, database: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("variant", f"{versions}, {database}")
    record_property("check", "tests")
    user = Cli(tmp_path, tmp_path / "home")
    given = ("--database", database, "--resource", EVERY_TYPE, "--no-install", "--no-git", "--yes")
    made = user.run("new", "shop-api", *given)
    assert made.code == 0, made
    user.env.update(VERSIONS[versions])
    project = Project(tmp_path / "shop-api", user)
    # They read the same versions of the same tools for each database.
    if database == DEFAULT:
        for command in ("ruff check", "ruff format --check", "mypy", "lint-imports"):
            project.uv_run(*command.split()).must_succeed()
    project.must_pass_its_tests(covered=False)


def test_fastgen_works_with_the_lowest_versions_it_allows(tmp_path: Path, cli: Cli) -> None:
    here = Project(tmp_path, cli)
    python = tmp_path / "venv" / "bin" / "python"
    here.run(find_uv_bin(), "venv", "-p", sys.executable, "venv").must_succeed()
    install = ("pip", "install", "--resolution", "lowest-direct", "-p", str(python), str(ROOT))
    here.run(find_uv_bin(), *install).must_succeed()
    cli.command = (str(python.with_name("fastgen")),)
    made = cli.run("new", "shop", "--no-install")
    assert (made.code, made.err) == (0, "")
    shop = cli.cwd / "shop"
    for arguments in (
        ("add", "resource", "item", "name:str:100:min=1", "price:decimal:10,2:gt=0"),
        ("add", "field", "item", "status:enum:draft,live:default=draft"),
        ("info", "--json"),
        ("remove", "resource", "item", "--dry-run", "--diff"),
    ):
        done = cli.run(*arguments, cwd=shop)
        assert done.code in {0, 4}, done
        assert "Traceback" not in done.err
