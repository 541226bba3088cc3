from fastapi import APIRouter

from app.api.deps import HealthChecks
from app.schemas.health import Health, Readiness

router = APIRouter(tags=["health"])


@router.get("/health")
async def health_check() -> Health:
    """Tell that the process answers; asks nothing else."""
    return Health()


@router.get("/ready")
async def readiness_check(checks: HealthChecks) -> Readiness:
    """Tell whether requests can be served now."""
    return await checks.readiness()
