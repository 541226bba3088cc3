import logging
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.config import Environment, Settings


def configure_logging(settings: Settings) -> None:
    """Send all logs of the process to stdout: JSON lines in production, colours elsewhere."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        _drop_color_message,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_renderers(settings.environment),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
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
