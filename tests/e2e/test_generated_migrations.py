"""Who migrates a generated project's database, and that it is done once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generated.projects import Project
from generated.server import running
from generated.service import GUNICORN, Account, development, production

pytestmark = pytest.mark.slow

UPGRADE = ("alembic", "upgrade", "head")


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
