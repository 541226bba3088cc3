"""Runs Python in forks of a process that has imported a generated project's packages.

Each fork is a process as `python -c CODE` or `python -m MODULE` starts one, with the same
arguments, folder, environment, input, output and exit code; but the packages, whose import is most
of what a short run takes, are there. The project's own modules are not.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVER = Path(__file__).with_name("server.py")

_running: dict[Path, "Forks"] = {}


@dataclass(frozen=True)
class Forks:
    """A process of one environment, which forks one run after the other."""

    process: "subprocess.Popen[str]"

    def run(
        self, *arguments: str, cwd: Path, env: Mapping[str, str], given: str | None
    ) -> tuple[int, str]:
        """Run Python to its end; return its exit code, and what it printed, as one text."""
        assert self.process.stdin
        assert self.process.stdout
        with tempfile.TemporaryDirectory() as name:
            read, printed = Path(name, "given"), Path(name, "printed")
            read.write_text(given or "", "utf-8")
            request = [arguments, str(cwd), dict(env), str(read), str(printed)]
            print(json.dumps(request), file=self.process.stdin, flush=True)
            code = int(self.process.stdout.readline())
            return code, printed.read_text("utf-8", errors="replace")


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
