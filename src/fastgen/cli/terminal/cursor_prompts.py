"""Questions with a cursor, by questionary.

It is slow to import, and only needed to ask.
"""

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import questionary
from prompt_toolkit.filters import Always, has_validation_error
from prompt_toolkit.key_binding import KeyBindings, merge_key_bindings
from prompt_toolkit.layout import ConditionalContainer, Window, walk
from prompt_toolkit.output import Output, create_output
from prompt_toolkit.output.color_depth import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.styles import Attrs

from fastgen.cli.terminal import streams
from fastgen.cli.terminal.prompts import Choice, Complaint, Prompts, Value
from fastgen.messages import visible
from fastgen.system import interrupts


class CursorPrompts(Prompts):
    """Asks questions; Ctrl-D interrupts, as Ctrl-C does."""

    def text(self, question: str, default: str, wrong: Complaint) -> str:
        """Ask for a text, offering `default`, until nothing is `wrong` with it."""
        prompt = questionary.text(
            visible(question), default, lambda typed: wrong(typed) or True, output=_output()
        )
        _wrap_complaints(prompt)
        return str(_asked(prompt))

    def choose(
        self, question: str, choices: Sequence[Choice], default: Value | None = None
    ) -> Value:
        """Ask for one of `choices`, with `default` selected."""
        shown = [questionary.Choice(visible(one.label), value=one.value) for one in choices]
        begin = next((one for one in shown if one.value == default), None)
        answer: Value = _asked(
            questionary.select(visible(question), shown, default=begin, output=_output())
        )
        return answer

    def confirm(self, question: str, *, default: bool) -> bool:
        """Ask for yes or no."""
        prompt = questionary.confirm(visible(question), default=default, output=_output())
        return bool(_asked(prompt))

    def mark(
        self, question: str, choices: Sequence[Choice], wrong: Callable[[list[str]], str | None]
    ) -> list[str]:
        """Ask for any number of `choices`, until nothing is `wrong` with the marked ones."""
        marked: list[str] = []
        while True:
            prompt = questionary.checkbox(
                visible(question),
                [
                    questionary.Choice(visible(one.label), one.value, checked=one.value in marked)
                    for one in choices
                ],
                instruction="(Space to select, Enter to continue)",
                output=_output(),
            )
            marked = [str(value) for value in _asked(prompt)]
            # questionary's own way to show errors does not work on every terminal.
            complaint = wrong(marked)
            if complaint is None:
                return marked
            sys.stderr.write(f"{complaint}\n")


class _PlainOutput(Vt100_Output):
    """Only moves the cursor and writes text."""

    def set_attributes(self, attrs: Attrs, color_depth: ColorDepth) -> None:
        """Do nothing."""

    def reset_attributes(self) -> None:
        """Do nothing."""


def _output() -> Output:
    if streams.styled():
        return create_output(stdout=sys.stderr)
    return _PlainOutput.from_pty(sys.stderr, term=os.environ.get("TERM"))


def _asked(prompt: Any) -> Any:
    # questionary handles Ctrl-D only in an empty input.
    leaving = KeyBindings()
    leaving.add("c-d", eager=True)(
        lambda event: event.app.exit(exception=KeyboardInterrupt, style="class:aborting")
    )
    application = prompt.application
    application.key_bindings = merge_key_bindings([application.key_bindings, leaving])

    def leave() -> None:
        if application.future and not application.is_done:
            application.exit(exception=KeyboardInterrupt, style="class:aborting")

    def end() -> None:
        if application.loop:
            application.loop.call_soon_threadsafe(leave)

    # For a signal that arrives before there is a loop.
    application.pre_run_callables.append(lambda: leave() if interrupts.arrived() else None)
    with interrupts.ending(end):
        return prompt.unsafe_ask()


def _wrap_complaints(prompt: Any) -> None:
    """Wrap error messages, which prompt_toolkit would cut at the end of the line."""
    for part in walk(prompt.application.layout.container):
        if isinstance(part, ConditionalContainer) and part.filter is has_validation_error:
            window = part.content
            if isinstance(window, Window):
                window.height = None
                window.wrap_lines = window.dont_extend_height = Always()
