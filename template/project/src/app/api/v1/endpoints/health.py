from fastapi import APIRouter

from app.dependencies import AppResources
from app.schemas.health import Health, Readiness
from app.services.health import check_readiness

router = APIRouter(tags=["health"])


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health_check() -> Health:
    """Return 200 while the process runs."""
    return Health()


@router.head("/ready", include_in_schema=False)
@router.get("/ready")
async def readiness_check(resources: AppResources) -> Readiness:
    """Return 200 while requests can be served, 503 otherwise."""
    return await check_readiness(resources.database, resources.redis)
