"""What many tests need: a user, and a fastgen with a template of ten lines."""

import os
import signal
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import living
import support

# A machine may be busy with other work.
settings.register_profile("any speed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any speed")

# What a test without the mark `slow` may take where that is checked. Two seconds are meant; other
# machines, and those that are busy, use several times as much for the same test.
MOST_PROCESSOR_SECONDS = 20

# Each test starts Python many times, and without bytecode each start compiles what it imports.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Tests that a shell started in the background, or with nohup, have these ignored, and all that they
# start inherits it; what is tested here is that they are heard.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
for number in (signal.SIGTERM, signal.SIGHUP):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "fail each test that takes too long for the tests that run by default"
    parser.addoption("--refuse-slow", action="store_true", help=told)
    told = "run one part of the tests: 2/4 is the second of four"
    parser.addoption("--shard", metavar="N/M", default="1/1", help=told)
    told = "write what is generated now to tests/slices/golden"
    parser.addoption("--accept", action="store_true", help=told)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deal the files to the shards: neighbours are alike, and what is in a file shares fixtures."""
    number, shards = map(int, config.getoption("--shard").split("/"))
    files = sorted({item.path for item in items})
    kept = set(files[number - 1 :: shards])
    config.hook.pytest_deselected(items=[item for item in items if item.path not in kept])
    items[:] = [item for item in items if item.path in kept]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    with _must_be_quick(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    with _must_be_quick(item):
        return (yield)


@contextmanager
def _must_be_quick(item: pytest.Item) -> Iterator[None]:
    """Fail a test that is not quick, if only quick ones are wanted."""
    before = _processor_seconds()
    yield
    used = _processor_seconds() - before
    if item.config.getoption("--refuse-slow") and used > MOST_PROCESSOR_SECONDS:
        pytest.fail(
            f"{item.nodeid} takes {used:.1f} s of the processor: mark it slow", pytrace=False
        )


def _processor_seconds() -> float:
    """Return what this process and those that it has waited for have used."""
    return sum(os.times()[:4])


@pytest.fixture(autouse=True, scope="session")
def _own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whoever runs the tests has a state folder, which is not for them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture
def cli(tmp_path: Path) -> support.Cli:
    """A user in an empty folder, with fastgen as it is in this repository."""
    work = tmp_path / "work"
    work.mkdir()
    return support.Cli(work, tmp_path / "home")


@pytest.fixture(scope="session")
def tiny_installation(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a fastgen whose template is ten lines long."""
    return support.install(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def tiny(cli: support.Cli, tiny_installation: dict[str, str]) -> support.Cli:
    """A user with the tiny template."""
    cli.env.update(tiny_installation)
    return cli


@pytest.fixture(scope="session")
def fresh_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as `fastgen new` makes it, to copy."""
    folder = tmp_path_factory.mktemp("fresh")
    return living.make(support.Cli(folder, folder / "home"), folder / "shop")


@pytest.fixture
def project(cli: support.Cli, fresh_project: Path) -> living.Living:
    """A person in a new project of theirs."""
    return living.settle(cli, fresh_project)
