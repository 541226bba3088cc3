from httpx2 import AsyncClient

from app.config import Settings
from app.main import create_app
from conftest import API, client_of

# The first one is where `fastapi dev` says that they are.
DOCS = ["/docs", "/api/docs", "/api/redoc", f"{API}/openapi.json"]


async def statuses(client: AsyncClient) -> list[int]:
    return [(await client.get(path, follow_redirects=True)).status_code for path in DOCS]


async def test_development_publishes_the_documentation(client: AsyncClient) -> None:
    assert await statuses(client) == [200, 200, 200, 200]
    response = await client.get("/docs", follow_redirects=True)
    assert response.url.path == "/api/docs"


async def test_production_publishes_no_documentation(settings: Settings) -> None:
    changes = {"environment": "production", "debug": False, "publish_docs": False}
    async with client_of(create_app(settings.model_copy(update=changes))) as client:
        assert await statuses(client) == [404, 404, 404, 404]
