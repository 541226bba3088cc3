"""Containers: an image's processes in namespaces of their own, with a read-only root."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

INIT = Path(__file__).with_name("init.py")
# Nothing outlives the tests: the first process ends with `unshare`, and that with them.
NAMESPACES = ("--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child")
UNSHARE = ("setpriv", "--pdeathsig", "KILL", "unshare", *NAMESPACES)
FETCH = """
import json, sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen
path, body = sys.argv[1:]
request = Request("http://127.0.0.1:8000" + path, body.encode() or None)
request.add_header("Content-Type", "application/json")
try:
    response = urlopen(request, timeout=10)
except HTTPError as error:
    response = error
print(json.dumps([response.status, response.read().decode()]))
"""


class Reply(NamedTuple):
    status: int
    body: str


@dataclass(frozen=True)
class Image:
    """A built image: its configuration, and its files, which nothing here writes to."""

    config: Mapping[str, Any]
    root: Path

    @property
    def environment(self) -> dict[str, str]:
        return dict(entry.split("=", 1) for entry in self.config["Env"])

    @property
    def user(self) -> tuple[int, int]:
        uid, gid = self.config["User"].split(":")
        return int(uid), int(gid)


@dataclass
class Container:
    """Runs one command of an image; others can join it, as `docker exec` does."""

    image: Image
    environment: Mapping[str, str] = field(default_factory=dict)
    volumes: Mapping[Path, str] = field(default_factory=dict)
    tmpfs: Sequence[str] = ("/tmp",)

    def run(self, *command: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """Run a command in a container of its own until it ends."""
        return subprocess.run(
            self._command(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )

    @contextmanager
    def running(self) -> Iterator["Running"]:
        """Run what the image runs by itself, and end it."""
        with TemporaryFile("a+") as log:
            process = subprocess.Popen(
                self._command(self.image.config["Cmd"]),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            running = Running(self, process, log)
            try:
                yield running
            except BaseException as error:
                error.add_note(f"The container's log:\n{running.log()}")
                raise
            finally:
                process.kill()
                process.wait()

    def _command(self, command: Sequence[str]) -> list[str | Path]:
        uid, gid = self.image.user
        wanted = {
            "root": str(self.image.root),
            "cwd": self.image.config["WorkingDir"],
            "uid": uid,
            "gid": gid,
            "environment": self.image.environment | dict(self.environment),
            "volumes": {str(source): target for source, target in self.volumes.items()},
            "tmpfs": list(self.tmpfs),
            "command": list(command),
        }
        return [*UNSHARE, "--", sys.executable, INIT, json.dumps(wanted)]


@dataclass
class Running:
    """A container whose own command is running."""

    container: Container
    process: subprocess.Popen[bytes]
    output: IO[str]

    def log(self) -> str:
        """Return what its own command has printed."""
        self.output.seek(0)
        return self.output.read()

    def execute(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run another command inside, as the same user."""
        uid, gid = self.container.image.user
        return subprocess.run(
            [
                *("nsenter", f"--target={self._first_process()}", "--mount", "--net", "--pid"),
                *("--root", "--wd", f"--setuid={uid}", f"--setgid={gid}", "--", *command),
            ],
            env=self.container.image.environment | dict(self.container.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def fetch(self, path: str, body: Mapping[str, object] | None = None) -> Reply:
        """Ask the server from inside: GET, or POST of JSON."""
        sent = json.dumps(body) if body else ""
        done = self.execute("python", "-c", FETCH, path, sent)
        if done.returncode:
            raise ConnectionError(done.stderr)
        return Reply(*json.loads(done.stdout))

    def wait_until_up(self, timeout: float = 120) -> None:
        """Wait for the image's own health check to succeed."""
        end = time.monotonic() + timeout
        while self.check_health():
            if self.process.poll() is not None or time.monotonic() > end:
                raise TimeoutError("The container does not become healthy.")
            time.sleep(0.2)

    def check_health(self) -> int:
        """Run the image's HEALTHCHECK and return its exit code."""
        kind, *command = self.container.image.config["Healthcheck"]["Test"]
        assert kind == "CMD"
        return self.execute(*command).returncode

    def stop(self, timeout: float = 30) -> int:
        """Stop it as an engine does, and return its exit code."""
        run = ["kill", f"-{signal.SIGTERM.value}", str(self._first_process())]
        subprocess.run(run, check=True)
        return self.process.wait(timeout)

    def _first_process(self) -> int:
        """Return the child of `unshare`, the first process inside."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children")
        end = time.monotonic() + 10
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            if found := children.read_text().split():
                return int(found[0])
            time.sleep(0.01)
        raise ChildProcessError("The container's process has ended.")
