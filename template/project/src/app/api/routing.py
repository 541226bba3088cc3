"""Routes that are transactions, and routers that know which paths cannot be theirs."""

from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any

from fastapi import APIRouter, Depends, Request, Response, params
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.routing import Match
from starlette.types import Scope

from app.dependencies import RateLimit, opened


class Route(APIRoute):
    """One session a request, committed when the endpoint has returned and before the reply is sent.

    A dependency with `yield` would do so too, with `scope="function"` wherever it is named, and
    for a tenth of the time that a request takes.
    """

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        dependencies: Sequence[params.Depends] | None = None,
        **options: Any,  # noqa: ANN401
    ) -> None:
        limit: RateLimit | None = getattr(endpoint, "rate_limit", None)
        limits = [Depends(limit)] if limit else []
        super().__init__(path, endpoint, dependencies=[*limits, *(dependencies or ())], **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_in_transaction(request: Request) -> Response:
            read_only = request.method in {"GET", "HEAD"}
            async with opened(request).database.transaction(read_only=read_only) as session:
                request.state.session = session
                return await handle(request)

        return handle_in_transaction


async def get_db(request: Request) -> AsyncSession:
    """The one session of a request, which its `Route` commits."""
    session: AsyncSession | None = getattr(request.state, "session", None)
    if session is None:
        msg = "there is no session: the endpoint's router must be an app.api.routing.Router"
        raise RuntimeError(msg)
    return session


class Router(APIRouter):
    """A router of `Route`s; its `prefix` is looked for in a path before any of them is tried.

    FastAPI tries the routes of all included routers in turn, at each level of inclusion again.
    """

    def __init__(self, *, prefix: str = "", **options: Any) -> None:  # noqa: ANN401
        super().__init__(prefix=prefix, route_class=Route, **options)
        self._needed = prefix.partition("{")[0]
        self._options = options
        self._parts: list[tuple[APIRouter, dict[str, Any]]] = []

    def include_router(self, router: APIRouter, **options: Any) -> None:  # noqa: ANN401
        for route in router.routes:
            if hasattr(getattr(route, "endpoint", None), "rate_limit") and type(route) is APIRoute:
                msg = f"@rate_limit of {route.name} needs an app.api.routing.Router"
                raise TypeError(msg)
        super().include_router(router, **options)
        self._parts.append((router, options))

    def parts(self, prefix: str = "") -> Iterator[tuple[APIRouter, dict[str, Any]]]:
        """The routers that an app includes in place of this one, each with its options.

        Where all that this one adds is its prefix, they are the routers in it: one level less.
        """
        if self._options or self.dependencies or len(self._parts) < len(self.routes):
            yield self, {"prefix": prefix}
            return
        for part, options in self._parts:
            whole = prefix + self.prefix + options.get("prefix", "")
            if isinstance(part, Router) and options.keys() <= {"prefix"}:
                yield from part.parts(whole)
            else:
                yield part, {**options, "prefix": whole}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if self._needed not in scope["path"]:
            return Match.NONE, {}
        return super().matches(scope)
