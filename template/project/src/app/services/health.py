import asyncio

import structlog
from redis.asyncio import Redis

from app.core.exceptions import ServiceUnavailableError
from app.database import Database
from app.migrate import is_schema_behind
from app.schemas.health import Readiness

CHECK_TIMEOUT_SECONDS = 1.5

logger = structlog.get_logger(__name__)


class HealthService:
    def __init__(self, database: Database, redis: Redis | None) -> None:
        self._database = database
        self._redis = redis

    async def readiness(self) -> Readiness:
        """Check the database and Redis at the same time; raises ServiceUnavailableError.

        The reason is logged, and not sent.
        """
        checks = {"database": asyncio.create_task(self._check_database())}
        if self._redis is not None:
            checks["redis"] = asyncio.create_task(self._check_redis(self._redis))
        await asyncio.wait(checks.values(), timeout=CHECK_TIMEOUT_SECONDS)
        failures = {
            name: failure for name, check in checks.items() if (failure := _failure_of(check))
        }
        if failures:
            logger.warning("not_ready", **failures)
            raise ServiceUnavailableError("Not ready")
        return Readiness(redis="connected" if self._redis else "not used")

    async def _check_database(self) -> None:
        async with self._database.transaction(read_only=True) as session:
            if await is_schema_behind(session):
                msg = "the schema is behind: run `alembic upgrade head`"
                raise RuntimeError(msg)

    @staticmethod
    async def _check_redis(redis: Redis) -> None:
        await redis.ping()


def _failure_of(check: asyncio.Task[None]) -> str | None:
    if not check.done():
        # Not awaited: cancelling a connection that hangs takes long as well.
        check.cancel()
        return "no answer in time"
    error = check.exception()
    return repr(error) if error else None
