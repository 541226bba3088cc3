"""How gunicorn serves the app."""

import asyncio
import os
from typing import Any

from gunicorn.glogging import Logger
from uvicorn_worker import UvicornWorker

from app.config import Settings
from app.core.logging import configure_logging
from app.migrate import upgrade


class Logs(Logger):
    """Gunicorn's own lines, in the format of all others."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401
        super().setup(cfg)
        configure_logging(Settings())
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Worker(UvicornWorker):
    CONFIG_KWARGS = {**UvicornWorker.CONFIG_KWARGS, "server_header": False}  # noqa: RUF012


wsgi_app = "app.main:app"
bind = os.environ.get("BIND", "0.0.0.0:8000")
worker_class = Worker
logger_class = Logs
workers = int(os.environ.get("WEB_CONCURRENCY", os.cpu_count() or 1))

# A worker that does not report for `timeout` is killed; one that must stop gets
# `graceful_timeout` to finish its requests.
timeout = 60
graceful_timeout = 25
keepalive = 5

# Workers are replaced now and then, not all at once, so that a slow leak never matters.
max_requests = 10_000
max_requests_jitter = 1_000

# Whose X-Forwarded-For is believed: the proxy's addresses, separated by commas.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "")

# Nothing here talks to a running gunicorn, and a container's home cannot be written.
control_socket_disable = True

# The app writes a line for each request.
accesslog = None


def on_starting(_server: Any) -> None:  # noqa: ANN401
    """Migrate once, before there are workers that would race for it."""
    settings = Settings()
    if settings.migrate_on_start:
        asyncio.run(upgrade(settings))
        os.environ["MIGRATE_ON_START"] = "false"
