"""Runs fastgen in forks of a process that has imported it: imports are most of what a run takes.

Each fork is a process as `python -m fastgen` starts one, with the same arguments, folder,
environment, output and exit code. Tests of signals, terminals or closed streams start their own.
"""

import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from preloaded import client

CLIENT = Path(client.__file__)
SERVER = Path(__file__).with_name("server.py")
LONGEST_START_SECONDS = 60

# What an interpreter reads once, when it starts, and the modules that it has executed.
Start = tuple[frozenset[tuple[str, str]], tuple[Path, ...]]


class Preloaded:
    """A process that has imported fastgen, and waits to be forked."""

    def __init__(self, folder: Path) -> None:
        """Use `folder` for its socket."""
        self.socket = folder / "socket"
        self._used = folder / "used"

    def run(self, *arguments: str, cwd: Path, env: Mapping[str, str]) -> tuple[int, bytes, bytes]:
        """Run fastgen to its end, without a terminal; return its exit code and output."""
        with (
            Path(os.devnull).open() as given,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
            opened(cwd) as folder,
        ):
            streams = (given.fileno(), out.fileno(), err.fileno())
            _, run = client.start(str(self.socket), arguments, env, folder, streams)
            code = client.ended(run)
            out.seek(0)
            err.seek(0)
            return code, out.read(), err.read()

    def processor_seconds(self) -> float:
        """Return what it and its forks have used."""
        seconds: float = struct.unpack("d", self._used.read_bytes())[0]
        return seconds


_running: dict[Start, Preloaded] = {}


def of(env: Mapping[str, str]) -> Preloaded | None:
    """Return one whose interpreter was started as one with `env` would be."""
    return _running.get(_start(env, ()))


def processor_seconds() -> float:
    """Return what all of them have used."""
    return sum(one.processor_seconds() for one in _running.values())


@contextmanager
def started(env: Mapping[str, str], *modules: Path) -> Iterator[Preloaded]:
    """Start one with `env` that has executed `modules` too; without any, `of` finds it."""
    folder = Path(tempfile.mkdtemp(prefix="fastgen-"))
    preloaded = Preloaded(folder)
    with subprocess.Popen(
        [sys.executable, SERVER, folder, *modules],
        env=dict(env),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.read()  # it closes standard output when it is ready
        assert preloaded.socket.exists(), "it could not start"
        _running[_start(env, modules)] = preloaded
        try:
            yield preloaded
        finally:
            del _running[_start(env, modules)]
            process.stdin.close()  # which ends it
            process.wait(LONGEST_START_SECONDS)
            shutil.rmtree(folder)


@contextmanager
def opened(folder: Path) -> Iterator[int]:
    """Return a descriptor of `folder`."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _start(env: Mapping[str, str], modules: tuple[Path, ...]) -> Start:
    read = (
        (name, value)
        for name, value in env.items()
        if value and (name.startswith(("PYTHON", "LC_")) or name == "LANG")
    )
    return frozenset(read), modules
