from fastapi import APIRouter

from app.api.deps import HealthChecks
from app.dependencies import AppSettings, Prefix
from app.schemas.health import Health, Readiness, ServiceInfo

router = APIRouter(tags=["health"])


@router.head("/", include_in_schema=False)
@router.get("/")
async def describe_service(settings: AppSettings, prefix: Prefix) -> ServiceInfo:
    """Tell what this is, and where its documentation is published, if it is."""
    return ServiceInfo(
        name=settings.app_name,
        docs=f"{prefix}/api/docs" if settings.publish_docs else None,
        health=f"{prefix}/health",
    )


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health_check() -> Health:
    """Tell that the process answers; asks nothing else."""
    return Health()


@router.head("/ready", include_in_schema=False)
@router.get("/ready")
async def readiness_check(checks: HealthChecks) -> Readiness:
    """Tell whether requests can be served now."""
    return await checks.readiness()
