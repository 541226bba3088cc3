"""Configuration of gunicorn."""

import os
import signal
import socket
import sys
from types import FrameType
from typing import Any

from alembic.util import CommandError
from gunicorn.glogging import Logger
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn_worker import UvicornWorker

from app.config import load_settings
from app.core.logging import configure_logging
from app.migrate import upgrade

MAX_HEAD_BYTES = 64 * 1024
# The address given to peers on a Unix socket, which have none.
UNIX_PEER = "unix"


class Logs(Logger):
    """Writes gunicorn's own log lines in the format of the app."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401
        super().setup(cfg)
        configure_logging(load_settings())
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Protocol(HttpToolsProtocol):
    """Refuses endless headers and trailers, which the parser would collect without a limit."""

    _collected = 0

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401
        super().connection_made(transport)
        self.client = self.client or (UNIX_PEER, 0)

    def data_received(self, data: bytes) -> None:
        self._collected += len(data)
        super().data_received(data)
        if self._collected > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The headers are too large.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._collected = 0

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._collected = 0
        # The parser adds trailers to this list; they must not become headers of the request.
        self.headers = self.headers.copy()
        if self.cycle and self.parser.should_upgrade():
            # The parser stops before the body, which must not be read as the next request.
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._collected = 0

    def handle_websocket_upgrade(self) -> None:
        super().handle_websocket_upgrade()
        websocket: Any = self.transport.get_protocol()
        if not websocket.handshake_initiated:
            # Its parser refuses more than this one does, and leaves the connection open.
            self.send_400_response("The WebSocket handshake is not valid.")
        elif not websocket.handshake_complete:
            websocket.scope["client"] = self.client


class Worker(UvicornWorker):
    CONFIG_KWARGS = {  # noqa: RUF012
        **UvicornWorker.CONFIG_KWARGS,
        "http": Protocol,
        "ws_max_size": load_settings().max_body_bytes,
        # Proxies whose X-Forwarded-For is believed. Only a proxy is given access to a Unix socket.
        "forwarded_allow_ips": f"{load_settings().forwarded_allow_ips},{UNIX_PEER}",
        "root_path": load_settings().root_path,
        "server_header": False,
        "timeout_graceful_shutdown": 22,
        "timeout_notify": 1,
    }

    async def callback_notify(self) -> None:
        await super().callback_notify()
        if os.getppid() != self.ppid:
            # A killed master does not stop its workers, which would keep the port.
            self.log.warning("Gunicorn has gone: stopping")
            signal.raise_signal(signal.SIGTERM)

    def handle_exit(self, _signal: int, _frame: FrameType | None) -> None:
        # Gunicorn passes on SIGINT and SIGQUIT, for which uvicorn does not stop.
        signal.raise_signal(signal.SIGTERM)


wsgi_app = "app.main:app"
bind = os.environ.get("BIND") or f"0.0.0.0:{os.environ.get('PORT') or 8000}"
worker_class = Worker
logger_class = Logs
workers = int(os.environ.get("WEB_CONCURRENCY") or os.cpu_count() or 1)
if workers < 1:
    sys.exit("WEB_CONCURRENCY must be at least 1.")

# A worker that does not report for `timeout` seconds is killed. One that stops finishes its requests,
# cancels those that take longer than `timeout_graceful_shutdown`, and is killed after
# `graceful_timeout`. There is no `max_requests`: a worker that ends loses requests that are just arriving.
timeout = 60
graceful_timeout = 25
keepalive = 5

# Not used; it would be created in the home folder, which is read-only in containers.
control_socket_disable = True

# The app writes a line for each request.
accesslog = None


def when_ready(server: Any) -> None:  # noqa: ANN401
    """Let the system close connections whose clients have stopped reading their responses."""
    milliseconds = round(load_settings().request_timeout_seconds * 1000)
    for listener in server.LISTENERS:
        if sys.platform == "linux" and listener.sock.family != socket.AF_UNIX:
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)


def on_starting(server: Any) -> None:  # noqa: ANN401
    """Migrate once, before the workers start."""
    settings = load_settings()
    if server.cfg.workers > 1 and not settings.redis_url:
        server.log.warning("Without REDIS_URL each process counts log-ins and requests separately")
    if settings.migrate_on_start:
        try:
            upgrade(settings)
        except CommandError as error:
            sys.exit(str(error))
        os.environ["MIGRATE_ON_START"] = "false"
