"""The generated project on every Python of this machine, and from Copier."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generated import variants
from generated.projects import Project, Workshop
from generated.pythons import pythons
from generated.shop import EVERY_TYPE
from support import Cli

pytestmark = pytest.mark.slow

VERSION = "import sys; print(*sys.version_info[:2], sep='.')"

Tell = Callable[[str, object], None]

# Which versions there are takes seconds to find out, and every run of pytest reads this file.
PLACES = {"oldest": 0, "newest": -1, "second": 1, "third": 2}


@pytest.mark.nightly
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_its_tests_pass_on_this_python(
    place: int, workshop: Workshop, record_property: Tell
) -> None:
    versions = list(pythons())
    if place > 0 and place >= len(versions) - 1:
        pytest.skip(f"this machine has no more than {len(versions)} versions of Python")
    version = versions[place]
    record_property("variant", f"CPython {version}")
    record_property("check", "tests")
    python = pythons()[version]
    project = workshop.project(
        f"python-{version}", variants.default(), python=python, resources=[EVERY_TYPE]
    )
    used = project.uv_run("python", "-c", VERSION).must_succeed()
    assert used.splitlines()[-1] == version
    project.must_pass_its_tests(covered=version == versions[-1])


def test_copier_alone_makes_the_same_code(
    exported: Path, tmp_path: Path, workshop: Workshop, record_property: Tell
) -> None:
    name, answers = next(iter(variants.variants().items()))
    record_property("variant", "copier copy")
    record_property("check", "tests")
    record_property("same code", name)
    ours = workshop.project(f"variant-{name}", answers)
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
    # Only the line breaks are not as `fastgen new` makes them.
    ruff = Path(sys.executable).with_name("ruff")
    Project(target, user).run(str(ruff), "format", "--quiet").must_succeed()
    shutil.rmtree(target / ".ruff_cache", ignore_errors=True)
    committed = set(ours.run("git", "ls-files").must_succeed().splitlines())
    files = (path for path in target.rglob("*") if path.is_file())
    made = {path.relative_to(target).as_posix(): path.read_bytes() for path in files}
    assert made.keys() == committed - {"uv.lock", ".fastgen/files/project.yml"}
    made.pop(".copier-answers.yml")
    assert {name: (ours.path / name).read_bytes() for name in made} == made
