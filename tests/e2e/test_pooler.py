"""PostgreSQL as platforms offer it: behind a pooler, under a URL of libpq's, with TLS."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generated.load import Request, load
from generated.pooler import Pooler, pooled
from generated.projects import Done, Project
from generated.server import migrated
from generated.service import GUNICORN, ME, Account, production
from generated.services import NewDatabase
from generated.shop import API, Person
from generated.sql import connected

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("database", ["postgresql"], indirect=True, scope="session"),
]

POOLING = {"DATABASE_TRANSACTION_POOLING": "true", "WEB_CONCURRENCY": "2"}
CROWD = 20
SECONDS = 4
CONCURRENTLY = '''
"""Index users by name, without stopping those who write."""

from alembic import op

revision = "concurrently"
down_revision = "{head}"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_users_full_name", "users", ["full_name"], postgresql_concurrently=True
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_users_full_name", postgresql_concurrently=True)
'''


@pytest.fixture
def pooler(database_url: str) -> Iterator[Pooler]:
    with pooled(database_url) as pooler:
        yield pooler


def test_no_request_fails_behind_a_transaction_pooler(
    shop: Project, database_url: str, pooler: Pooler, tmp_path: Path
) -> None:
    env = production(pooler.url(database_url, "postgres")) | POOLING
    with migrated(shop, tmp_path, *GUNICORN, env=env) as server:
        account = Account(server)
        assert account.register().status == 201
        token = Person(server, account).token
        requests = [
            Request("GET", f"{API}/places?limit=5", token),
            Request("POST", f"{API}/places", token, {"name": "Oulu"}),
            Request("GET", ME, token),
            Request("PATCH", ME, token, {"full_name": "Ada"}),
            Request("GET", "/ready"),
        ]
        with ThreadPoolExecutor(len(requests)) as pool:
            runs = [
                pool.submit(load, server.port, each, clients=CROWD // 5, seconds=SECONDS)
                for each in requests
            ]
            replies = [reply for run in runs for reply in run.result()]
        assert {reply.status for reply in replies} <= {200, 201}
        assert len(replies) > CROWD * 5
        # What stays at the server would grow as long as its connections live.
        with connected(shop, pooler.url(database_url)) as sql:
            assert sql.value("SELECT count(*) FROM pg_prepared_statements") < 5
    assert "Traceback" not in server.output


def test_several_may_migrate_at_once_through_a_pooler(
    shop: Project, database_url: str, pooler: Pooler
) -> None:
    env = production(pooler.url(database_url)) | POOLING
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: upgrade(shop, env), range(2)))
    assert [(one.code, one.out) for one in done if one.code] == []
    assert "(head)" in shop.uv_run("alembic", "current", env=env).must_succeed()


def upgrade(project: Project, env: dict[str, str]) -> Done:
    return project.uv_run("alembic", "upgrade", "head", env=env)


def test_an_index_is_made_concurrently_by_one_of_several_migrators(
    project: Project, new_database: NewDatabase
) -> None:
    heads = project.uv_run("alembic", "heads").must_succeed().split()
    head = heads[heads.index("(head)") - 1]
    file = project.path / "src/app/migrations/versions/concurrently.py"
    file.write_text(CONCURRENTLY.format(head=head))
    try:
        with new_database() as url:
            env = production(url)
            with ThreadPoolExecutor(4) as pool:
                done = list(pool.map(lambda _: upgrade(project, env), range(4)))
            assert [(one.code, one.out) for one in done if one.code] == []
            with connected(project, url) as sql:
                valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_users_full_name'"
                assert sql.value(f"{valid}::regclass") is True
            project.uv_run("alembic", "downgrade", "base", env=env).must_succeed()
    finally:
        file.unlink()


@pytest.mark.parametrize(
    ("scheme", "query"),
    [
        ("postgres", ""),
        ("postgresql", "?sslmode=require"),
        ("postgresql", "?sslmode=disable&connect_timeout=10&application_name=shop"),
        ("postgres", "?sslmode=verify-full&sslrootcert={certificate}"),
        ("postgresql", "?sslmode=verify-full&sslrootcert=system"),
        ("postgresql+asyncpg", "?ssl=require"),
    ],
)
def test_a_url_as_platforms_give_it_is_understood(
    project: Project, database_url: str, pooler: Pooler, scheme: str, query: str
) -> None:
    url = pooler.url(database_url, scheme, query.format(certificate=pooler.certificate))
    env = production(url) | POOLING | {"SSL_CERT_FILE": str(pooler.certificate)}
    project.uv_run("alembic", "current", env=env).must_succeed()


@pytest.mark.parametrize("query", ["?sslmode=verify-full&sslrootcert=system", "?options=-x"])
def test_a_url_that_the_server_refuses_is_one_sentence(
    project: Project, database_url: str, pooler: Pooler, query: str
) -> None:
    env = production(pooler.url(database_url, "postgresql", query)) | POOLING
    done = project.uv_run("alembic", "current", env=env)
    assert (done.code, done.out.count("\n")) == (1, 1)
    assert "The database cannot be reached" in done.out
