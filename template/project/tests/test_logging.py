import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from app.config import Settings
from app.core.logging import configure_logging


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configuration = structlog.get_config()
    yield
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    logging.getLogger("uvicorn.access").disabled = False
    structlog.configure(**configuration)


def test_production_writes_json_lines(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(settings.model_copy(update={"environment": "production"}))
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        structlog.get_logger("app.test").info("happened", answer=42)
        logging.getLogger("library").warning("an old-style %s", "message")
        structlog.get_logger("app.test").error("broke", exc_info=RuntimeError("the reason"))

    own, foreign, failure = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert own["event"] == "happened"
    assert own["answer"] == 42
    assert own["level"] == "info"
    assert foreign["event"] == "an old-style message"
    assert {line["request_id"] for line in (own, foreign, failure)} == {"abc"}
    assert all(line["timestamp"].endswith("Z") for line in (own, foreign, failure))
    assert "RuntimeError: the reason" in failure["exception"]


def test_development_writes_for_people(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(settings.model_copy(update={"environment": "development"}))
    structlog.get_logger("app.test").info("happened", answer=42)
    structlog.get_logger("app.test").debug("not at this level")
    request = {"method": "GET", "path": "/\x1b", "status": 200, "duration_ms": 1.5}
    structlog.get_logger("app.access").info("request", **request)

    own, access = capsys.readouterr().out.splitlines()
    assert "answer=42" in own
    assert access.endswith("GET /\\x1b 200 in 1.5 ms")


def test_uvicorn_does_not_log_the_query_of_a_websocket(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(settings)
    server = logging.getLogger("uvicorn.error")
    for path, message in {
        "uvicorn/protocols/websockets/websockets_sansio_impl.py": "/echo?token=private",
        "uvicorn/server.py": "Application startup complete.",
    }.items():
        server.handle(server.makeRecord(server.name, logging.INFO, path, 1, message, (), None))

    output = capsys.readouterr().out
    assert "private" not in output
    assert "startup complete" in output
