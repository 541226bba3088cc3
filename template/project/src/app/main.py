import asyncio
import gc
import os
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import lru_cache
from multiprocessing import parent_process

import structlog
from alembic.util import CommandError
from fastapi import FastAPI
from fastapi.dependencies import utils
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.cors import CORSMiddleware

from app.api.contract import complete_contract
from app.api.docs import serve_docs
from app.api.errors import EXCEPTION_HANDLERS, documented
from app.api.middleware import LimitsMiddleware, RequestContextMiddleware
from app.api.v1.endpoints import health
from app.api.v1.router import ROUTERS
from app.config import Settings, get_settings
from app.core.logging import configure_logging
from app.core.rate_limit import RATE_LIMIT_HEADERS
from app.migrate import upgrade
from app.resources import open_resources

OBJECTS_BETWEEN_COLLECTIONS = 20_000

# FastAPI 0.165 remembers the fields of 128 query models and cannot document a 129th.
utils.get_cached_model_fields = lru_cache(maxsize=None)(  # type: ignore[attr-defined]
    utils.get_cached_model_fields.__wrapped__  # type: ignore[attr-defined]
)

logger = structlog.get_logger(__name__)


def stop_reloader() -> None:
    # Otherwise it keeps the port open, and nothing answers.
    if parent_process():
        os.kill(os.getppid(), signal.SIGTERM)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    settings: Settings = app.state.settings
    if settings.migrate_on_start:
        try:
            await asyncio.to_thread(upgrade, settings)
        except CommandError as error:
            logger.critical(str(error))
            stop_reloader()
            # Without the traceback that the server would print.
            os._exit(1)
    async with open_resources(settings) as resources:
        app.state.resources = resources
        yield


def create_app(settings: Settings) -> FastAPI:
    """Build an app from its settings; several may live side by side in a process."""
    app = FastAPI(
        title=settings.app_name,
        description=settings.app_description,
        openapi_url="/api/v1/openapi.json" if settings.publish_docs else None,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": settings.root_path}] if settings.root_path else None,
        lifespan=lifespan,
        redirect_slashes=False,
        responses=documented(400, 408, 413, 422, 500, 503),
        exception_handlers=EXCEPTION_HANDLERS,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.settings = settings
    app.state.parameters = {}
    generate = app.openapi
    app.openapi = lambda: complete_contract(generate(), settings.root_path)  # type: ignore[method-assign]

    # The last is the outermost.
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=settings.max_body_bytes)
    # Inside CORS, whose headers its answers need. Starlette's own handler of errors is outside all.
    app.add_middleware(LimitsMiddleware, seconds=settings.request_timeout_seconds)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_credentials="*" not in settings.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "X-Request-ID", *settings.cors_allow_headers],
            expose_headers=["Link", "Location", "X-Request-ID", *RATE_LIMIT_HEADERS],
        )
    app.add_middleware(RequestContextMiddleware, hsts=settings.environment == "production")

    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
    app.include_router(health.router)
    if settings.publish_docs:
        serve_docs(app)
    return app


@lru_cache
def get_app() -> FastAPI:
    try:
        settings = get_settings()
    except SystemExit:
        stop_reloader()
        raise
    configure_logging(settings)
    app = create_app(settings)
    # All objects of now stay; collect garbage less often than every other request.
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    return app


def __getattr__(name: str) -> FastAPI:
    # `app.main:app`, for servers. Importing `create_app` must not need a configured environment.
    if name == "app":
        return get_app()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    # `fastapi dev` looks for the app here when it is started in `src`.
    return [*globals(), "app"]
