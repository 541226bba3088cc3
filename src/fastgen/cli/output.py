"""The printer: standard output and error, as all that fastgen says goes through them.

What is written comes from files and programs of other people too. Control characters in it are
escaped here, whoever writes; colours and the like go past that, by `paint` and `Styled`.
"""

import io
import os
import sys
from pathlib import Path
from typing import Any, TextIO

from fastgen.errors import OutputLost
from fastgen.messages import visible


class _Stdout(io.FileIO):
    """Raises `OutputLost` for what cannot be written; after that it swallows the rest."""

    lost = False

    def write(self, data: Any, /) -> int:
        """Write `data`, or some of it."""
        if self.lost:
            return len(data)
        try:
            return super().write(data)
        except OSError as error:
            self.lost = True
            raise OutputLost(error.strerror or str(error)) from error


class _Stderr(io.FileIO):
    """Swallows what cannot be written: there is nobody to tell."""

    def write(self, data: Any, /) -> int:
        """Write `data`, or some of it."""
        try:
            return super().write(data)
        except OSError:
            return len(data)


class _Printer(io.TextIOWrapper):
    """Escapes control characters, but for line breaks and tabs."""

    def write(self, text: str, /) -> int:
        """Write `text` as a terminal can show it."""
        super().write(visible(text))
        return len(text)

    def write_raw(self, text: str) -> int:
        """Write `text` with the control characters that are in it."""
        return super().write(text)


class Styled:
    """A stream for a library that writes control characters of its own."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`."""
        self._stream = stream
        self.write = getattr(stream, "write_raw", stream.write)

    def __getattr__(self, name: str) -> Any:
        """Be the stream in all else."""
        return getattr(self._stream, name)


def guard() -> None:
    """Have both streams escape control characters, and standard output raise `OutputLost`.

    That is, for every failure to write to it, whoever writes.
    """
    sys.stdout = _printer(sys.stdout, _Stdout)
    sys.stderr = _printer(sys.stderr, _Stderr)


def _printer(plain: TextIO | None, raw: type[io.FileIO]) -> TextIO:
    if plain is None:
        # Closed by whoever started us: nobody wants it.
        return Path(os.devnull).open("w", encoding="utf-8")
    return _Printer(
        io.BufferedWriter(raw(plain.fileno(), "w", closefd=False)),
        encoding=plain.encoding,
        errors=plain.errors,
        line_buffering=plain.isatty() or raw is _Stderr,
    )


def paint(text: str, style: str, stream: TextIO) -> None:
    """Write `text` to `stream`, in the `style` (numbers of ANSI) where that is welcome."""
    if stream.isatty() and styled():
        Styled(stream).write(f"\x1b[{style}m{visible(text)}\x1b[0m")
    else:
        stream.write(text)


def styled() -> bool:
    """Whether colours and other styles are welcome (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and not dumb()


def dumb() -> bool:
    """Whether the terminal can only print, and move its cursor nowhere."""
    return os.environ.get("TERM", "").lower() in {"dumb", "unknown"}
