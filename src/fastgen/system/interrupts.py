"""Turns Ctrl-C, SIGTERM and SIGHUP into one exception, raised where cleaning up is possible."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

EXIT_CODE = 130
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(KeyboardInterrupt):
    """The process was asked to stop."""

    def __init__(self, *, project_stands: bool = False) -> None:
        """Remember whether the project was already in place."""
        super().__init__()
        self.project_stands = project_stands


class _State:
    """What the signal handlers of this process have seen."""

    def __init__(self) -> None:
        self.received = False
        self.held = 0
        # Ends a block that must not be interrupted, if it can be asked to end.
        self.end: Callable[[], None] | None = None


_state = _State()


def install() -> None:
    """Turn stop signals into `Interrupted`; those already ignored (nohup) stay ignored."""
    for number in SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _on_signal)


def ignore() -> None:
    """Ignore stop signals from now on, as the process is about to exit."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def arrived() -> bool:
    """Whether a signal has arrived."""
    return _state.received


def check() -> None:
    """Raise `Interrupted` if a signal arrived and its exception was swallowed by a library."""
    if _state.received and not _state.held:
        raise Interrupted


@contextmanager
def held() -> Iterator[None]:
    """Hold signals back during a block that must not be interrupted; raise them at its end."""
    _state.held += 1
    try:
        yield
    finally:
        _state.held -= 1
    check()


@contextmanager
def ending(end: Callable[[], None]) -> Iterator[None]:
    """Hold signals back during a block, as `held` does, but call `end` when one arrives.

    For an event loop, whose callbacks would swallow an exception that is raised in them.
    """
    with held():
        _state.end = end
        try:
            yield
        finally:
            _state.end = None


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    # A second Ctrl-C must not interrupt the clean-up after the first.
    if not _state.received:
        _state.received = True
        if _state.end:
            _state.end()
        check()
