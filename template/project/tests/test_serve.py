import os
import runpy
import sys
from typing import Any

import pytest

from app import serve


@pytest.mark.parametrize("given", ["", "3"])
def test_gunicorn_is_told_how_many_workers(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    def start(module: str, **_: Any) -> None:
        assert module == "gunicorn"
        assert sys.argv[1:] == ["-c", "gunicorn.conf.py"]

    monkeypatch.setattr(runpy, "run_module", start)
    monkeypatch.setattr(sys, "argv", ["app.serve"])
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    monkeypatch.setenv("WEB_CONCURRENCY", given)
    serve.main()

    assert os.environ["WEB_CONCURRENCY"] == (given or "7")


@pytest.mark.parametrize("given", ["0", "-1", "two", "1.5"])
def test_there_must_be_a_worker(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", given)
    with pytest.raises(SystemExit, match="WEB_CONCURRENCY must be a whole number"):
        serve.main()
