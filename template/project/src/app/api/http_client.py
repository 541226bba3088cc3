"""Requests to other services: one client for the app, with one connection pool and timeouts."""

from typing import Annotated
from weakref import WeakKeyDictionary

from fastapi import Depends
from httpx2 import AsyncClient

from app.dependencies import AppResources
from app.resources import Resources

CLIENTS: WeakKeyDictionary[Resources, AsyncClient] = WeakKeyDictionary()


async def get_http_client(resources: AppResources) -> AsyncClient:
    """Return the app's client; created on first use, because reading certificates is slow."""
    if resources not in CLIENTS:
        CLIENTS[resources] = AsyncClient(timeout=resources.settings.http_timeout_seconds)
        resources.exit_stack.push_async_callback(CLIENTS[resources].aclose)
    return CLIENTS[resources]


HttpClient = Annotated[AsyncClient, Depends(get_http_client)]
