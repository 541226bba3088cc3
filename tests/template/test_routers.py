"""The router of a generated project: it finds what FastAPI's own would, and asks fewer routes."""

import json
from typing import Any

import pytest

from generated import variants
from generated.projects import Workshop

pytestmark = pytest.mark.slow

PROGRAM = """
import asyncio, json

from fastapi import APIRouter
from fastapi.routing import APIRoute
from httpx2 import ASGITransport, AsyncClient

from app.api.routing import Router
from app.config import get_settings
from app.main import create_app


class NeverTried(APIRoute):
    def matches(self, scope):
        raise AssertionError(f"tried for {scope['path']}")


async def found() -> str:
    return "found"


async def pets(user_id: int) -> int:
    return user_id


elsewhere = Router(prefix="/elsewhere")
elsewhere.add_api_route("/{name}", found, route_class_override=NeverTried)
of_users = Router(prefix="/users/{user_id}/pets")
of_users.add_api_route("", pets)
inner = Router(prefix="/inner")
inner.add_api_route("/found", found)
inner.include_router(of_users)
plain = APIRouter(prefix="/plain")
plain.add_api_route("/found", found)
plain.include_router(inner, prefix="/below")
without_prefix = Router()
without_prefix.add_api_route("/bare", found)
outer = Router(prefix="/outer")
for router in (elsewhere, inner, plain, without_prefix):
    outer.include_router(router)
outer.include_router(inner, prefix="/again")
app = create_app(get_settings())
app.include_router(outer)


async def ask(client, request):
    answer = await client.request(*request.split())
    return answer.status_code, answer.json()


async def main(requests):
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        print(json.dumps({request: await ask(client, request) for request in requests}))


asyncio.run(main(REQUESTS))
"""
FOUND = {
    "GET /outer/inner/found": "found",
    "GET /outer/again/inner/found": "found",
    "GET /outer/inner/users/7/pets": 7,
    "GET /outer/plain/found": "found",
    "GET /outer/plain/below/inner/users/8/pets": 8,
    "GET /outer/bare": "found",
}
NOT_FOUND = {
    "GET /outer/inner": 404,
    "GET /outer/other": 404,
    "GET /inner/found": 404,
    "PUT /outer/inner/found": 405,
}


def test_routers_are_found_wherever_they_are_included(workshop: Workshop) -> None:
    project = workshop.project("routers", variants.default())
    program = PROGRAM.replace("REQUESTS", repr([*FOUND, *NOT_FOUND]))
    printed = project.uv_run("python", "-c", program).must_succeed()

    answers: dict[str, Any] = json.loads(printed.splitlines()[-1])
    assert {request: answers[request] for request in FOUND} == {
        request: [200, answer] for request, answer in FOUND.items()
    }
    assert {request: answers[request][0] for request in NOT_FOUND} == NOT_FOUND
