"""Dependencies for any endpoint; all are `async`, because FastAPI runs others in a thread."""

from functools import cache
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Query, Request, Response, params
from fastapi.dependencies.utils import get_flat_params, get_validation_alias
from fastapi.exceptions import RequestValidationError
from fastapi.requests import HTTPConnection
from fastapi.routing import iter_route_contexts
from limits import parse

from app.config import Settings
from app.core.rate_limit import client_key
from app.resources import Resources
from app.schemas.page import Page, PageParams, T


async def get_resources(connection: HTTPConnection) -> Resources:
    """Return the resources that the app opened at startup: the database, Redis, …"""
    resources: Resources = connection.app.state.resources
    return resources


async def get_app_settings(connection: HTTPConnection) -> Settings:
    return (await get_resources(connection)).settings


AppResources = Annotated[Resources, Depends(get_resources)]
AppSettings = Annotated[Settings, Depends(get_app_settings)]
Pagination = Annotated[PageParams, Query()]


def refuse_unknown_parameters(request: Request) -> None:
    """Refuse query parameters that the route does not document, such as a misspelled filter."""
    endpoint = request.scope["endpoint"]
    documented: dict[object, set[str]] = request.app.state.parameters
    if endpoint not in documented:
        documented[endpoint] = {
            get_validation_alias(field)
            for context in iter_route_contexts(request.app.routes)
            if context.endpoint is endpoint
            for field in get_flat_params(context.dependant)
        }
    error = {"type": "extra_forbidden", "msg": "Unknown parameter", "input": None}
    if unknown := [name for name in request.query_params if name not in documented[endpoint]]:
        raise RequestValidationError([error | {"loc": ("query", name)} for name in unknown])


def with_next_link(request: Request, response: Response, page: Page[T]) -> Page[T]:
    """Add the `Link` header that leads to the next page; return the page."""
    if page.next is not None:
        sent = request.scope["query_string"].decode("latin-1").split("&")
        kept = [pair for pair in sent if pair and not pair.startswith("cursor=")]
        query = quote("&".join([*kept, f"cursor={page.next}"]), safe="&=%+")
        response.headers["Link"] = f'<{quote(request.scope["path"])}?{query}>; rel="next"'
    return page


def client_address(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else "unknown"


@cache  # A router and its route may have the same limit, which then counts a request once.
def rate_limit(limit: str) -> params.Depends:
    """Return a dependency that limits each client: `dependencies=[rate_limit("5/minute")]`."""
    item = parse(limit)

    async def count(connection: HTTPConnection, response: Response) -> None:
        endpoint = connection.scope["endpoint"]
        client = client_key(client_address(connection))
        limiter = (await get_resources(connection)).rate_limiter
        headers = await limiter.hit(item, endpoint.__module__, endpoint.__qualname__, client)
        response.headers.update(headers)

    return params.Depends(count)
