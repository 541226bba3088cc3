"""Child processes that never outlive an interrupted fastgen."""

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastgen import interrupts

GRACE = 10.0
DRAWING = re.compile(r"[\u00d7\u2500-\u257f\u25b6\u00b7]")

# They describe the environment fastgen itself runs in, and would lead a child there.
FOREIGN = (
    "VIRTUAL_ENV",
    "UV_PROJECT",
    "UV_PROJECT_ENVIRONMENT",
    "UV_RUN_RECURSION_DEPTH",
    "UV_WORKING_DIRECTORY",
    "GIT_DIR",
    "GIT_COMMON_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
)


@dataclass(frozen=True, slots=True)
class Completed:
    """What a child process said, and how it ended (negative: by that signal)."""

    code: int
    stdout: str
    stderr: str

    @property
    def last_line(self) -> str:
        """The last thing said, or how it ended: the reason, in a line."""
        lines = (self.stderr.strip() or self.stdout.strip()).splitlines()
        return lines[-1].strip() if lines else f"exit code {self.code}"

    @property
    def gist(self) -> str:
        """What went wrong in its words, without its drawing, on one line."""
        found = re.search(r"^error:.*?(?=^hint:|\Z)", self.stderr, re.MULTILINE | re.DOTALL)
        words = DRAWING.sub(" ", found[0].removeprefix("error:") if found else self.stderr)
        return " ".join(words.split()) or f"exit code {self.code}"


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    stdin: str = "",
    extra_env: Mapping[str, str] | None = None,
    errors: str = "replace",
) -> Completed:
    """Run `command` in `cwd` with `stdin` as its input, and wait for it.

    When we are interrupted, the process and its children are ended first. `errors` tells what
    becomes of bytes that are not UTF-8. Raises `OSError` when the program cannot be started.
    """
    process: subprocess.Popen[str] | None = None
    try:
        with interrupts.held():
            process = subprocess.Popen(  # noqa: S603 - the commands are our own
                [str(part) for part in command],
                cwd=cwd,
                env=environment(extra_env),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors=errors,
                # A group of its own: it is ended by us, in order, and never asks on the terminal.
                start_new_session=True,
            )
        stdout, stderr = process.communicate(stdin)
    except BaseException:
        if process is not None:
            _end(process)
        raise
    return Completed(process.returncode, stdout, stderr)


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return our environment without what belongs to fastgen's own, plus `extra`."""
    kept = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    return {**kept, **(extra or {})}


def _end(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(GRACE)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
