import asyncio
from typing import Any

import structlog
from redis.asyncio import Redis

from app.core.exceptions import ServiceUnavailableError
from app.database import Database
from app.migrate import is_schema_behind
from app.schemas.health import Readiness

CHECK_TIMEOUT_SECONDS = 1.5

logger = structlog.get_logger(__name__)


async def check_readiness(database: Database, redis: Redis | None) -> Readiness:
    """Check the database and Redis; raises ServiceUnavailableError, and logs the reason."""
    checks: dict[str, asyncio.Future[Any]] = {}
    checks["database"] = asyncio.ensure_future(_check_database(database))
    if redis is not None:
        checks["redis"] = asyncio.ensure_future(redis.ping())
    await asyncio.wait(checks.values(), timeout=CHECK_TIMEOUT_SECONDS)
    failures = {name: failure for name, check in checks.items() if (failure := _failure_of(check))}
    if failures:
        logger.warning("not_ready", **failures)
        raise ServiceUnavailableError("Not ready")
    return Readiness(redis="connected" if redis else "not used")


async def _check_database(database: Database) -> None:
    async with database.transaction(read_only=True) as session:
        if await is_schema_behind(session):
            raise RuntimeError("the schema is behind: run `alembic upgrade head`")


def _failure_of(check: asyncio.Future[Any]) -> str | None:
    if not check.done():
        # Not awaited: cancelling a connection that hangs can hang as well.
        check.cancel()
        return "no answer in time"
    error = check.exception()
    return repr(error) if error else None
