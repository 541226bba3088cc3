"""What any endpoint may ask for, each as a typed alias.

All of it is `async`, even where nothing is awaited: FastAPI would send other functions to a thread.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import Parameter, Signature
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request, Response
from httpx2 import AsyncClient
from limits import parse
from pydantic import BaseModel

from app.config import Features, Settings
from app.core.exceptions import FeatureDisabledError, TooManyRequestsError
from app.core.rate_limit import counted_as
from app.resources import Resources
from app.services.query import Slice

Model = TypeVar("Model", bound=BaseModel)
Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


def opened(request: Request) -> Resources:
    """What the app has open: for dependencies of every request, as each level of them costs time."""
    resources: Resources = request.app.state.resources
    return resources


async def get_resources(request: Request) -> Resources:
    return opened(request)


async def get_app_settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


AppResources = Annotated[Resources, Depends(get_resources)]
AppSettings = Annotated[Settings, Depends(get_app_settings)]


# Request context


@dataclass(frozen=True, slots=True)
class RequestInfo:
    request_id: str
    client_ip: str
    user_agent: str


async def get_request_info(request: Request) -> RequestInfo:
    return RequestInfo(
        request_id=request.state.request_id,
        client_ip=request.client.host if request.client else "unknown",
        user_agent=request.headers.get("User-Agent", "")[:200],
    )


RequestContext = Annotated[RequestInfo, Depends(get_request_info)]


async def get_prefix(request: Request) -> str:
    """What a proxy in front strips from all paths, and links must begin with."""
    prefix: str = request.scope.get("root_path", "")
    return prefix.rstrip("/")


Prefix = Annotated[str, Depends(get_prefix)]


# Outgoing HTTP


async def get_http_client(resources: AppResources) -> AsyncClient:
    """One pool of connections for the whole app, with timeouts."""
    return resources.http()


HttpClient = Annotated[AsyncClient, Depends(get_http_client)]


# Pagination, sorting, filtering


async def get_page(
    limit: Annotated[int, Query(ge=1, le=100, description="How many to return")] = 20,
    offset: Annotated[int, Query(ge=0, le=2**31 - 1, description="How many to skip")] = 0,
) -> Slice:
    return Slice(limit=limit, offset=offset)


Pagination = Annotated[Slice, Depends(get_page)]


def from_query(model: type[Model]) -> Callable[..., Awaitable[Model]]:
    """Make a dependency that reads a model from the query, each of its fields as a parameter.

    `Annotated[Model, Query()]` does so too, but FastAPI remembers the fields of 128 models only:
    with one more it cannot make the OpenAPI document any longer.
    """

    async def read(**values: Any) -> Model:  # noqa: ANN401
        return model.model_construct(**values)

    parameters = [
        Parameter(
            name,
            Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=Annotated[field.rebuild_annotation(), Query(description=field.description)],
        )
        for name, field in model.model_fields.items()
    ]
    read.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return read


# Feature flags


async def get_features(settings: AppSettings) -> Features:
    return settings.features


FeatureFlags = Annotated[Features, Depends(get_features)]


def require_feature(name: str) -> Callable[[Features], Awaitable[None]]:
    """Make a dependency that answers 403 while the flag of this name is off."""
    if name not in Features.model_fields:
        msg = f"no such feature: {name}"
        raise ValueError(msg)

    async def check(features: FeatureFlags) -> None:
        if not getattr(features, name):
            raise FeatureDisabledError

    return check


# Rate limiting


class RateLimit:
    """A dependency: `Depends(RateLimit("5/minute"))` refuses a client's sixth request."""

    def __init__(self, limit: str) -> None:
        self._limit = parse(limit)

    async def __call__(self, request: Request, response: Response) -> None:
        endpoint = request.scope["endpoint"]
        context = await get_request_info(request)
        status = await opened(request).rate_limiter.hit(
            self._limit, endpoint.__module__, endpoint.__qualname__, counted_as(context.client_ip)
        )
        if not status.allowed:
            raise TooManyRequestsError(headers=status.headers)
        response.headers.update(status.headers)


def rate_limit(limit: str) -> Callable[[Endpoint], Endpoint]:
    """The same as a decorator, below the route's: `@rate_limit("5/minute")`; see `Route`."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__dict__["rate_limit"] = RateLimit(limit)
        return endpoint

    return mark
