"""Standard output and styles: what it means that a stream is full, closed, or to be plain."""

import io
import os
import sys
from pathlib import Path
from typing import Any

from fastgen.errors import OutputLost


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


def guard() -> None:
    """Have every failure to write to standard output raise `OutputLost`, whoever writes."""
    plain = sys.stdout
    if plain is None:
        # Closed by whoever started us: nobody wants it.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end
        return
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(_Stdout(plain.fileno(), "w", closefd=False)),
        encoding=plain.encoding,
        errors=plain.errors,
        line_buffering=plain.isatty(),
    )


def styled() -> bool:
    """Whether colours and other styles are welcome (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and not dumb()


def dumb() -> bool:
    """Whether the terminal can only print, and move its cursor nowhere."""
    return os.environ.get("TERM", "").lower() in {"dumb", "unknown"}
