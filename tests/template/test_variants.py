"""Variants, as the command makes them, under their own checks in their own environments.

Checks of code run once for all variants whose code is equal, byte for byte, but for what a person
is told to start a server with.
"""

import hashlib
import ipaddress
import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fastgen.errors import InvalidName
from fastgen.names import project as project_names
from generated import variants
from generated.projects import Project, Workshop
from generated.services import find_postgres
from generated.variants import Answers

pytestmark = pytest.mark.slow

VARIANTS = variants.variants()
# The words of the generated README.
COMMANDS = {
    "lint": ("ruff", "check"),
    "format": ("ruff", "format", "--check"),
    "types": ("mypy",),
    "layers": ("lint-imports",),
}
# What is no code, and that no command of COMMANDS and no test of the project reads.
NO_CODE = re.compile(
    r"\.github/.+|\.copier-answers\.yml|README\.md|Dockerfile|compose\.yaml|\.dockerignore|deploy/.+"
    r"|\.fastgen/.+"
)
# What a person is told to start a server with: no check but those of its form reads it.
TOLD = re.compile(rb'^UNREACHABLE_HINT = \(\n(    "[^\n]*"\n)+\)$', re.MULTILINE)
OF_FORM = {"lint", "format"}
MODULES = """
import importlib.metadata, json
print(json.dumps(sorted(importlib.metadata.packages_distributions())))
"""

Tell = Callable[[str, object], None]
OncePerCode = Callable[[str], bool]


@pytest.fixture(scope="module", params=VARIANTS)
def variant(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def project(variant: str, workshop: Workshop) -> Project:
    return workshop.project(f"variant-{variant}", VARIANTS[variant])


@pytest.fixture
def check(variant: str, record_property: Tell) -> Callable[[str], None]:
    """Tell the summary which check of which variant a test is."""

    def tell(name: str) -> None:
        record_property("variant", variant)
        record_property("check", name)

    return tell


@pytest.fixture
def once_per_code(
    variant: str,
    project: Project,
    workshop: Workshop,
    check: Callable[[str], None],
    record_property: Tell,
) -> OncePerCode:
    """Tell whether this variant's code is to be checked: none that is equal was or is."""

    def must_be_checked(name: str) -> bool:
        check(name)
        digest = digest_of_code(project, told=name in OF_FORM)
        with workshop.only_one_process("code"):
            claimed = workshop.folder / f"{digest}-{name}"
            if not claimed.exists():
                claimed.write_text(variant)
            first = claimed.read_text()
        if first != variant:
            record_property("same code", first)
        return first == variant

    return must_be_checked


def digest_of_code(project: Project, *, told: bool) -> str:
    """Return what differs with the code; with what a person is told by it, if that is wanted."""
    digest = hashlib.sha256()
    for name in sorted(project.run("git", "ls-files").must_succeed().splitlines()):
        if not NO_CODE.fullmatch(name):
            content = (project.path / name).read_bytes()
            if not told:
                content = TOLD.sub(b"", content)
            digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def test_it_is_committed_and_nothing_is_left_over(
    project: Project, check: Callable[[str], None]
) -> None:
    check("git")
    assert project.run("git", "status", "--porcelain").must_succeed() == ""
    assert project.run("git", "log", "--format=%s").must_succeed().count("\n") == 1
    tracked = project.run("git", "ls-files").must_succeed().split()
    assert "uv.lock" in tracked
    assert ".env" not in tracked


def test_the_lock_is_complete_and_names_only_the_public_index(
    project: Project, check: Callable[[str], None]
) -> None:
    check("lock")
    project.run("uv", "lock", "--check").must_succeed()
    lock = (project.path / "uv.lock").read_text("utf-8")
    packages = tomllib.loads(lock)["package"]
    sources = [package["source"] for package in packages]
    assert [source for source in sources if "registry" not in source] == [{"editable": "."}]
    (registry,) = {source["registry"] for source in sources if "registry" in source}
    assert is_public(registry)
    files = [file for package in packages for file in package.get("wheels", [])]
    files += [package["sdist"] for package in packages if "sdist" in package]
    assert [file for file in files if not is_public(file["url"])] == []
    assert str(project.path) not in lock


@pytest.mark.parametrize("name", COMMANDS)
def test_its_own_checks_pass(project: Project, name: str, once_per_code: OncePerCode) -> None:
    if once_per_code(name):
        project.uv_run(*COMMANDS[name]).must_succeed()


def test_its_own_tests_pass_and_cover_everything(
    project: Project, variant: str, once_per_code: OncePerCode, record_property: Tell
) -> None:
    if once_per_code("tests"):
        with of_the_machine(VARIANTS[variant], project, record_property) as env:
            project.must_pass_its_tests(env)


@contextmanager
def of_the_machine(answers: Answers, project: Project, tell: Tell) -> Iterator[dict[str, str]]:
    """Return what names a PostgreSQL of this machine, for a project that brings none to deploy.

    Others start one for their tests, as they do where the machine has none.
    """
    if answers["database"] != "postgresql" or answers["deploy"] == "docker":
        yield {}
        return
    with find_postgres(project) as server, server.database() as url:
        tell("service", server.name)
        yield {"TEST_DATABASE_URL": url}


def test_code_differs_only_with_the_database_and_mail(
    project: Project, variant: str, workshop: Workshop
) -> None:
    """So that the suites run for few of the variants; a new option shall keep it so."""
    answers = VARIANTS[variant]
    digest = digest_of_code(project, told=False)
    with workshop.only_one_process("code"):
        file = workshop.folder / f"code-of-{answers['database']}-{answers['mail']}"
        if not file.exists():
            file.write_text(digest)
        assert file.read_text() == digest


def test_its_workflow_has_no_finding(
    project: Project, variant: str, check: Callable[[str], None]
) -> None:
    check("workflow")
    has_workflow = (project.path / ".github" / "workflows").exists()
    assert has_workflow == (VARIANTS[variant]["ci"] == "github")
    if has_workflow:
        zizmor = str(Path(sys.executable).with_name("zizmor"))
        found = project.run(zizmor, "--offline", "--quiet", "--format", "json", ".")
        assert json.loads(found.must_succeed()) == []


def test_no_project_may_have_the_name_of_what_it_depends_on(
    project: Project, check: Callable[[str], None]
) -> None:
    check("names")
    lock = tomllib.loads((project.path / "uv.lock").read_text("utf-8"))
    modules = json.loads(project.uv_run("python", "-c", MODULES).must_succeed())
    names = {package["name"] for package in lock["package"]}
    names |= set(filter(str.isidentifier, modules))
    assert sorted(filter(is_accepted, names - {project.path.name})) == []
    refused = project.user.run("new", "starlette", "--dry-run")
    assert (refused.code, "'starlette' cannot be the name" in refused.err) == (1, True)


def test_nothing_of_that_is_left_for_git_to_see(
    project: Project, check: Callable[[str], None]
) -> None:
    check("ignored")
    assert project.run("git", "status", "--porcelain").must_succeed() == ""


def is_accepted(name: str) -> bool:
    try:
        project_names.check(name)
    except InvalidName:
        return False
    return True


def is_public(url: str) -> bool:
    """Whether this is a host of the public network, and not one of this machine's."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return parts.scheme == "https" and "." in host and not parts.username and not parts.port
    return False
