from collections.abc import AsyncGenerator

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.config import Settings
from app.main import create_app
from conftest import API, ME, TOKEN, USERS, registration

DOCUMENT = f"{API}/openapi.json"


@pytest.fixture
async def behind_proxy(app: FastAPI) -> AsyncGenerator[AsyncClient]:
    """A client of a proxy that strips `/shop`, which the server puts back."""
    transport = ASGITransport(app, root_path="/shop")
    async with AsyncClient(transport=transport, base_url="http://test/shop") as client:
        yield client


async def test_the_root_leads_to_the_documentation(client: AsyncClient, settings: Settings) -> None:
    response = await client.get("/")

    assert response.json() == {"name": settings.app_name, "docs": "/api/docs", "health": "/health"}
    assert (await client.get(response.json()["docs"])).status_code == 200


async def test_docs_are_where_fastapi_dev_says(client: AsyncClient) -> None:
    response = await client.get("/docs", follow_redirects=True)

    assert response.status_code == 200
    assert response.url.path == "/api/docs"


@pytest.mark.parametrize(("published", "status"), [(False, 404), (True, 200)])
async def test_production_publishes_what_it_is_told_to(
    settings: Settings, published: bool, status: int
) -> None:
    changes = {"environment": "production", "debug": False, "publish_docs": published}
    app = create_app(settings.model_copy(update=changes))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        for path in ("/docs", "/api/docs", "/api/redoc", DOCUMENT):
            response = await client.get(path, follow_redirects=True)
            assert response.status_code == status
        root = await client.get("/")

    assert root.json()["docs"] == ("/api/docs" if published else None)


@pytest.mark.parametrize("path", ["/api/docs", "/api/redoc"])
async def test_pages_work_behind_a_prefix(behind_proxy: AsyncClient, path: str) -> None:
    page = await behind_proxy.get(path)

    assert page.status_code == 200
    assert f"/shop{DOCUMENT}" in page.text
    assert "cdn.jsdelivr.net" in page.headers["Content-Security-Policy"]


async def test_the_document_names_the_prefix(
    behind_proxy: AsyncClient, client: AsyncClient
) -> None:
    for asking, prefix in [(behind_proxy, "/shop"), (client, "")]:
        document = (await asking.get(DOCUMENT)).json()
        assert document.get("servers", []) == [{"url": prefix}] * bool(prefix)
        scheme = document["components"]["securitySchemes"]["OAuth2PasswordBearer"]
        assert scheme["flows"]["password"]["tokenUrl"] == f"{prefix}{TOKEN}"


async def test_links_and_methods_are_right_behind_a_prefix(behind_proxy: AsyncClient) -> None:
    root = (await behind_proxy.get("/")).json()
    assert (root["docs"], root["health"]) == ("/shop/api/docs", "/shop/health")
    docs = await behind_proxy.get("/docs")
    assert docs.headers["Location"] == "/shop/api/docs"

    refused = await behind_proxy.put(ME)
    assert refused.status_code == 405
    assert refused.headers["Allow"] == "DELETE, GET, PATCH"

    created = await behind_proxy.post(USERS, json=registration())
    assert created.headers["Location"] == f"/shop{USERS}/{created.json()['id']}"
