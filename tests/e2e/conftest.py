"""A generated project for each database, and databases for its servers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from generated import variants
from generated.projects import Project, Workshop
from generated.server import Server, running
from generated.service import GUNICORN, production
from generated.services import NewDatabase, find_postgres


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop.of(tmp_path_factory)


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
    project: Project, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Gunicorn in production with three workers, on a database that was migrated before."""
    with new_database() as url:
        env = production(url)
        project.uv_run("alembic", "upgrade", "head", env=env).must_succeed()
        with running(project, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
            server.wait("/ready")
            yield server
