"""What many tests need: a user, and a fastgen with a template of ten lines."""

import functools
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import durations
import living
import memory
import preloaded
import support
from generated import forks
from generated.projects import Workshop

# A machine may be busy with other work. Each run has other examples, and the one at night many.
for profile, examples in {"quick": 25, "thorough": 300}.items():
    settings.register_profile(
        profile,
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile("quick")

# What a test without the mark `slow` may take where that is checked: a second and a margin, in
# units that take longer where a machine is slow or busy, as the test does.
MOST_UNITS = 30
# A test that takes less is quick, however fast the machine is.
LEAST_SECONDS = 0.5
UNIT = (
    "import asyncio, email.message, http.client, json, logging, unittest"  # a twentieth of a second
)

# Folders of tests that make and delete thousands of files, and no environment.
INSTALL_NOTHING = {"commands", "project"}
OTHERS = {
    "others_slow": (pytest.mark.slow,),
    "others_nightly": (pytest.mark.slow, pytest.mark.nightly),
}

# Each test starts Python many times, and without bytecode each start compiles what it imports, as
# each process of pytest does with the tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

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
    told = "write what is generated now to tests/slices/golden, and screenshots to docs"
    parser.addoption("--accept", action="store_true", help=told)


def pytest_configure(config: pytest.Config) -> None:
    """Keep what quick tests write in memory: they make and delete thousands of files a second.

    Slow ones install projects, to which packages are linked from uv's cache on the disk.
    """
    chosen = {config.getoption("basetemp"), os.environ.get("TMPDIR")} != {None}
    if config.getoption("markexpr") == "not slow" and not chosen and (folder := memory.folder()):
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give the marks of a test's other parameters than those that are enough by day."""
    for name, others in OTHERS.items():
        for mark in item.iter_markers(name):
            if isinstance(item, pytest.Function) and not _is_enough(item, mark.args):
                for other in others:
                    item.add_marker(other)


def _is_enough(item: pytest.Function, named: tuple[str, ...]) -> bool:
    """Tell whether a test has a parameter that was named, or else the first."""
    return item.callspec.id in named if named else not any(item.callspec.indices.values())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the files of a shard: neighbours are alike, and what is in a file shares fixtures.

    Several processes begin with what takes longest.
    """
    number, shards = map(int, config.getoption("--shard").split("/"))
    seconds = durations.kept()
    files = {durations.path_of(item) for item in items}
    kept = durations.dealt(files, seconds, shards)[number - 1]
    config.hook.pytest_deselected(
        items=[item for item in items if durations.path_of(item) not in kept]
    )
    items[:] = [item for item in items if durations.path_of(item) in kept]
    if hasattr(config, "workerinput"):
        items[:] = durations.longest_first(items, seconds)


@dataclass
class Shared:
    """The processor time of fixtures that others than the present test use too."""

    seconds: float = 0
    depth: int = 0


SHARED = Shared()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object],
) -> Generator[None, object, object]:
    """Measure what is made once for many tests; the first of them is not slow for it."""
    if fixturedef.scope == "function":
        return (yield)
    before = _processor_seconds()
    SHARED.depth += 1
    try:
        return (yield)
    finally:
        SHARED.depth -= 1
        if SHARED.depth == 0:  # else another one's time contains it
            SHARED.seconds += _processor_seconds() - before


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
    """Fail a test that is not quick and does not say so, if that is wanted."""
    before = _processor_seconds() - SHARED.seconds
    yield
    used = _processor_seconds() - SHARED.seconds - before
    refused = item.config.getoption("--refuse-slow") and not item.get_closest_marker("slow")
    if not refused or used < LEAST_SECONDS:
        return
    most = MOST_UNITS * _unit_seconds()
    if used > most:
        told = f"{item.nodeid} takes {used:.1f} s of the processor, more than {most:.1f}"
        pytest.fail(f"{told}: mark it slow", pytrace=False)


def _unit_seconds() -> float:
    """Return what a unit of work takes here and now."""
    times = 5
    before = _processor_seconds()
    for _ in range(times):
        subprocess.run([sys.executable, "-c", UNIT], check=True)
    return (_processor_seconds() - before) / times


def _processor_seconds() -> float:
    """Return what this process, those that it has waited for, and runs of fastgen have used."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return preloaded.processor_seconds() + sum(one.ru_utime + one.ru_stime for one in usages)


@pytest.fixture(autouse=True, scope="session")
def _own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whoever runs the tests has a state folder, which is not for them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def preloaded_fastgen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What `Cli.run` uses where it can."""
    folder = tmp_path_factory.mktemp("preloaded")
    with preloaded.started(support.Cli(folder, folder / "home").env):
        yield


@pytest.fixture(scope="session")
def workshop(
    tmp_path_factory: pytest.TempPathFactory,
    preloaded_fastgen: None,  # noqa: ARG001 - for `Cli.run`
) -> Iterator[Workshop]:
    """Where generated projects are made and installed, each once."""
    with forks.ended():
        yield Workshop.of(tmp_path_factory)


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """In memory also for slow tests that install nothing."""
    place = memory.folder() if request.path.parent.name in INSTALL_NOTHING else None
    if place is None or tmp_path.is_relative_to(place):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=place) as folder:
        yield Path(folder)


@pytest.fixture
def cli(tmp_path: Path, preloaded_fastgen: None) -> support.Cli:  # noqa: ARG001 - for `Cli.run`
    """A user in an empty folder, with fastgen as it is in this repository."""
    work = tmp_path / "work"
    work.mkdir()
    return support.Cli(work, tmp_path / "home")


@pytest.fixture(scope="session")
def tiny_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a fastgen whose template is ten lines long."""
    folder = tmp_path_factory.mktemp("tiny")
    env = support.install(folder)
    with preloaded.started(support.Cli(folder, folder / "home", env).env):
        yield env


@pytest.fixture
def tiny(cli: support.Cli, tiny_installation: dict[str, str]) -> support.Cli:
    """A user with the tiny template."""
    cli.env.update(tiny_installation)
    return cli


@pytest.fixture
def retemplate(tiny_installation: dict[str, str]) -> Iterator[Callable[..., None]]:
    """Put another template in the place of the tiny one, as `support.put_template` takes it."""
    folder = Path(tiny_installation["PYTHONPATH"])
    yield functools.partial(support.put_template, folder)
    support.put_template(folder)


@pytest.fixture(scope="session")
def fresh_project(
    tmp_path_factory: pytest.TempPathFactory,
    preloaded_fastgen: None,  # noqa: ARG001 - for `Cli.run`
) -> Path:
    """A project as `fastgen new` makes it, to copy."""
    folder = tmp_path_factory.mktemp("fresh")
    user = support.Cli(folder, folder / "home")
    root = living.make(user, folder / "shop")
    # A fourth of the files to copy: hundreds of tests do.
    user.git("gc", "--quiet", cwd=root)
    for sample in (root / ".git/hooks").glob("*.sample"):
        sample.unlink()
    return root


@pytest.fixture
def project(cli: support.Cli, fresh_project: Path) -> living.Living:
    """A person in a new project of theirs."""
    return living.settle(cli, fresh_project)


@pytest.fixture(scope="session")
def fresh_item(tmp_path_factory: pytest.TempPathFactory, fresh_project: Path) -> Path:
    """A fresh project to which `living.ITEM` was added, not committed, to copy."""
    folder = tmp_path_factory.mktemp("item")
    project = living.settle(support.Cli(folder, folder / "home"), fresh_project)
    project.must(*living.ITEM)
    return project.root


@pytest.fixture
def with_item(cli: support.Cli, fresh_item: Path) -> living.Living:
    """A person in a project of theirs to which `living.ITEM` was added."""
    return living.settle(cli, fresh_item)
