"""Renders the templates of a project in a child process with limits.

Jinja's sandbox restricts what a template can access. It does not stop endless computations (nested
loops, `10 ** 10 ** 10`) or exhausted memory (`"x" * 10 ** 10`), and within this process nothing
could.
"""

import contextlib
import json
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from fastgen.errors import Bug, FastgenError, Refused
from fastgen.system import interrupts
from fastgen.system.safe_files import LARGE

# Processor time, so that a busy machine does not matter.
SECONDS = 5
MEMORY = 256 * LARGE
DONE, RAISED = b"+", b"-"


def run(work: Callable[[], str]) -> str:
    """Run `work` in a child process; return its result, or raise its `FastgenError`.

    Raises `ValueError` when it exceeds a limit, `OSError` when no process can be started.
    """
    reader, writer = os.pipe()
    child = 0
    try:
        with interrupts.held():
            child = os.fork()
            if child == 0:
                _work(work, writer)
            os.close(writer)
        with os.fdopen(reader, "rb") as stream:
            answer = stream.read(LARGE * 2)
        check_length(answer)
        _, status = os.waitpid(child, 0)
        child = 0
    finally:
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    _check(status)
    return _understood(answer)


def check_length(given: str | bytes) -> None:
    """Raise `ValueError` when the output `given` by a template is too long."""
    if len(given) > LARGE:
        raise ValueError(f"its output is larger than {LARGE // 1024} KB")


def _work(work: Callable[[], str], writer: int) -> NoReturn:
    """Run in the child, which keeps nothing of the parent except its memory."""
    code = 1
    with contextlib.suppress(BaseException):
        for number in interrupts.SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        os.dup2(writer, 3)
        os.closerange(4, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        _limit()
        with os.fdopen(3, "wb") as answer:
            answer.write(_answer(work))
        code = 0
    os._exit(code)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    # macOS has neither /proc nor this limit.
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _answer(work: Callable[[], str]) -> bytes:
    try:
        return DONE + work().encode()
    except FastgenError as error:
        return RAISED + json.dumps([isinstance(error, Bug), error.message, error.hint]).encode()


def _check(status: int) -> None:
    if os.WIFSIGNALED(status):
        if os.WTERMSIG(status) in {signal.SIGXCPU, signal.SIGKILL}:
            raise ValueError(f"it takes more than {SECONDS} seconds")
        raise ValueError(f"it was killed by the signal {os.WTERMSIG(status)}")
    if status:
        raise ValueError(f"it needs more than {MEMORY // LARGE} MB of memory")


def _understood(answer: bytes) -> str:
    if answer.startswith(DONE):
        return answer[1:].decode()
    ours, message, hint = json.loads(answer[1:])
    raise (Bug if ours else Refused)(message, hint)
