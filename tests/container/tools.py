"""The system's tools that these tests need, and where their files are kept between runs."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Never

import pytest

REQUIRED = "FASTGEN_REQUIRE_CONTAINER"


def give_up(reason: str) -> Never:
    """Skip the test, or fail it where the environment says that nothing may be skipped."""
    if os.environ.get(REQUIRED):
        pytest.fail(f"{reason} ({REQUIRED} is set, so this is a failure.)", pytrace=False)
    pytest.skip(reason)


def need_tools(*names: str) -> None:
    """Give up unless all these commands are on PATH and this is root on Linux."""
    if sys.platform != "linux" or os.geteuid() != 0:
        give_up("Containers are built and run by root on Linux.")
    if missing := [name for name in names if not shutil.which(name)]:
        give_up(f"Not on PATH: {', '.join(missing)}; see .ci/install-container-tools.")


def run(*command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """Run a command and return what it printed; its own words are in the error."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        words = " ".join(map(str, command))
        raise RuntimeError(f"{words}\nexited with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def cache_folder() -> Path:
    """Return the folder that outlives a run: what is in it takes a minute to make."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "fastgen-tests" / "container"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def only_one_process(folder: Path) -> Iterator[None]:
    """Hold a lock on a folder, for parallel workers and parallel runs."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
