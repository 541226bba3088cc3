"""Runs Python in forks of a process that has imported a generated project's packages.

Each fork is a process as `python -c CODE` or `python -m MODULE` starts one, with the same
arguments, folder, environment, input, output and exit code; but the packages, whose import is most
of what a short run takes, are there. The project's own modules are not.
"""

import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SERVER = Path(__file__).with_name("server.py")
LOOK_SECONDS = 0.02

_running: dict[Path, "Forks"] = {}


@dataclass(frozen=True)
class Forks:
    """A process of one environment, which forks."""

    process: "subprocess.Popen[str]"
    _one: threading.Lock = field(default_factory=threading.Lock)

    def run(
        self, *arguments: str, cwd: Path, env: Mapping[str, str], given: str | None
    ) -> tuple[int, str]:
        """Run Python to its end; return its exit code, and what it printed, as one text."""
        with tempfile.TemporaryDirectory() as name:
            read, printed = Path(name, "given"), Path(name, "printed")
            read.write_text(given or "", "utf-8")
            files = [str(read), str(printed), str(printed)]
            code = self.ask("run", arguments, str(cwd), dict(env), files)
            assert code is not None
            return code, printed.read_text("utf-8", errors="replace")

    def start(
        self, *arguments: str, cwd: Path, env: Mapping[str, str], out: Path, err: Path
    ) -> "Forked":
        """Start Python in a group of its own."""
        pid = self.ask("start", arguments, str(cwd), dict(env), [os.devnull, str(out), str(err)])
        assert pid is not None
        return Forked(self, pid)

    def ask(self, *request: object) -> int | None:
        """Return the number with which a request is answered, if any."""
        assert self.process.stdin
        assert self.process.stdout
        with self._one:
            print(json.dumps(request), file=self.process.stdin, flush=True)
            answer: int | None = json.loads(self.process.stdout.readline())
            return answer


@dataclass
class Forked:
    """A process that was started, with what of `subprocess.Popen` is needed."""

    forks: Forks
    pid: int
    returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, if it has ended; negative, if by a signal."""
        if self.returncode is None:
            self.returncode = self.forks.ask("poll", self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code once it has ended."""
        began = time.monotonic()
        while (code := self.poll()) is None:
            if timeout is not None and time.monotonic() - began > timeout:
                raise subprocess.TimeoutExpired("python", timeout)
            time.sleep(LOOK_SECONDS)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def of(project: Path, env: Mapping[str, str]) -> Forks:
    """Return that of an installed project, started with `env` if there is none yet."""
    if project not in _running:
        process = subprocess.Popen(
            [project / ".venv" / "bin" / "python", SERVER],
            cwd=project,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        _running[project] = Forks(process)
    return _running[project]


@contextmanager
def ended() -> Iterator[None]:
    """End all of them at the end."""
    try:
        yield
    finally:
        while _running:
            _, forks = _running.popitem()
            with forks.process as process:
                assert process.stdin
                process.stdin.close()
