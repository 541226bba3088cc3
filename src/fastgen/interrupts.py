"""Ctrl-C, SIGTERM and SIGHUP as one exception, raised where it can be cleaned up after."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

EXIT_CODE = 130
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(KeyboardInterrupt):
    """The person, or the system, asked us to stop."""

    def __init__(self, *, project_stands: bool = False) -> None:
        """Remember whether the project was in its place by then."""
        super().__init__()
        self.project_stands = project_stands


class _State:
    """What the handlers have seen; one process has one set of signals."""

    def __init__(self) -> None:
        self.received = False
        self.held = 0


_state = _State()


def install() -> None:
    """Turn the stopping signals into `Interrupted`; one that is ignored (nohup) stays ignored."""
    for number in SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _on_signal)


def ignore() -> None:
    """Ignore the stopping signals from now on: all that is left is to leave."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def check() -> None:
    """Raise `Interrupted` if a signal came and its exception was lost in somebody's code."""
    if _state.received and not _state.held:
        raise Interrupted


@contextmanager
def held() -> Iterator[None]:
    """Hold signals back in a block that must not be torn; one that came is raised at its end."""
    _state.held += 1
    try:
        yield
    finally:
        _state.held -= 1
    check()


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    # One is enough: a second Ctrl-C must not tear the cleaning up after the first.
    if not _state.received:
        _state.received = True
        check()
