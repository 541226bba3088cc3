import re

import pytest
from httpx2 import AsyncClient

from app.config import Settings
from app.main import create_app
from conftest import API, client_of

# The first one is the link that `fastapi dev` prints.
DOCS = ["/docs", "/api/docs", "/api/docs/swagger-ui.css", "/api/redoc", f"{API}/openapi.json"]


async def statuses(client: AsyncClient) -> list[int]:
    return [(await client.get(path, follow_redirects=True)).status_code for path in DOCS]


async def test_development_publishes_the_documentation(client: AsyncClient) -> None:
    assert await statuses(client) == [200] * len(DOCS)
    response = await client.get("/docs", follow_redirects=True)
    assert response.url.path == "/api/docs"


@pytest.mark.parametrize("path", ["/api/docs", "/api/redoc"])
async def test_the_documentation_loads_only_what_is_here(client: AsyncClient, path: str) -> None:
    page = await client.get(path)
    links = re.findall(r"(?:href|src|url)[=:] ?[\"'](.+?)[\"']", page.text)

    assert len(links) >= 3
    for url in map(page.url.join, links):
        assert url.host == page.url.host
        assert (await client.get(url)).status_code == 200


async def test_scripts_of_the_documentation_are_those_of_its_page(client: AsyncClient) -> None:
    policy = (await client.get("/api/docs")).headers["Content-Security-Policy"]

    assert re.search("script-src 'self' 'sha256-[^ ]{44}';", policy)


async def test_browsers_keep_the_files_of_the_documentation(client: AsyncClient) -> None:
    file = await client.get("/api/docs/favicon.png")
    assert file.headers["Cache-Control"] == "no-cache"

    again = {"If-None-Match": file.headers["ETag"]}
    assert (await client.get("/api/docs/favicon.png", headers=again)).status_code == 304


async def test_production_publishes_no_documentation(settings: Settings) -> None:
    changes = {"environment": "production", "debug": False, "publish_docs": False}
    async with client_of(create_app(settings.model_copy(update=changes))) as client:
        assert await statuses(client) == [404] * len(DOCS)
