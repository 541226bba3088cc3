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

COMPLAINT = re.compile(r"(?:error: |fatal: |(?=gpg: ))(.+)")

# They describe the environment fastgen itself runs in, and would lead a child there, or they are
# meant for a project that is there already: a new one is locked and installed as a whole.
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
    # `git rev-parse --local-env-vars`, but for the person's configuration.
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
    def complaints(self) -> str:
        """What git says of its failure: its errors in their order, or a hook's last line."""
        lines = [line for line in self.stderr.splitlines() if not line.startswith("hint:")]
        if not any(line.startswith("fatal: ") for line in lines):
            return Completed(self.code, self.stdout, "\n".join(lines)).last_line
        told = (COMPLAINT.match(line) for line in lines)
        return "; ".join(found[1].strip(" :?") for found in told if found)

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
    kept = {
        key: value
        for key, value in os.environ.items()
        # uv and git refuse most of theirs that are empty; people mean that they are not set.
        if key not in FOREIGN and (value or not key.startswith(("UV_", "GIT_")))
    }
    # Reasons are read from what they say.
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
