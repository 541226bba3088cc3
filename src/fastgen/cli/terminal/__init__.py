"""The terminal: everything that the user sees goes through it."""

import json
import sys
import traceback
from typing import TYPE_CHECKING, Any, TextIO, cast

from fastgen.cli.terminal import streams
from fastgen.cli.terminal.prompts import Prompts
from fastgen.cli.terminal.streams import Channel

if TYPE_CHECKING:
    from rich.status import Status


class Terminal:
    """Standard output for results, standard error for everything else, and questions."""

    def __init__(self) -> None:
        """Find the streams."""
        self.out = Channel("stdout")
        self.err = Channel("stderr")
        self._spinner: Status | None = None

    def guard(self) -> None:
        """Make both streams escape control characters, and standard output raise `OutputLost`."""
        streams.guard()

    def can_ask(self, *, as_json: bool) -> bool:
        """Whether to ask: there is a terminal and no `--json`."""
        return not as_json and sys.stdin.isatty() and sys.stderr.isatty()

    def read(self, limit: int) -> bytes:
        """Return what is on standard input, at most `limit` bytes of it."""
        return sys.stdin.buffer.read(limit)

    @property
    def ask(self) -> Prompts:
        """The questions, in a form that this terminal can show."""
        if streams.dumb():
            from fastgen.cli.terminal.line_prompts import LinePrompts  # noqa: PLC0415

            return LinePrompts()
        from fastgen.cli.terminal.cursor_prompts import CursorPrompts  # noqa: PLC0415

        return CursorPrompts()

    def is_watched(self) -> bool:
        """Whether both streams are shown on a terminal."""
        return sys.stdout.isatty() and sys.stderr.isatty()

    def json(self, value: Any) -> None:
        """Print `value` on standard output."""
        self.out.write(json.dumps(value) + "\n")

    def note(self, text: str) -> None:
        """Print the note `text`, above the spinner if there is one."""
        if self._spinner:
            self._spinner.stop()
        self.err.line(f"note: {text}")
        if self._spinner:
            self._spinner.start()

    def error(self, text: str) -> None:
        """Print the message of an error."""
        self._labelled("error", text)

    def hint(self, text: str) -> None:
        """Print a hint."""
        self._labelled("hint", text)

    def traceback(self, error: Exception) -> None:
        """Print where `error` was raised."""
        self.err.write("".join(traceback.format_exception(error)))

    def again(self, command: str) -> None:
        """Print the command that does the same without asking."""
        self.err.write(f"\nTo repeat this: {command}\n\n")

    def spin(self, text: str) -> None:
        """Show a spinner with `text`, until `still`; it needs a terminal."""
        from rich.console import Console  # noqa: PLC0415 - slow, and only needed here

        self.still()
        file = cast("TextIO", streams.Styled(sys.stderr))
        console = Console(file=file, color_system="auto" if streams.styled() else None)
        self._spinner = console.status(text, spinner="line")
        self._spinner.start()

    def still(self) -> None:
        """Remove the spinner, if there is one."""
        if self._spinner:
            self._spinner.stop()
            self._spinner = None

    def _labelled(self, label: str, text: str) -> None:
        self.err.paint(f"{label}:", label)
        # The text may come from others: indented, none of its lines looks like one of ours.
        self.err.write(" " + text.replace("\n", "\n  ") + "\n")


terminal = Terminal()
