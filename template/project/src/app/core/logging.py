import logging
import sys
from contextlib import suppress
from json import JSONEncoder

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.config import Settings


class LineLogger:
    """Writes lines as they are, without creating a `LogRecord` for each."""

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, line: str) -> None:
        # A request must not fail because its log cannot be written.
        with suppress(OSError, ValueError):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()

    debug = info = warning = error = critical = write


def configure_logging(settings: Settings) -> None:
    """Send all logs of the process to stdout: JSON lines in production, colors elsewhere."""
    production = settings.environment == "production"
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso" if production else "%H:%M:%S", utc=production),
    ]
    if production:
        encode = JSONEncoder(default=repr).encode
        json = structlog.processors.JSONRenderer(lambda event, **_: encode(event))
        renderers: list[Processor] = [structlog.processors.format_exc_info, json]
    else:
        console = structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(),
            exception_formatter=structlog.dev.plain_traceback,
            pad_event_to=0,
            pad_level=False,
        )
        renderers = [_shorten_request, console]
    structlog.configure(
        processors=[*common, *renderers],
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        logger_factory=LineLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=common,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    # Debug messages of libraries contain parameters and rows.
    root.setLevel(max(settings.log_level, "INFO", key=logging.getLevelNamesMapping().__getitem__))
    logging.captureWarnings(capture=True)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # RequestContextMiddleware logs each request, without the query, and each WebSocket.
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: "websockets" not in record.pathname or bool(record.exc_info)
    )


def _shorten_request(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Show a request on one short line; its path may contain control characters."""
    if event["event"] != "request":
        return event
    path = event["path"].encode("unicode_escape").decode()
    line = f"{event['method']} {path} {event['status']} in {event['duration_ms']} ms"
    return {"timestamp": event["timestamp"], "level": event["level"], "event": line}
