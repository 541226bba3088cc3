"""Plain ASGI middleware: no copy of the request, no task of its own."""

import asyncio
import re
from http import HTTPStatus
from secrets import token_hex
from time import perf_counter

import structlog
from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import (
    app_exception_handler,
    http_exception_handler,
    unhandled_exception_handler,
)
from app.core.exceptions import ServiceUnavailableError

ACCEPTED_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# What an endpoint may say of its own answer: pages need another policy than JSON.
DEFAULTS = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
}

logger = structlog.get_logger("app.access")


class Refusal(Response):
    """An error in the one shape, for what stands outside of the app's own handlers."""

    def __init__(self, error: HTTPException) -> None:
        super().__init__(status_code=error.status_code)
        self._error = error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await http_exception_handler(Request(scope), self._error)
        await response(scope, receive, send)


class RequestContextMiddleware:
    """Gives each request an id, in the logs and in the answer; adds the security headers."""

    def __init__(self, app: ASGIApp, *, hsts: bool) -> None:
        self.app = app
        self._headers = {
            b"x-content-type-options": b"nosniff",
            b"x-frame-options": b"DENY",
            b"referrer-policy": b"no-referrer",
        }
        if hsts:
            self._headers[b"strict-transport-security"] = b"max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0
        started = perf_counter()

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(message, request_id)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, send_with_headers)
            finally:
                logger.info(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    duration_ms=round((perf_counter() - started) * 1000, 1),
                    client=scope["client"][0] if scope.get("client") else None,
                )

    def _add_headers(self, message: Message, request_id: str) -> None:
        ours = {**self._headers, b"x-request-id": request_id.encode()}
        kept = [header for header in message["headers"] if header[0] not in ours]
        given = {name for name, _ in kept}
        defaults = [header for header in DEFAULTS.items() if header[0] not in given]
        message["headers"] = [*kept, *defaults, *ours.items()]


class UnhandledErrorMiddleware:
    """Answers for errors that nobody handled.

    Starlette's own handler for them stands outside of all middleware: its answers would have no
    request id, no security headers and none for other origins.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_and_remember(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_remember)
        except Exception as error:
            if begun:
                raise
            response = await unhandled_exception_handler(Request(scope), error)
            await response(scope, receive, send)


class TimeLimitMiddleware:
    """Answers 503 when an answer has not begun in time, or 408 when the body is what it waits for.

    Single waits are limited as well, but they add up: for a connection, then for each statement.
    """

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        self.app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = body_is_late = False

        async def receive_in_time() -> Message:
            nonlocal body_is_late
            try:
                return await receive()
            except asyncio.CancelledError:
                body_is_late = limit.expired()
                raise

        async def send_without_limit(message: Message) -> None:
            nonlocal begun
            # What the limit ended may have caught that, and answer nevertheless.
            if not begun and not limit.expired():
                limit.reschedule(None)
            begun = True
            await send(message)

        try:
            async with asyncio.timeout(self._seconds) as limit:
                await self.app(scope, receive_in_time, send_without_limit)
        except TimeoutError:
            if begun or not limit.expired():
                raise
            if body_is_late:
                late = HTTPException(408, "The body came too slowly", {"Connection": "close"})
                await Refusal(late)(scope, receive, send)
                return
            logger.exception("request_timed_out", seconds=self._seconds)
            response = await app_exception_handler(Request(scope), ServiceUnavailableError())
            await response(scope, receive, send)


class GuardMiddleware:
    """Refuses what no endpoint is to see, and bodies over a size.

    Their length is announced, or counted while they are read.
    """

    def __init__(self, app: ASGIApp, *, max_body_bytes: int) -> None:
        self.app = app
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if error := self._refused(scope):
            await Refusal(error)(scope, receive, send)
            return
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_body_bytes:
                raise self._too_large()
            return message

        await self.app(scope, receive_limited, send)

    def _refused(self, scope: Scope) -> HTTPException | None:
        # The `$` that ends Starlette's patterns lets a line break follow.
        if "\n" in scope["path"]:
            return HTTPException(404)
        headers = Headers(scope=scope)
        announced = headers.get("Content-Length", "0")
        if announced.isdecimal() and int(announced) > self._max_body_bytes:
            return self._too_large()
        if _has_foreign_charset(headers.get("Content-Type", "")):
            return HTTPException(400, "Forms must be in UTF-8")
        return None

    def _too_large(self) -> HTTPException:
        return HTTPException(413, f"The body may have {self._max_body_bytes} bytes at most")


class CrossOriginMiddleware(CORSMiddleware):
    """Refuses preflights in the one shape of errors."""

    def preflight_response(self, request_headers: Headers) -> Response:
        response = super().preflight_response(request_headers)
        if response.status_code < HTTPStatus.BAD_REQUEST:
            return response
        reason = bytes(response.body).decode()
        return Refusal(
            HTTPException(response.status_code, reason, {"Vary": response.headers["Vary"]})
        )


def _request_id(scope: Scope) -> str:
    offered = Headers(scope=scope).get("X-Request-ID", "")
    return offered if ACCEPTED_REQUEST_ID.fullmatch(offered) else token_hex(16)


def _has_foreign_charset(content_type: str) -> bool:
    """Forms may name any codec of Python's, by which Starlette reads them.

    Some make text that nothing can encode, others take half a minute for a megabyte.
    """
    if "multipart" not in content_type.lower():
        return False
    kind, options = parse_options_header(content_type)
    charset = options.get(b"charset", b"utf-8")
    return kind == b"multipart/form-data" and charset.lower() != b"utf-8"
