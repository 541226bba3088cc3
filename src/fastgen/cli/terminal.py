"""The terminal: all that is said to the user goes through it."""

import json
import sys
from typing import TYPE_CHECKING, Any, TextIO, cast

from fastgen.cli import streams
from fastgen.cli.prompts import Prompts
from fastgen.cli.streams import Channel
from fastgen.messages import visible

if TYPE_CHECKING:
    from rich.status import Status


class Terminal(Prompts):
    """Standard output for results, standard error for everything else, and questions."""

    def __init__(self) -> None:
        """Find the streams."""
        self.out = Channel("stdout")
        self.err = Channel("stderr")

    def guard(self) -> None:
        """Make both streams escape control characters, and standard output raise `OutputLost`."""
        streams.guard()

    def asks(self, *, as_json: bool) -> bool:
        """Whether to ask: there is a terminal and no `--json`."""
        return not as_json and sys.stdin.isatty() and sys.stderr.isatty()

    def is_watched(self) -> bool:
        """Whether both streams are shown on a terminal."""
        return sys.stdout.isatty() and sys.stderr.isatty()

    def json(self, value: Any) -> None:
        """Print `value` on standard output."""
        self.out.write(json.dumps(value) + "\n")

    def note(self, text: str) -> None:
        """Print the note `text`."""
        self.err.write(f"note: {visible(text, kept='')}\n")

    def error(self, text: str) -> None:
        """Print the message of an error."""
        self._labelled("error", text)

    def hint(self, text: str) -> None:
        """Print a hint."""
        self._labelled("hint", text)

    def again(self, command: str) -> None:
        """Print the command that does the same without asking."""
        self.err.write(f"\nThe same again: {command}\n\n")

    def spinner(self, text: str) -> "Status":
        """Return a spinner with `text`; it needs a terminal."""
        from rich.console import Console  # noqa: PLC0415

        file = cast("TextIO", streams.Styled(sys.stderr))
        console = Console(file=file, color_system="auto" if streams.styled() else None)
        return console.status(text, spinner="line")

    def _labelled(self, label: str, text: str) -> None:
        self.err.paint(f"{label}:", label)
        # The text may come from others: indented, none of its lines looks like one of ours.
        self.err.write(" " + text.replace("\n", "\n  ") + "\n")


terminal = Terminal()
