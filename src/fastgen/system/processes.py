"""Runs child processes, and ends them when fastgen is interrupted."""

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastgen.system import interrupts

GRACE = 10.0
DRAWING = re.compile(r"[\u00d7\u2500-\u257f\u25b6\u00b7]")

COMPLAINT = re.compile(r"(?:error: |fatal: |(?=gpg: ))(.+)")

# They describe the environment that fastgen runs in, or are meant for an existing project; a
# child must use the environment of the new project and install all of it.
FOREIGN = (
    "VIRTUAL_ENV",
    "UV_FROZEN",
    "UV_LOCKED",
    "UV_NO_DEFAULT_GROUPS",
    "UV_NO_DEV",
    "UV_NO_EDITABLE",
    "UV_NO_GROUP",
    "UV_NO_INSTALL_LOCAL",
    "UV_NO_INSTALL_PROJECT",
    "UV_NO_INSTALL_WORKSPACE",
    "UV_PROJECT",
    "UV_PROJECT_ENVIRONMENT",
    "UV_RESOLUTION",
    "UV_RUN_RECURSION_DEPTH",
    "UV_WORKING_DIR",
    "UV_WORKING_DIRECTORY",
    # `git rev-parse --local-env-vars` without those of the user's configuration.
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)


@dataclass(frozen=True, slots=True)
class Completed:
    """The output and the exit code of a child process (negative: ended by that signal)."""

    code: int
    stdout: str
    stderr: str

    @property
    def last_line(self) -> str:
        """The last line of output, else the exit code."""
        lines = (self.stderr.strip() or self.stdout.strip()).splitlines()
        return lines[-1].strip() if lines else f"exit code {self.code}"

    @property
    def complaints(self) -> str:
        """Why git failed: its error messages in order, or the last line of a hook."""
        lines = [line for line in self.stderr.splitlines() if not line.startswith("hint:")]
        if not any(line.startswith("fatal: ") for line in lines):
            return Completed(self.code, self.stdout, "\n".join(lines)).last_line
        told = (COMPLAINT.match(line) for line in lines)
        return "; ".join(found[1].strip(" :?") for found in told if found)

    @property
    def gist(self) -> str:
        """The error message on one line, without line drawing."""
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

    On an interrupt, the process and its children are ended first. `errors` says how output that
    is not UTF-8 is decoded. Raises `OSError` when the program cannot be started.
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
                # Its own process group: we end it in order, and it cannot read from the terminal.
                start_new_session=True,
            )
        stdout, stderr = process.communicate(stdin)
    except BaseException:
        if process is not None:
            _end(process)
        raise
    return Completed(process.returncode, stdout, stderr)


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment without the variables of fastgen's own, plus `extra`."""
    kept = {
        key: value
        for key, value in os.environ.items()
        # uv and git reject many empty variables; users mean that they are unset.
        if key not in FOREIGN and (value or not key.startswith(("UV_", "GIT_")))
    }
    # Their messages are parsed.
    return {**kept, "LANGUAGE": "en", **(extra or {})}


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
