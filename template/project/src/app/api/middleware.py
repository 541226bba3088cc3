"""Plain ASGI middleware: faster than `BaseHTTPMiddleware`, and runs in the request's own task."""

import asyncio
import re
from secrets import token_hex
from time import perf_counter

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from app.api.errors import error_response
from app.core.exceptions import AppException, ServiceUnavailableError

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
RESPONSE_STARTS = {"http.response.start", "websocket.http.response.start"}
PLAIN_TEXT = (b"content-type", b"text/plain; charset=utf-8")
# An endpoint may send other values.
SECURITY_HEADERS = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
}
HSTS = {b"strict-transport-security": b"max-age=31536000; includeSubDomains"}
# Starlette decodes a form with any codec of Python that the client names. Some produce text that
# cannot be encoded again, others are very slow.
FORM_NOT_IN_UTF8 = re.compile(rb'multipart/.*charset(?!="?utf-8\b)', re.IGNORECASE | re.DOTALL)
# A body that arrives faster than this may take longer than the time limit.
MIN_BYTES_PER_SECOND = 64 * 1024
LONGEST_PATH = 4096

logger = structlog.get_logger(__name__)
access_logger = structlog.get_logger("app.access")


class RequestContextMiddleware:
    """Gives each request and each WebSocket an id, adds the security headers, and logs it."""

    def __init__(self, app: ASGIApp, *, hsts: bool) -> None:
        self.app = app
        self._headers = SECURITY_HEADERS | (HSTS if hsts else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        offered = dict(scope["headers"]).get(b"x-request-id", b"")
        request_id = offered.decode() if REQUEST_ID.fullmatch(offered) else token_hex(16)
        scope.setdefault("state", {})["request_id"] = request_id
        # uvicorn starts pipelined requests in the context of the one before.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        defaults = {**self._headers, b"x-request-id": request_id.encode()}
        status = 0
        plain: Message | None = None
        started = perf_counter()

        async def send_with_headers(message: Message) -> None:
            nonlocal status, plain
            if message["type"] in RESPONSE_STARTS:
                status = message["status"]
                given = {name for name, _ in message["headers"]}
                missing = [header for header in defaults.items() if header[0] not in given]
                message["headers"] = [*message["headers"], *missing]
                # Starlette's own middleware refuses preflights and large bodies in plain text.
                refusals = {413} if "endpoint" in scope else {400, 413}
                if status in refusals and PLAIN_TEXT in message["headers"]:
                    plain = message
                    return
            elif message["type"] == "websocket.accept":
                status = 101
            elif plain:
                headers = MutableHeaders(raw=plain["headers"])
                del headers["Content-Type"], headers["Content-Length"]
                error = HTTPException(status, message["body"].decode(), headers)
                plain = None
                # A function that refers to itself is a reference cycle, here one for each request.
                await error_response(HTTPConnection(scope), error)(scope, receive, send)
                return
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            access_logger.info(
                "request",
                method=scope.get("method", "WEBSOCKET"),
                path=scope["path"],
                status=status,
                duration_ms=round((perf_counter() - started) * 1000, 1),
                client=scope["client"][0] if scope.get("client") else None,
            )


class LimitsMiddleware:
    """Ends requests that take too long, and answers unhandled errors."""

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        self.app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif error := refused(scope):
            await error_response(HTTPConnection(scope), error)(scope, receive, send)
        elif scope["type"] == "http":
            await self._serve_request(scope, receive, send)
        else:
            await self._serve_socket(WebSocket(scope, receive, send))

    async def _serve_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = body_is_late = False

        async def receive_in_time() -> Message:
            nonlocal body_is_late
            try:
                message = await receive()
            except asyncio.CancelledError:
                body_is_late = limit.expired()
                raise
            if (end := limit.when()) and not limit.expired():
                limit.reschedule(end + len(message.get("body", b"")) / MIN_BYTES_PER_SECOND)
            return message

        async def send_without_limit(message: Message) -> None:
            nonlocal begun
            # A handler may catch the cancellation and respond anyway.
            if not begun and not limit.expired():
                limit.reschedule(None)
            begun = True
            await send(message)

        try:
            async with asyncio.timeout(self._seconds) as limit:
                scope["state"]["time_limit"] = limit
                await self.app(scope, receive_in_time, send_without_limit)
        except Exception:
            if begun:
                raise
            error: AppException | HTTPException = HTTPException(500)
            if body_is_late:
                error = HTTPException(408, "The body came too slowly", {"Connection": "close"})
            elif limit.expired():
                logger.exception("request_timed_out", seconds=self._seconds)
                error = ServiceUnavailableError()
            else:
                logger.exception("unhandled_error")
            await error_response(HTTPConnection(scope), error)(scope, receive, send)

    async def _serve_socket(self, socket: WebSocket) -> None:
        """Answer a refused handshake with an error; close a socket that fails later."""

        async def send_or_close(message: Message) -> None:
            if socket.application_state is WebSocketState.DISCONNECTED:
                return
            accepted = socket.application_state is WebSocketState.CONNECTED
            if message["type"] == "websocket.http.response.start" and accepted:
                await socket.close(1011 if message["status"] >= 500 else 1008)  # noqa: PLR2004
            elif message["type"] == "websocket.close" and not accepted:
                await answer(HTTPException(403 if "endpoint" in socket.scope else 404))
            else:
                await socket.send(message)

        async def answer(error: HTTPException) -> None:
            await error_response(socket, error)(socket.scope, socket.receive, send_or_close)

        try:
            await self.app(socket.scope, socket.receive, send_or_close)
        except WebSocketDisconnect:
            # Endpoints need not catch it.
            pass
        except Exception:
            logger.exception("unhandled_error")
            await answer(HTTPException(500))


def refused(scope: Scope) -> HTTPException | None:
    # Starlette's routes match a trailing line break, and its `:int` fails on more than 4300 digits.
    if "\n" in scope["path"] or len(scope["path"]) > LONGEST_PATH:
        return HTTPException(404)
    for name, value in scope["headers"]:
        if name == b"content-type" and FORM_NOT_IN_UTF8.search(value):
            return HTTPException(400, "Forms must be in UTF-8")
    return None
