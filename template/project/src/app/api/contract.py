"""The app as its OpenAPI document describes it."""

from copy import deepcopy
from typing import Any

from fastapi import FastAPI

from app.api.deps import oauth2_scheme

LIMITS = {"minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"}


class DocumentedApp(FastAPI):
    """Documents whole limits as whole numbers.

    FastAPI makes floats of them: 2**63 became 9.223372036854776e+18, which is another number.
    """

    def openapi(self) -> dict[str, Any]:
        if not self.openapi_schema:
            self.openapi_schema = _with_whole_limits(super().openapi())
        return self.openapi_schema


def behind_prefix(document: dict[str, Any], prefix: str) -> dict[str, Any]:
    """The document as clients of a proxy need it that strips a prefix from paths."""
    if not prefix:
        return document
    document = deepcopy(document) | {"servers": [{"url": prefix}]}
    scheme = document["components"]["securitySchemes"][oauth2_scheme.scheme_name]
    # Tools resolve it against the origin, not against the server.
    scheme["flows"]["password"]["tokenUrl"] = prefix + scheme["flows"]["password"]["tokenUrl"]
    return document


def _with_whole_limits(part: Any) -> Any:  # noqa: ANN401
    if isinstance(part, list):
        return [_with_whole_limits(item) for item in part]
    if isinstance(part, dict):
        return {
            name: int(value) if _is_whole_limit(name, value) else _with_whole_limits(value)
            for name, value in part.items()
        }
    return part


def _is_whole_limit(name: str, value: object) -> bool:
    return name in LIMITS and isinstance(value, float) and value.is_integer()
