"""A generated project for each database, and databases for its servers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from generated import variants
from generated.projects import Project, Workshop
from generated.server import Server, migrated
from generated.service import GUNICORN, ORIGIN, Account, development, make_admin, production
from generated.services import NewDatabase, find_postgres, find_redis
from generated.shop import Person, make_shop
from generated.site import Site, opened


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to the night what is shown by day on one database."""
    for item in items:
        by_day = item.get_closest_marker("by_day")
        if (
            by_day
            and isinstance(item, pytest.Function)
            and item.callspec.params["database"] not in by_day.args
        ):
            item.add_marker(pytest.mark.nightly)


@pytest.fixture(scope="session", params=variants.options()["database"])
def database(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value


@pytest.fixture(scope="session")
def project(database: str, workshop: Workshop) -> Project:
    answers = variants.default() | {"database": database}
    return workshop.project(f"served-{database}", answers)


@pytest.fixture(scope="session")
def new_database(
    database: str, project: Project, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NewDatabase]:
    """Makes an empty database, which is gone afterwards, and yields its URL."""
    if database == "postgresql":
        with find_postgres(project) as server:
            yield server.database
        return

    @contextmanager
    def file() -> Iterator[str]:
        yield f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('sqlite')}/app.db"

    yield file


@pytest.fixture
def database_url(
    new_database: NewDatabase, record_property: Callable[[str, object], None]
) -> Iterator[str]:
    """An empty database for one test."""
    with new_database() as url:
        if server := urlsplit(url).netloc.rpartition("@")[2]:
            record_property("service", server)
        yield url


@pytest.fixture(scope="session")
def served(
    shop: Project, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Gunicorn in production: three workers that count together in Redis, a migrated database."""
    with new_database() as url, find_redis(shop) as redis_url:
        env = production(url) | {
            "REDIS_URL": redis_url,
            "CORS_ORIGINS": ORIGIN,
            "CORS_ALLOW_HEADERS": "traceparent, Baggage",
            # Nothing listens there: mail is asked for, and not delivered.
            "MAIL_BACKEND": "smtp",
            "MAIL_FROM": "shop@example.com",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": "9",
        }
        with migrated(shop, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
            yield server
        assert [line for line in server.lines() if line["level"] in {"error", "critical"}] == []
        assert "Traceback" not in server.output


@pytest.fixture(scope="session")
def admin(shop: Project, served: Server) -> Account:
    """Return an administrator of the server in production."""
    return make_admin(shop, served)


@pytest.fixture(scope="session")
def shop(database: str, workshop: Workshop) -> Project:
    """A project with resources of all types and accesses."""
    return make_shop(workshop, database)


@pytest.fixture(scope="session")
def shop_server(
    shop: Project, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Gunicorn with three workers."""
    with new_database() as url:
        env = development(url)
        with migrated(shop, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
            yield server
        assert "Traceback" not in server.output


@pytest.fixture
def ada(shop_server: Server) -> Person:
    return Person(shop_server)


@pytest.fixture
def bob(shop_server: Server) -> Person:
    return Person(shop_server)


@pytest.fixture(scope="module")
def site(
    shop: Project, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Gunicorn in production, whose database and Redis can fail."""
    with (
        new_database() as url,
        find_redis(shop) as redis_url,
        opened(shop, url, redis_url, tmp_path_factory.mktemp("logs")) as site,
    ):
        yield site
