"""Exception handlers: every error response has the same shape."""

import socket
from collections.abc import Callable, Sequence
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from traceback import extract_tb, format_list
from typing import Any

import structlog
from fastapi.exceptions import RequestValidationError, WebSocketRequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.routing import compile_path

from app.core.exceptions import AppException, ServiceUnavailableError, ValidationError
from app.engine import diagnosis, is_outage
from app.schemas.error import ErrorResponse, FieldError

APP = str(Path(__file__).parents[1])
# Their names differ between versions of Python.
STATUS_NAMES = {413: "CONTENT_TOO_LARGE", 422: "UNPROCESSABLE_CONTENT"}
# A body may break a rule thousands of times.
MAX_FIELD_ERRORS = 50

logger = structlog.get_logger(__name__)


def error_response(
    request: HTTPConnection, error: AppException | HTTPException, errors: Sequence[FieldError] = ()
) -> JSONResponse:
    content = ErrorResponse(
        detail=str(error.detail),
        error_code=getattr(error, "error_code", status_name(error.status_code)),
        request_id=request.state.request_id,
        errors=list(errors),
    )
    return JSONResponse(content.model_dump(), error.status_code, error.headers)


async def app_exception_handler(request: HTTPConnection, error: AppException) -> JSONResponse:
    errors = [
        FieldError(loc=[error.location, field], msg=error.detail, type=error.error_code.lower())
        for field in error.fields
    ]
    return error_response(request, error, errors)


async def validation_handler(
    request: HTTPConnection, error: RequestValidationError | WebSocketRequestValidationError
) -> JSONResponse:
    errors = [FieldError.model_validate(item) for item in islice(error.errors(), MAX_FIELD_ERRORS)]
    return error_response(request, ValidationError(), errors)


async def http_exception_handler(request: HTTPConnection, error: HTTPException) -> JSONResponse:
    response = error_response(request, error)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # The router names only the methods of the first route with this path.
        path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        methods = {
            method
            for context in iter_route_contexts(request.app.routes)
            if context.path and compile_path(context.path)[0].match(path)
            for method in context.methods or ()
        }
        response.headers["Allow"] = ", ".join(sorted(methods))
    return response


async def unreachable_handler(request: HTTPConnection, error: Exception) -> JSONResponse:
    # Without a traceback: during an outage, every request fails like this.
    logger.error("dependency_unreachable", error=repr(error))
    return error_response(request, ServiceUnavailableError())


async def database_error_handler(request: HTTPConnection, error: DBAPIError) -> JSONResponse:
    if is_outage(error):
        return await unreachable_handler(request, error)
    frames = [frame for frame in extract_tb(error.__traceback__) if frame.filename.startswith(APP)]
    logger.error(
        "database_error",
        error=repr(type(error.orig)),
        **diagnosis(error),
        statement=error.statement,
        exception="".join(format_list(frames)),
    )
    return error_response(request, HTTPException(500))


EXCEPTION_HANDLERS: dict[Any, Callable[..., Any]] = {
    AppException: app_exception_handler,
    RequestValidationError: validation_handler,
    WebSocketRequestValidationError: validation_handler,
    HTTPException: http_exception_handler,
    DBAPIError: database_error_handler,
    ConnectionError: unreachable_handler,
    TimeoutError: unreachable_handler,
    socket.gaierror: unreachable_handler,
    PoolTimeoutError: unreachable_handler,
    RedisError: unreachable_handler,
}


def status_name(status_code: int) -> str:
    return STATUS_NAMES.get(status_code) or HTTPStatus(status_code).name


def documented(*status_codes: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of a route: references to what `api.contract` describes."""
    names = {code: status_name(code).title().replace("_", "") for code in status_codes}
    return {code: {"$ref": f"#/components/responses/{name}"} for code, name in names.items()}
