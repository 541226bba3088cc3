"""Feature flags: parts of the API that the settings switch on or off."""

from fastapi import params

from app.config import Features
from app.core.exceptions import ForbiddenError
from app.dependencies import AppSettings


class FeatureDisabledError(ForbiddenError):
    error_code = "FEATURE_DISABLED"
    default_detail = "This feature is switched off"


def require_feature(name: str) -> params.Depends:
    """Return a dependency that answers 403 while the flag is off."""
    if name not in Features.model_fields:
        raise ValueError(f"no such feature: {name}")

    async def check(settings: AppSettings) -> None:
        if not getattr(settings.features, name):
            raise FeatureDisabledError

    return params.Depends(check)
