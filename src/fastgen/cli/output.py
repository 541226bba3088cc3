"""Standard output and standard error, which escape control characters.

Some of the text comes from files and programs of others, so everything is escaped here; colours
and other styles bypass that with `paint` and `Styled`.
"""

import io
import os
import sys
from pathlib import Path
from typing import Any, TextIO

from fastgen.errors import OutputLost
from fastgen.messages import visible


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


def paint(text: str, style: str, stream: TextIO) -> None:
    """Write `text` to `stream`, in the ANSI `style` if styles are wanted there."""
    if stream.isatty() and styled():
        Styled(stream).write(f"\x1b[{style}m{visible(text)}\x1b[0m")
    else:
        stream.write(text)


def styled() -> bool:
    """Whether colours and other styles are wanted (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and not dumb()


def dumb() -> bool:
    """Whether the terminal can only print and not move its cursor."""
    return os.environ.get("TERM", "").lower() in {"dumb", "unknown"}
