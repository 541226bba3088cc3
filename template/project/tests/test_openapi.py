import pytest
from httpx2 import AsyncClient

from app.config import Settings
from app.main import create_app
from conftest import API, client_of

DOCUMENT = f"{API}/openapi.json"


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
    async with client_of(app) as client:
        for path in ("/docs", "/api/docs", "/api/redoc", DOCUMENT):
            response = await client.get(path, follow_redirects=True)
            assert response.status_code == status
        root = await client.get("/")

    assert root.json()["docs"] == ("/api/docs" if published else None)
