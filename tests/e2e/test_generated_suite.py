"""A project's own tests on a bad day: another shell, another clock, somebody else's failure."""

import shutil
from pathlib import Path

import pytest

from generated import variants
from generated.projects import Done, Project, Workshop
from generated.service import SHELL
from support import ROOT

pytestmark = pytest.mark.slow

FAILS = """
from conftest import make_settings, serve


async def test_fails(running_app, settings):
    async with serve(running_app, settings.model_copy(update={"redis_url": "redis://127.0.0.1:1"})):
        raise AssertionError
"""
# Each look at the clock is 20 seconds after the one before.
CLOCK = """
from itertools import count
from types import SimpleNamespace

from limits.aio.storage import memory

seconds = count(1e9, 20)
memory.time = SimpleNamespace(time=lambda: next(seconds))
"""
# The thread of a connection that could not be opened takes its time to end.
THREAD = """
from time import sleep

from aiosqlite.core import Connection

stop = Connection.stop


def stop_late(self):
    self._tx.put_nowait((None, lambda: sleep(0.2)))
    return stop(self)


Connection.stop = stop_late


def pytest_runtest_setup():
    sleep(0.5)
"""


@pytest.fixture
def suite(workshop: Workshop, tmp_path: Path) -> Project:
    """A copy of a project's tests, to be changed; the app is the project's."""
    made = workshop.project("served-sqlite", variants.default())
    for name in ("pyproject.toml", "gunicorn.conf.py"):
        shutil.copy(made.path / name, tmp_path)
    shutil.copytree(made.path / "tests", tmp_path / "tests")
    return Project(tmp_path, made.user, installed=made.path)


def run(suite: Project, *tests: str, plugin: str = "") -> Done:
    (suite.path / "bad_day.py").write_text(plugin)
    paths = [f"tests/{name}" for name in tests]
    env = SHELL | {"PYTHONPATH": str(suite.path)}
    return suite.pytest("-p", "bad_day", "-q", *paths, env=env)


def test_one_failing_test_fails_no_other(suite: Project) -> None:
    (suite.path / "tests" / "test_a_failure.py").write_text(FAILS)
    done = run(suite, "test_a_failure.py", "test_auth.py", "test_health.py")
    assert "\n1 failed, " in done.out, done.out
    assert "error" not in done.out.splitlines()[-1]


def test_rate_limits_are_tested_across_the_end_of_a_minute(suite: Project) -> None:
    run(suite, "test_auth.py", "test_dependencies.py", "test_users.py", plugin=CLOCK).must_succeed()


def test_a_thread_that_ends_late_disturbs_nobody(suite: Project) -> None:
    unreachable = "test_migrations.py::test_says_how_to_get_a_database_when_none_answers"
    after = "test_password_policy.py::test_knows_the_common_passwords"
    run(suite, unreachable, after, plugin=THREAD).must_succeed()


def test_no_test_measures_how_fast_the_machine_is() -> None:
    tests = (ROOT / "template").rglob("test*.py*")
    timers = ("monotonic", "perf_counter", "process_time")
    assert [file.name for file in tests if any(map(file.read_text().count, timers))] == []
