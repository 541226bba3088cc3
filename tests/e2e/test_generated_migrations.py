"""Who migrates a generated project's database, and that it is done once."""

import dataclasses
import shutil
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generated.projects import Project
from generated.server import running
from generated.service import GUNICORN, Account, development, production
from generated.sql import connected

pytestmark = pytest.mark.slow

UPGRADE = ("alembic", "upgrade", "head")
OUTSIDE = {
    "postgresql": "CREATE INDEX CONCURRENTLY ix_users_full_name ON users (full_name)",
    "sqlite": "VACUUM",
}
MIGRATION = """
from alembic import op

revision = "outside"
down_revision = "{head}"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("{statement}")
    op.execute("CREATE TABLE once (id INTEGER)")


def downgrade() -> None:
    op.execute("DROP TABLE once")
"""


def test_several_may_migrate_at_once(project: Project, database_url: str) -> None:
    env = production(database_url)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: project.uv_run(*UPGRADE, env=env), range(4)))
    assert [(one.code, one.out) for one in done if one.code] == []
    assert "(head)" in project.uv_run("alembic", "current", env=env).must_succeed()
    project.uv_run("alembic", "check", env=env).must_succeed()


def test_gunicorn_of_a_developer_migrates_once(
    project: Project, database_url: str, tmp_path: Path
) -> None:
    with running(project, tmp_path, *GUNICORN, env=development(database_url)) as server:
        server.wait()
        assert {server.send("GET", "/ready").status for _ in range(10)} == {200}
        assert Account(server).register().status == 201
        assert server.stop() == 0
    # A race would have ended workers, which gunicorn starts again until it succeeds.
    assert server.output.count("Booting worker") == 3
    for sign in ("Traceback", "already exists", "locked", "ERROR"):
        assert sign not in server.output, server.output


def test_gunicorn_in_production_waits_for_the_migrator(
    project: Project, database_url: str, tmp_path: Path
) -> None:
    env = production(database_url)
    with running(project, tmp_path, *GUNICORN, env=env) as server:
        server.wait()
        assert server.send("GET", "/health").status == 200
        behind = server.send("GET", "/ready")
        assert behind.status == 503
        assert database_url.encode() not in behind.body
        project.uv_run(*UPGRADE, env=env).must_succeed()
        assert server.send("GET", "/ready").status == 200
        assert Account(server).register().status == 201


def test_one_of_several_migrates_outside_of_a_transaction(
    project: Project, database: str, database_url: str, tmp_path: Path
) -> None:
    head = project.uv_run("alembic", "heads").must_succeed().rpartition(" (head)")[0].split()[-1]
    # In a copy: others use the project at the same time.
    copy = dataclasses.replace(project, path=tmp_path / "copy")
    shutil.copytree(project.path, copy.path, ignore=shutil.ignore_patterns(".venv", ".git"))
    script = MIGRATION.format(head=head, statement=OUTSIDE[database])
    (copy.path / "src/app/migrations/versions/outside.py").write_text(script)
    alembic = str(project.path / ".venv/bin/alembic")
    env = production(database_url) | {"PYTHONPATH": str(copy.path / "src")}

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: copy.run(alembic, "upgrade", "head", env=env), range(3)))
    assert [(one.code, one.out) for one in done if one.code] == []
    assert "outside (head)" in copy.run(alembic, "current", env=env).must_succeed()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True, scope="session")
def test_a_role_that_may_not_create_extensions_is_told_so(shop: Project, database_url: str) -> None:
    role = f"weak_{uuid.uuid4().hex[:12]}"
    env = production(f"{database_url}?options=-c%20role%3D{role}")
    with connected(shop, database_url) as sql:
        sql(f"CREATE ROLE {role}")
        try:
            sql(f"GRANT ALL ON SCHEMA public TO {role}")
            refused = shop.uv_run(*UPGRADE, env=env)
            assert refused.code != 0
            assert "runs `CREATE EXTENSION pg_trgm` in this database once" in refused.out
            assert "Traceback" not in refused.out
            # All or nothing.
            assert sql.value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0

            sql("CREATE EXTENSION pg_trgm")
            shop.uv_run(*UPGRADE, env=env).must_succeed()
        finally:
            sql(f"DROP OWNED BY {role}")
            sql(f"DROP ROLE {role}")
