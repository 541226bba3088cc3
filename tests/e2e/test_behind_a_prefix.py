"""Behind a proxy that strips a prefix: pages, links and refusals are right for its clients."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest

from generated.openapi import DOCUMENT
from generated.projects import Project
from generated.server import Server, running
from generated.service import GUNICORN, ME, TOKEN, USERS, Account, production
from generated.services import NewDatabase

pytestmark = [pytest.mark.slow, pytest.mark.by_day("sqlite")]

PREFIX = "/shop"
PUBLISHED = {"PUBLISH_DOCS": "true", "WEB_CONCURRENCY": "1"}
SERVERS = {
    "gunicorn": (GUNICORN, {"ROOT_PATH": PREFIX}),
    "fastapi": (
        ("fastapi", "run", "--port", "{port}", "--root-path", PREFIX),
        {"ROOT_PATH": PREFIX},
    ),
}


@pytest.fixture(scope="module", params=SERVERS)
def behind(
    request: pytest.FixtureRequest,
    project: Project,
    new_database: NewDatabase,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    """Each server in production; it is sent what the proxy has stripped already."""
    command, changes = SERVERS[request.param]
    with new_database() as url:
        env = production(url) | PUBLISHED | changes
        project.python("-m", "alembic", "upgrade", "head", env=env).must_succeed()
        with running(project, tmp_path_factory.mktemp("logs"), *command, env=env) as server:
            server.wait("/ready")
            yield server


@pytest.mark.parametrize("path", ["/api/docs", "/api/redoc"])
def test_the_documentation_loads_what_the_proxy_leads_here(behind: Server, path: str) -> None:
    page = behind.send("GET", path)
    assert page.status == 200
    links = re.findall(r"(?:href|src|url)[=:] ?[\"'](.+?)[\"']", page.body.decode())
    loaded = [urljoin(PREFIX + path, link) for link in links]
    assert PREFIX + DOCUMENT in loaded
    assert any(url.endswith(".js") for url in loaded)
    for url in loaded:
        assert url.startswith(f"{PREFIX}/")
        assert behind.send("GET", url.removeprefix(PREFIX)).status == 200


def test_the_document_says_where_clients_log_in(behind: Server) -> None:
    document = behind.send("GET", DOCUMENT).json
    assert document["servers"] == [{"url": PREFIX}]
    (scheme,) = document["components"]["securitySchemes"].values()
    assert scheme["flows"]["password"]["tokenUrl"] == PREFIX + TOKEN


def test_links_lead_back_through_the_proxy(behind: Server) -> None:
    link = behind.send("GET", "/docs").headers["location"]
    assert urljoin(f"{PREFIX}/docs", link) == f"{PREFIX}/api/docs"
    account = Account(behind)
    created = account.register()
    assert created.headers["location"] == f"{PREFIX}{USERS}/{created.json['id']}"
    assert behind.send("GET", ME, token=account.token()).status == 200


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (ME, {"GET", "PATCH", "DELETE"}),
        (f"{USERS}/1", {"GET", "PATCH"}),
        ("/health", {"GET", "HEAD"}),
        ("/api/docs", {"GET", "HEAD"}),
        ("/api/docs/favicon.png", {"GET", "HEAD"}),
    ],
)
def test_a_refused_method_names_those_that_are_allowed(
    behind: Server, path: str, allowed: set[str]
) -> None:
    refused = behind.send("PUT", path)
    assert refused.status == 405
    assert set(refused.headers["allow"].split(", ")) == allowed
