"""What AGENTS.md says can be left out: without it, a project passes its checks."""

import re
from pathlib import Path

import pytest

from generated import guide, variants
from generated.projects import Workshop

pytestmark = [pytest.mark.slow, pytest.mark.others_nightly("everything")]

APP = Path("src/app")
USERS = APP / "api/v1/endpoints/users.py"
# Modules, and a line or statement that uses each, with what is left of it.
PARTS = {
    "cache": (
        USERS,
        r", cache: UserCache(\) -> UserStats:\n.*\n    return await )cache[^)]*\)[^)]*\)",
        r"\1UserService(session).stats()",
    ),
    "features": (USERS, r"^        require_feature\(.*\n", ""),
    "breached_passwords": (APP / "api/passwords.py", r"^    await refuse_breached.*\n", ""),
}
SETTINGS = ("cache_enabled", "features", "pwned_passwords_url", "http_timeout_seconds")


def edit(file: Path, pattern: str, new: str = "") -> None:
    """Replace a pattern that is there once."""
    text, count = re.subn(pattern, new, file.read_text("utf-8"), flags=re.MULTILINE)
    assert count == 1, (file, pattern)
    file.write_text(text, "utf-8")


def delete(root: Path, module: str) -> None:
    """Delete a module with its test."""
    (root / APP / f"api/{module}.py").unlink()
    (root / f"tests/test_{module}.py").unlink()


def leave_out(root: Path, module: str) -> None:
    """Delete a module with its test, and the line that uses it."""
    delete(root, module)
    file, pattern, new = PARTS[module]
    edit(root / file, pattern, new)


def leave_out_everything(root: Path) -> None:
    """Delete all of them, and their settings."""
    for module in PARTS:
        leave_out(root, module)
    delete(root, "http_client")
    for setting in SETTINGS:
        edit(root / APP / "config.py", rf"^    {setting}:.*\n")
    edit(root / APP / "config.py", r"^class Features(.*\n)*?\n\n")
    edit(root / "tests/test_config.py", r".*FEATURES__.*\n")
    edit(root / "tests/test_config.py", r".*features.registration\n")


@pytest.mark.parametrize("part", ["everything", *PARTS])
def test_a_project_without_it_passes_its_checks(workshop: Workshop, part: str) -> None:
    project = workshop.project(f"left-out-{part.replace('_', '-')}", variants.default())
    if part == "everything":
        leave_out_everything(project.path)
    else:
        leave_out(project.path, part)
    project.uv_run("ruff", "check", "--fix", "-q").must_succeed()
    guide.check(project)
    project.uv_run("pytest", "-q", "-n", "auto", "--cov").must_succeed()
