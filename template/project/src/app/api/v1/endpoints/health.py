from fastapi import APIRouter

from app.dependencies import AppResources, AppSettings, Prefix
from app.schemas.health import Health, Readiness, ServiceInfo
from app.services.health import HealthService

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
async def readiness_check(resources: AppResources) -> Readiness:
    """Tell whether requests can be served now."""
    return await HealthService(resources.database, resources.redis).readiness()
