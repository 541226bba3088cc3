"""How gunicorn serves the app."""

import asyncio
import os
import signal
import socket
import sys
from types import FrameType
from typing import Any

from gunicorn.glogging import Logger
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn_worker import UvicornWorker

from app.config import load_settings
from app.core.logging import configure_logging
from app.migrate import MigrationError, upgrade

MAX_HEAD_BYTES = 64 * 1024
# The name of peers that connect by a Unix socket, who have no address.
UNIX_PEER = "unix"


class Logs(Logger):
    """Gunicorn's own lines, in the format of all others."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401
        super().setup(cfg)
        configure_logging(load_settings())
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Protocol(HttpToolsProtocol):
    """Refuses endless headers and trailers, which the parser would go on to collect."""

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
        # The request keeps its own: trailers, which are added to these, must not become headers.
        self.headers = self.headers.copy()
        if self.cycle and self.parser.should_upgrade():
            # The parser takes the body for what follows the upgrade, and would read it as requests.
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._collected = 0


class Worker(UvicornWorker):
    CONFIG_KWARGS = {  # noqa: RUF012
        **UvicornWorker.CONFIG_KWARGS,
        "http": Protocol,
        # Until there is a WebSocket route: uvicorn refuses what none takes by itself, in plain text,
        # and logs the query, in which tokens are sent.
        "ws": "none",
        # Whose X-Forwarded-For is believed: the proxies of the settings, and the peer of a Unix
        # socket, since only a proxy on this machine is given access to it.
        "forwarded_allow_ips": f"{load_settings().forwarded_allow_ips},{UNIX_PEER}",
        "root_path": load_settings().root_path,
        "server_header": False,
        "timeout_graceful_shutdown": 22,
        "timeout_notify": 1,
    }

    async def callback_notify(self) -> None:
        await super().callback_notify()
        if os.getppid() != self.ppid:
            # A master that was killed does not stop its workers: they would keep its port, and
            # serve their old code for ever.
            self.log.warning("Gunicorn has gone: stopping")
            signal.raise_signal(signal.SIGTERM)

    def handle_exit(self, _signal: int, _frame: FrameType | None) -> None:
        # What gunicorn sends on when it gets SIGINT or SIGQUIT; uvicorn stops on others only.
        signal.raise_signal(signal.SIGTERM)


wsgi_app = "app.main:app"
bind = os.environ.get("BIND") or f"0.0.0.0:{os.environ.get('PORT') or 8000}"
worker_class = Worker
logger_class = Logs
workers = int(os.environ.get("WEB_CONCURRENCY") or os.cpu_count() or 1)
if workers < 1:
    sys.exit("WEB_CONCURRENCY must be at least 1: with no process nobody would be answered.")

# A worker that does not report for `timeout` is killed. One that must stop finishes its requests,
# which end by REQUEST_TIMEOUT_SECONDS; it cancels what goes on longer, and is killed after
# `graceful_timeout`. There is no `max_requests`: clients lose what they send while it ends.
timeout = 60
graceful_timeout = 25
keepalive = 5

# Nothing here talks to a running gunicorn, and a container's home cannot be written.
control_socket_disable = True

# The app writes a line for each request.
accesslog = None


def when_ready(server: Any) -> None:  # noqa: ANN401
    """Have the system end connections of clients who take nothing of their answers for too long."""
    milliseconds = round(load_settings().request_timeout_seconds * 1000)
    for listener in server.LISTENERS:
        if sys.platform == "linux" and listener.sock.family != socket.AF_UNIX:
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)


def on_starting(server: Any) -> None:  # noqa: ANN401
    """Migrate once, before there are workers that would race for it."""
    settings = load_settings()
    if server.cfg.workers > 1 and not settings.redis_url:
        server.log.warning("Without REDIS_URL each process counts log-ins and requests for itself")
    if settings.migrate_on_start:
        try:
            asyncio.run(upgrade(settings))
        except MigrationError as error:
            sys.exit(str(error))
        os.environ["MIGRATE_ON_START"] = "false"
