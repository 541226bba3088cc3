"""What AGENTS.md says can be left out: without it, a project passes its checks."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from generated import guide, variants
from generated.projects import Project, Workshop

pytestmark = [pytest.mark.slow, pytest.mark.others_nightly("everything")]

APP = "src/app"
USERS = f"{APP}/api/v1/endpoints/users.py"
POLICY, POLICY_TESTS = f"{APP}/core/password_policy.py", "tests/test_password_policy.py"
COUNTS = '        assert (await admin_client.get(f"{USERS}/stats")).json() == counts\n'


def edit(root: Path, name: str, *edits: str | tuple[str, str]) -> None:
    """Replace each pattern in a file of `root`, by nothing unless it is given with a text."""
    file = root / name
    text = file.read_text("utf-8")
    for pattern, new in ((one, "") if isinstance(one, str) else one for one in edits):
        text, count = re.subn(pattern, new, text, flags=re.MULTILINE)
        assert count, (name, pattern)
    file.write_text(text, "utf-8")


def cache(root: Path) -> None:
    for name in (f"{APP}/core/cache.py", "tests/test_cache.py"):
        (root / name).unlink()
    imported = r"^from app.core.cache import Cache\n"
    edit(
        root,
        f"{APP}/resources.py",
        imported,
        r"^ +cache: Cache\n",
        r"^ +cache = .*\n.*cache.store.close.*\n",
        r"^ +cache=cache,\n",
    )
    edit(
        root, f"{APP}/api/deps.py", imported, r"\n\nasync def get_user_cache(.*\n)*UserCache = .*\n"
    )
    edit(
        root,
        USERS,
        ", UserCache",
        r"BackgroundTasks, ",
        r", cache: UserCache(?=\))",
        (r"await cache.get_or_load\((.*\n)*?    \)\n", "await UserService(session).stats()\n"),
        r"^ +(cache: UserCache|background: BackgroundTasks),\n",
        r"^    # After the commit.*\n.*add_task.*\n",
    )
    edit(root, f"{APP}/config.py", r"^ +cache_enabled.*\n")
    edit(root, "tests/conftest.py", imported, r"^ +cache=Cache.*\n", r".*cache.store.close.*\n")
    edit(
        root, "tests/test_users.py", rf'(?<=await make_account\(app, "late"\)\n){re.escape(COUNTS)}'
    )


def feature_flags(root: Path) -> None:
    edit(root, f"{APP}/config.py", r"^class Features(.*\n)*?\n\n", r"^ +features: Features.*\n")
    edit(
        root,
        f"{APP}/dependencies.py",
        r"^def require_feature(.*\n)*?    return check\n\n\n",
        r"Features, ",
        r".*FeatureDisabledError\n",
    )
    edit(root, f"{APP}/core/exceptions.py", r"^class FeatureDisabledError(.*\n)*?\n\n")
    edit(root, USERS, r"Depends\(require_feature\(.registration.\)\), ", r"^ +require_feature,\n")
    edit(
        root,
        "tests/test_dependencies.py",
        r"^async def test_feature_flags(.*\n)*?\n\n",
        r"Features, ",
        r", require_feature",
    )
    edit(root, "tests/test_config.py", r".*FEATURES__.*\n", r".*features.registration\n")


def breached_passwords(root: Path) -> None:
    edit(
        root,
        POLICY,
        r"^    def __init__(.*\n)*?\n",
        r" +or await self._is_breached.*\n",
        r"^    async def _is_breached(.*\n)*?\n\n",
    )
    edit(root, f"{APP}/resources.py", (r"PasswordPolicy\(http, .*\)", "PasswordPolicy()"))
    edit(root, f"{APP}/config.py", r"^ +pwned_passwords_url.*\n")
    edit(
        root,
        POLICY_TESTS,
        (r"PasswordPolicy\(AsyncClient, None\)", "PasswordPolicy()"),
        r"^async def test_(refuses_breached|lets_people_in)(.*\n)*?(\n\n|\Z)",
        r"^(BREACHED|DIGEST) = .*\n",
        r"^def service(.*\n)*?\n\n",
    )


def other_services(root: Path) -> None:
    breached_passwords(root)
    edit(
        root,
        f"{APP}/resources.py",
        r"^ +http: Callable.*\n",
        r"^ +@cached\n(.*\n)*?            return client\n\n",
        r"^ +http=http,\n",
    )
    edit(root, f"{APP}/config.py", r"^ +http_timeout_seconds.*\n")
    edit(
        root,
        f"{APP}/dependencies.py",
        r"^async def get_http_client(.*\n)*?\n\n",
        r"^HttpClient = .*\n",
    )
    edit(
        root,
        "tests/test_dependencies.py",
        r"^async def test_http_client(.*\n)*?(\n\n|\Z)",
        r"^@router.get\(./outgoing.\)\n(.*\n)*?\n\n",
        r"HttpClient, ",
    )


def everything(root: Path) -> None:
    cache(root)
    feature_flags(root)
    other_services(root)


@pytest.mark.parametrize(
    "leave_out", [everything, cache, feature_flags, breached_passwords, other_services]
)
def test_a_project_without_it_passes_its_checks(
    workshop: Workshop, leave_out: Callable[[Path], None]
) -> None:
    project: Project = workshop.project(f"left-out-{leave_out.__name__}", variants.default())
    leave_out(project.path)
    project.uv_run("ruff", "check", "--fix", "-q").must_succeed()
    guide.check(project)
    project.uv_run("pytest", "-q", "-n", "auto", "--cov").must_succeed()
