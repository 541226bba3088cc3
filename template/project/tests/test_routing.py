from collections.abc import AsyncGenerator

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from httpx2 import ASGITransport, AsyncClient
from starlette.routing import Match
from starlette.types import Scope

from app.api.deps import DbSession
from app.api.routing import Router
from app.config import Settings
from app.main import create_app


class NeverTried(APIRoute):
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        msg = f"tried for {scope['path']}"
        raise AssertionError(msg)


async def endpoint() -> str:
    return "found"


async def read_of_user(user_id: int) -> int:
    return user_id


async def ask(session: DbSession) -> bool:
    return session.is_active


@pytest.fixture(scope="module")
def routed_app(settings: Settings) -> FastAPI:
    """An app with routers in every relation to each other."""
    elsewhere = Router(prefix="/elsewhere")
    elsewhere.add_api_route("/{name}", endpoint, route_class_override=NeverTried)
    of_users = Router(prefix="/users/{user_id}/pets")
    of_users.add_api_route("", read_of_user)
    inner = Router(prefix="/inner")
    inner.add_api_route("/found", endpoint)
    inner.include_router(of_users)
    plain = APIRouter(prefix="/plain")
    plain.add_api_route("/session", ask)
    outer = Router(prefix="/probe")
    for router in (elsewhere, inner, plain):
        outer.include_router(router)
    outer.include_router(inner, prefix="/again")
    app = create_app(settings)
    app.include_router(outer)
    return app


@pytest.fixture
async def routed(app: FastAPI, routed_app: FastAPI) -> AsyncGenerator[AsyncClient]:
    routed_app.state.resources = app.state.resources
    transport = ASGITransport(routed_app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://test/probe") as client:
        yield client


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/inner/found", "found"),
        ("/again/inner/found", "found"),
        ("/inner/users/7/pets", 7),
        ("/plain/session", True),
    ],
)
async def test_a_router_is_found_wherever_it_is_included(
    routed: AsyncClient, path: str, answer: object
) -> None:
    response = await routed.get(path)

    assert (response.status_code, response.json()) == (200, answer)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/inner", 404), ("GET", "/other", 404), ("PUT", "/inner/found", 405)],
)
async def test_what_is_not_there(routed: AsyncClient, method: str, path: str, status: int) -> None:
    assert (await routed.request(method, path)).status_code == status
