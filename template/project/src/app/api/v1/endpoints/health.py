from fastapi import APIRouter, Request

from app.dependencies import AppResources, AppSettings
from app.schemas.health import Health, Readiness, ServiceInfo
from app.services.health import check_readiness

router = APIRouter(tags=["health"])


@router.head("/", include_in_schema=False)
@router.get("/")
async def describe_service(settings: AppSettings, request: Request) -> ServiceInfo:
    """Return the name of the service and the paths of its documentation and health check."""
    # What a proxy strips from paths.
    prefix = request.scope.get("root_path", "").rstrip("/")
    return ServiceInfo(
        name=settings.app_name,
        docs=f"{prefix}/api/docs" if settings.publish_docs else None,
        health=f"{prefix}/health",
    )


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
