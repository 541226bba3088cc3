"""Fields of accounts in a project that runs: its own tests, and accounts that are there already."""

import shutil
from pathlib import Path

import pytest

from generated.projects import Project, Workshop
from generated.service import SHELL, production
from generated.sql import ALEMBIC, EXECUTE
from living import Living

pytestmark = pytest.mark.slow

FIELDS = (
    "handle:str:32:unique:optional",
    "plan:enum:free,pro:default=free",
    "balance:decimal:10,2:default=1.50",
    "born:date:optional",
)
ROWS = (
    """INSERT INTO users (email, hashed_password, created_at, updated_at)
    VALUES ('ada@example.com', 'x', '2024-01-01 00:00:00', '2024-01-01 00:00:00')""",
    """INSERT INTO sessions (id, user_id, refresh_token_id, expires_at, created_at, updated_at)
    SELECT '11111111111111111111111111111111', id, '22222222222222222222222222222222',
        created_at, created_at, created_at FROM users""",
)

WITHOUT_EXAMPLES = """
from app.main import get_app
properties = get_app().openapi()["components"]["schemas"]["UserResponse"]["properties"]
print(sorted(name for name, field in properties.items() if not field.get("examples")))
"""


@pytest.fixture
def shop(project: Project, tmp_path: Path) -> Living:
    """A copy of the installed project."""
    root = tmp_path / "shop"
    shutil.copytree(project.path, root, ignore=shutil.ignore_patterns(".venv"))
    return Living(project.user, root)


def test_accounts_keep_what_they_have(project: Project, shop: Living, database_url: str) -> None:
    env = {**production(database_url), "PYTHONPATH": str(shop.root / "src")}
    there = Project(shop.root, project.user, installed=project.path)

    def alembic(*commands: str) -> None:
        there.python("-c", ALEMBIC, *commands, env=env).must_succeed()

    def rows(*queries: str) -> str:
        return there.python("-c", EXECUTE, database_url, *queries, env=env).must_succeed().strip()

    alembic("upgrade head")
    rows(*ROWS)
    shop.must("add", "field", "user", *FIELDS)
    alembic("upgrade head", "check")
    told = "SELECT email, handle, plan FROM users WHERE NOT is_admin"
    assert rows(told) == "[('ada@example.com', None, 'free')]"
    shop.commit()
    shop.must("rename", "field", "user", "handle", "nick")
    shop.must("change", "field", "user", "plan:enum:free,pro,team:default=team")
    shop.must("remove", "field", "user", "born", "balance")
    alembic("upgrade head", "check")
    rows("UPDATE users SET nick = 'ada', plan = 'pro'")
    alembic("downgrade -3")
    assert rows(told) == "[('ada@example.com', 'ada', 'pro')]"
    alembic("upgrade head", "check")
    # The table was copied under the rows that refer to it.
    assert rows("SELECT count(*) FROM sessions") == "[(1,)]"
    made = there.python(
        "-m", "app", "create-admin", "eve@example.com", env=env, given=f"{'a b' * 5}\n"
    )
    assert "eve@example.com is an administrator now." in made.must_succeed()
    assert rows("SELECT nick, plan FROM users WHERE is_admin") == "[(None, 'team')]"
    rows("UPDATE users SET plan = 'free'")
    alembic("downgrade base")


@pytest.mark.nightly
def test_its_own_tests_pass(shop: Living, workshop: Workshop) -> None:
    there = Project(shop.root, shop.user)
    workshop.install(there)
    shop.must("add", "resource", "post", "title:str:100", "author:ref:user", "--access", "shared")
    fields = (
        "pin:str:8:optional:writeonly",
        "level:int:default=1:readonly",
        "seen:date:default=now",
    )
    shop.must("add", "field", "user", *FIELDS, *fields)
    there.must_pass_its_tests()
    there.uv_run("ruff", "check").must_succeed()
    there.uv_run("ruff", "format", "--check").must_succeed()
    there.uv_run("mypy").must_succeed()
    assert shop.must("check").code == 0
    # The document lists the values of an enum.
    told = there.uv_run("python", "-c", WITHOUT_EXAMPLES, env=SHELL).must_succeed()
    assert told.splitlines()[-1] == "['plan']"
