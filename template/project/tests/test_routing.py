from collections.abc import AsyncGenerator

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from httpx2 import ASGITransport, AsyncClient
from starlette.routing import Match
from starlette.types import Scope
from structlog.testing import capture_logs

from app.api.deps import DbSession
from app.api.routing import Router
from app.config import Settings
from app.dependencies import rate_limit
from app.main import create_app


class NeverTried(APIRoute):
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        msg = f"tried for {scope['path']}"
        raise AssertionError(msg)


async def endpoint() -> str:
    return "found"


async def endpoint_with_limit() -> None: ...


async def read_of_user(user_id: int) -> int:
    return user_id


async def ask(db: DbSession) -> bool:
    return db.in_transaction()


@pytest.fixture(scope="module", params=["whole", "in parts"])
def routed_app(settings: Settings, request: pytest.FixtureRequest) -> FastAPI:
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
    outer = Router()
    for router in (elsewhere, inner, plain):
        outer.include_router(router)
    outer.include_router(inner, prefix="/again")
    app = create_app(settings)
    if request.param == "whole":
        app.include_router(outer, prefix="/probe")
    else:
        for part, options in outer.parts("/probe"):
            app.include_router(part, **options)
    return app


@pytest.fixture
async def routed(app: FastAPI, routed_app: FastAPI) -> AsyncGenerator[AsyncClient]:
    routed_app.state.resources = app.state.resources
    transport = ASGITransport(routed_app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://test/probe") as client:
        yield client


@pytest.mark.parametrize("path", ["/inner/found", "/again/inner/found"])
async def test_a_router_is_found_wherever_it_is_included(routed: AsyncClient, path: str) -> None:
    response = await routed.get(path)

    assert (response.status_code, response.json()) == (200, "found")


async def test_a_prefix_may_have_parameters(routed: AsyncClient) -> None:
    assert (await routed.get("/inner/users/7/pets")).json() == 7


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/inner", 404), ("GET", "/other", 404), ("PUT", "/inner/found", 405)],
)
async def test_what_is_not_there(routed: AsyncClient, method: str, path: str, status: int) -> None:
    assert (await routed.request(method, path)).status_code == status


def test_a_group_is_included_in_parts() -> None:
    with_route, tagged, group = Router(prefix="/inner"), Router(prefix="/tagged"), Router(prefix="/v1")
    with_route.add_api_route("/found", endpoint)
    group.include_router(with_route, prefix="/deep")
    group.include_router(tagged, tags=["tag"])
    outer = Router(prefix="/api")
    outer.include_router(group)

    assert list(outer.parts("/probe")) == [
        (with_route, {"prefix": "/probe/api/v1/deep"}),
        (tagged, {"prefix": "/probe/api/v1", "tags": ["tag"]}),
    ]


async def forbid() -> None: ...


def test_what_adds_more_than_a_prefix_is_included_whole() -> None:
    with_route, guarded, guarded_later = Router(), Router(dependencies=[Depends(forbid)]), Router()
    guarded_later.dependencies.append(Depends(forbid))
    for router in (with_route, guarded, guarded_later):
        router.include_router(Router(prefix="/inner"))
    with_route.add_api_route("/found", endpoint)

    for router in (with_route, guarded, guarded_later):
        assert list(router.parts()) == [(router, {"prefix": ""})]


def test_a_limit_needs_a_router_of_ours() -> None:
    plain = APIRouter()
    plain.add_api_route("/limited", rate_limit("5/minute")(endpoint_with_limit))
    with pytest.raises(TypeError, match="endpoint_with_limit needs"):
        Router().include_router(plain)


async def test_a_session_needs_a_router_of_ours(routed: AsyncClient) -> None:
    with capture_logs() as logs:
        response = await routed.get("/plain/session")

    assert response.status_code == 500
    errors = [str(log["exc_info"]) for log in logs if log["log_level"] == "error"]
    assert "must be an app.api.routing.Router" in errors[0]
