"""Standard output and standard error, which escape control characters.

Some of the text comes from files and programs of others, so everything is escaped here; colours
and other styles bypass that with `Channel.paint` and `Styled`.
"""

import io
import os
import sys
from pathlib import Path
from typing import Any, TextIO, cast

from fastgen.errors import OutputLost
from fastgen.messages import visible

# In the numbers of ANSI.
STYLES = {
    "error": "1;31",
    "hint": "1;36",
    "create": "32",
    "edit": "33",
    "delete": "31",
    "done": "32",
    "skipped": "33",
    "failed": "31",
    "command": "1",
}


class _Stdout(io.FileIO):
    """Raises `OutputLost` when writing fails, and then discards the rest."""

    lost = False

    def write(self, data: Any, /) -> int:
        """Write `data`, or a part of it."""
        if self.lost:
            return len(data)
        try:
            return super().write(data)
        except OSError as error:
            self.lost = True
            raise OutputLost(error.strerror or str(error)) from error


class _Stderr(io.FileIO):
    """Discards what cannot be written, as there is nowhere to report it."""

    def write(self, data: Any, /) -> int:
        """Write `data`, or a part of it."""
        try:
            return super().write(data)
        except OSError:
            return len(data)


class _Printer(io.TextIOWrapper):
    """Escapes control characters except line breaks and tabs."""

    def write(self, text: str, /) -> int:
        """Write `text` with control characters escaped."""
        super().write(visible(text))
        return len(text)

    def write_raw(self, text: str) -> int:
        """Write `text` including its control characters."""
        return super().write(text)


class Styled:
    """A stream for a library that writes its own control characters."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`."""
        self._stream = stream
        self.write = getattr(stream, "write_raw", stream.write)

    def __getattr__(self, name: str) -> Any:
        """Delegate everything else to the stream."""
        return getattr(self._stream, name)


def guard() -> None:
    """Make both streams escape control characters, and standard output raise `OutputLost`.

    That covers every failure to write to it, also by libraries.
    """
    sys.stdout = _printer(sys.stdout, _Stdout)
    sys.stderr = _printer(sys.stderr, _Stderr)


def _printer(plain: TextIO | None, raw: type[io.FileIO]) -> TextIO:
    if plain is None:
        # The parent process closed it, so nobody reads it.
        return Path(os.devnull).open("w", encoding="utf-8")
    return _Printer(
        io.BufferedWriter(raw(plain.fileno(), "w", closefd=False)),
        encoding=plain.encoding,
        errors=plain.errors,
        line_buffering=plain.isatty() or raw is _Stderr,
    )


def styled() -> bool:
    """Whether colours and other styles are wanted (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and not dumb()


def dumb() -> bool:
    """Whether the terminal can only print and not move its cursor."""
    return os.environ.get("TERM", "").lower() in {"dumb", "unknown"}


class Channel:
    """Standard output or standard error, whatever it is at the moment."""

    def __init__(self, name: str) -> None:
        """Take the name that it has in `sys`."""
        self._name = name

    @property
    def stream(self) -> TextIO:
        """The stream."""
        return cast("TextIO", getattr(sys, self._name))

    def write(self, text: str) -> None:
        """Write `text`."""
        self.stream.write(text)

    def line(self, text: str) -> None:
        """Write `text` as one line: what breaks lines is escaped too."""
        self.write(visible(text, kept="") + "\n")

    def paint(self, text: str, style: str) -> None:
        """Write `text` in one of `STYLES` if styles are wanted here."""
        if self.stream.isatty() and styled():
            Styled(self.stream).write(f"\x1b[{STYLES[style]}m{visible(text)}\x1b[0m")
        else:
            self.stream.write(text)

    def write_bytes(self, content: bytes) -> None:
        """Write `content` as it is."""
        self.stream.flush()
        self.stream.buffer.write(content)
        self.stream.buffer.flush()

    def flush(self) -> None:
        """Write what is buffered."""
        self.stream.flush()
