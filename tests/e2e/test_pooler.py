"""PostgreSQL as platforms offer it: behind a pooler, under a URL of libpq's, with TLS."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generated.load import Request, load
from generated.pooler import Pooler, pooled
from generated.projects import Project
from generated.server import migrated
from generated.service import GUNICORN, ME, Account, production
from generated.shop import API, Person
from generated.sql import connected

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("database", ["postgresql"], indirect=True, scope="session"),
]

POOLING = {"DATABASE_TRANSACTION_POOLING": "true", "WEB_CONCURRENCY": "2"}
CROWD = 20
SECONDS = 4
UPGRADE = ("alembic", "upgrade", "head")


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
        person = Person(server, account)
        token, place = person.token, person.make("/places", {"name": "Turku"})
        requests = [
            Request("GET", f"{API}/places?limit=5", token),
            Request("POST", f"{API}/places", token, {"name": "Oulu"}),
            Request("GET", ME, token),
            Request("PATCH", f"{API}/places/{place['id']}", token, {"name": "Turku"}),
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
        done = list(pool.map(lambda _: shop.uv_run(*UPGRADE, env=env), range(2)))
    assert [(one.code, one.out) for one in done if one.code] == []
    assert "(head)" in shop.uv_run("alembic", "current", env=env).must_succeed()


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
    assert done.code
    assert done.out.count("\n") == 1
    assert "The database cannot be reached" in done.out
