import logging
import sys
from contextlib import suppress

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.config import Environment, Settings


class LineLogger:
    """Writes lines as they are; the standard library's loggers make a record of each first."""

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, line: str) -> None:
        # No request fails because its log cannot be written.
        with suppress(OSError, ValueError):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()

    debug = info = warning = error = critical = write


def configure_logging(settings: Settings) -> None:
    """Send all logs of the process to stdout: JSON lines in production, colours elsewhere."""
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderers = _renderers(settings.environment)
    structlog.configure(
        processors=[*common, *renderers],
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        logger_factory=LineLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*common, structlog.stdlib.ExtraAdder(), _drop_color_message],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    # What libraries say when they are debugged has parameters and rows in it.
    root.setLevel(max(settings.log_level, "INFO", key=logging.getLevelNamesMapping().__getitem__))
    logging.captureWarnings(capture=True)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # The request context middleware writes a line of its own for each request.
    logging.getLogger("uvicorn.access").disabled = True


def _drop_color_message(
    _logger: WrappedLogger, _method: str, event: EventDict
) -> EventDict:
    # Uvicorn sends each of its messages a second time, coloured.
    event.pop("color_message", None)
    return event


def _renderers(environment: Environment) -> list[Processor]:
    if environment is Environment.PRODUCTION:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    ]
