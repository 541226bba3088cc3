"""A server process of a generated project, and a client that talks to its socket."""

import http.client
import json
import os
import re
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from generated.forks import Forked
from generated.ports import free_port
from generated.projects import Project

LOOPBACK = "127.0.0.1"
START_SECONDS = 120
STOP_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


class Client:
    """One connection, so that all requests go to the same worker."""

    def __init__(self, port: int, source: str = LOOPBACK) -> None:
        self._connection = http.client.HTTPConnection(
            LOOPBACK, port, timeout=60, source_address=(source, 0)
        )

    def send(
        self,
        method: str,
        path: str,
        data: object = None,
        *,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request and wait for the answer; `content` is sent as it is."""
        sent = dict(headers or {})
        body: str | bytes | None = content
        if form is not None:
            body, sent["Content-Type"] = urlencode(form), "application/x-www-form-urlencoded"
        elif data is not None:
            body, sent["Content-Type"] = json.dumps(data), "application/json"
        if token:
            sent["Authorization"] = f"Bearer {token}"
        self._connection.request(method, path, body, sent)
        response = self._connection.getresponse()
        received = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, received, response.read())

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@dataclass
class Server:
    """A running process in a group of its own; its output is in two files."""

    process: "subprocess.Popen[bytes] | Forked"
    port: int
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def send(
        self, method: str, path: str, data: object = None, *, source: str = LOOPBACK, **options: Any
    ) -> Answer:
        """Send a request on a connection of its own: any worker may answer."""
        client = Client(self.port, source)
        try:
            return client.send(method, path, data, **options)
        finally:
            client.close()

    def wait(self, path: str = "/health") -> None:
        """Wait until the server answers at all."""
        give_up_at = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up_at:
            with suppress(OSError, http.client.HTTPException):
                self.send("GET", path)
                return
            assert self.process.poll() is None, f"it ended:\n{self.output}"
            time.sleep(0.1)
        raise AssertionError(f"no answer in {START_SECONDS} s:\n{self.output}")

    def wait_for(self, text: str, times: int = 1) -> None:
        """Wait until the server has printed this so many times."""
        give_up_at = time.monotonic() + START_SECONDS
        while self.output.count(text) < times:
            assert time.monotonic() < give_up_at, self.output
            time.sleep(0.1)

    def workers(self) -> list[int]:
        """Return the ids of the processes that gunicorn has started and that still run."""
        started = re.findall(r"Booting worker with pid: (\d+)", self.output)
        return [int(pid) for pid in started if _runs(int(pid))]

    def stop(self) -> int:
        """Ask the process to stop as a supervisor does, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def end(self) -> None:
        """End the whole group, whatever state it is in."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @property
    def stdout(self) -> str:
        """What it has printed so far."""
        return (self.folder / "stdout").read_text("utf-8")

    @property
    def stderr(self) -> str:
        """What it has complained about so far."""
        return (self.folder / "stderr").read_text("utf-8")

    @property
    def output(self) -> str:
        """Both."""
        return self.stdout + self.stderr

    def lines(self) -> list[dict[str, Any]]:
        """Return the lines of its log in production, which all are JSON."""
        return [json.loads(line) for line in self.stdout.splitlines()]


@contextmanager
def running(
    project: Project, folder: Path, *command: str, env: Mapping[str, str], forked: bool = False
) -> Iterator[Server]:
    """Run `uv run COMMAND` in the project; `{port}` stands for a free port.

    If `forked`, it is a module in a fork of a process that has imported the project's packages:
    that is for tests of what is served, not of how it starts and ends.
    """
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    filled = {name: value.replace("{port}", str(port)) for name, value in env.items()}
    words = [word.format(port=port) for word in command]
    out, err = folder / "stdout", folder / "stderr"
    for file in (out, err):
        file.write_bytes(b"")
    server = Server(
        project.start("-m", *words, env=filled, out=out, err=err)
        if forked
        else _started(project, words, filled, out, err),
        port,
        folder,
        filled,
    )
    try:
        yield server
    finally:
        server.end()


def _started(
    project: Project, command: list[str], env: Mapping[str, str], out: Path, err: Path
) -> "subprocess.Popen[bytes]":
    with out.open("wb") as stdout, err.open("wb") as stderr:
        return subprocess.Popen(
            ["uv", "run", *command],
            cwd=project.path,
            env=project.environment(env),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def resident_mib(pid: int) -> float:
    """Return how much memory a process has now."""
    with suppress(FileNotFoundError):
        for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0


def new_source() -> str:
    """Return an address of the loopback network: a client that no server has counted yet."""
    return ".".join(["127", *(str(1 + secrets.randbelow(250)) for _ in range(3))])


@contextmanager
def migrated(
    project: Project, folder: Path, *command: str, env: Mapping[str, str]
) -> Iterator[Server]:
    """Migrate the database of `env`, run the server on it, and yield it once it is ready."""
    project.python("-m", "alembic", "upgrade", "head", env=env).must_succeed()
    forked = command[0] == "gunicorn"
    with running(project, folder, *command, env=env, forked=forked) as server:
        server.wait("/ready")
        yield server
