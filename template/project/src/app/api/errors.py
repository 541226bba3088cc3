"""Every error as an answer of the one shape, and as part of the documented contract."""

import socket
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from traceback import FrameSummary, extract_tb, format_list
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from app.config import Environment
from app.core.exceptions import AppException, ServiceUnavailableError, ValidationError
from app.engine import diagnosis, is_outage
from app.schemas.error import ErrorResponse, FieldError

APP = str(Path(__file__).parents[1])
UNREACHABLE = (ConnectionError, TimeoutError, socket.gaierror, PoolTimeoutError, RedisError)

# Names that differ between versions of Python.
STATUS_NAMES = {413: "CONTENT_TOO_LARGE", 422: "UNPROCESSABLE_CONTENT"}
# A body may break a rule thousands of times.
MAX_FIELD_ERRORS = 50
INTERNAL_ERROR = HTTPException(500, "Internal server error")

logger = structlog.get_logger(__name__)


def documented(*status_codes: int) -> dict[int | str, dict[str, Any]]:
    """What `responses=` of a route takes, for errors with these statuses."""
    return {
        code: {
            "model": ErrorResponse,
            "description": _status_name(code).replace("_", " ").capitalize(),
        }
        for code in status_codes
    }


async def app_exception_handler(request: Request, error: AppException) -> JSONResponse:
    content = ErrorResponse(
        detail=error.detail,
        error_code=error.error_code,
        request_id=request.state.request_id,
        errors=[
            FieldError(loc=[error.location, field], msg=error.detail, type=error.error_code.lower())
            for field in error.fields
        ],
    )
    return JSONResponse(content.model_dump(), error.status_code, error.headers)


async def validation_handler(request: Request, error: RequestValidationError) -> JSONResponse:
    content = ErrorResponse(
        detail=ValidationError.default_detail,
        error_code=ValidationError.error_code,
        request_id=request.state.request_id,
        errors=[
            FieldError.from_pydantic(item) for item in islice(error.errors(), MAX_FIELD_ERRORS)
        ],
    )
    return JSONResponse(content.model_dump(), ValidationError.status_code)


async def http_exception_handler(request: Request, error: HTTPException) -> JSONResponse:
    content = ErrorResponse(
        detail=str(error.detail),
        error_code=_status_name(error.status_code),
        request_id=request.state.request_id,
    )
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and (
        allowed := _allowed_methods(request)
    ):
        headers["Allow"] = ", ".join(sorted(allowed))
    return JSONResponse(content.model_dump(), error.status_code, headers)


async def unreachable_handler(request: Request, error: Exception) -> JSONResponse:
    # Without a traceback: there may be as many of them as there are requests.
    logger.error("dependency_unreachable", error=repr(error))
    return await app_exception_handler(request, ServiceUnavailableError())


async def database_error_handler(request: Request, error: DBAPIError) -> JSONResponse:
    if is_outage(error):
        return await unreachable_handler(request, error)
    told = diagnosis(error)
    if request.app.state.settings.environment is Environment.DEVELOPMENT:
        # Only here: it may repeat a value. What follows the first line repeats the whole row.
        told["message"] = str(error.driver_exception).partition("\n")[0]
    logger.error(
        "database_error",
        error=repr(type(error.orig)),
        **told,
        statement=error.statement,
        exception="".join(format_list(_own_frames(error))),
    )
    return await http_exception_handler(request, INTERNAL_ERROR)


async def unhandled_exception_handler(request: Request, error: Exception) -> JSONResponse:
    logger.error("unhandled_error", exc_info=error)
    return await http_exception_handler(request, INTERNAL_ERROR)


def install_error_handlers(app: FastAPI) -> None:
    app.exception_handler(AppException)(app_exception_handler)
    app.exception_handler(RequestValidationError)(validation_handler)
    app.exception_handler(HTTPException)(http_exception_handler)
    app.exception_handler(DBAPIError)(database_error_handler)
    for unreachable in UNREACHABLE:
        app.exception_handler(unreachable)(unreachable_handler)


def _status_name(status_code: int) -> str:
    return STATUS_NAMES.get(status_code) or HTTPStatus(status_code).name


def _own_frames(error: Exception) -> list[FrameSummary]:
    return [frame for frame in extract_tb(error.__traceback__) if frame.filename.startswith(APP)]


def _allowed_methods(request: Request) -> set[str]:
    """All methods of a path; the router knows only those of the first route that matches."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return {
        method
        for context in iter_route_contexts(request.app.routes)
        if context.path and compile_path(context.path)[0].match(path)
        for method in context.methods or ()
    }
