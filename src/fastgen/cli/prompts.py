"""The kinds of questions, asked on standard error as stdout is for data and may be a file.

Each returns the answer, and raises `KeyboardInterrupt` when the user interrupts it.
"""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastgen.cli import line_prompts, streams
from fastgen.messages import visible
from fastgen.system import interrupts

Value = str | bool | int | float
# Returns what is wrong with a typed text, None if it is valid.
Complaint = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to choose, and its label."""

    value: Value
    label: str


def explained(value: str, explanation: str) -> Choice:
    """Return a choice whose label has the `explanation` in a second column."""
    return Choice(value, f"{value:<10} {explanation}")


class Prompts:
    """Asks questions."""

    def text(self, question: str, default: str, wrong: Complaint) -> str:
        """Ask for a text, offering `default`, until nothing is `wrong` with it."""
        if streams.dumb():
            return line_prompts.text(question, default, wrong)
        import questionary  # noqa: PLC0415

        prompt = questionary.text(
            visible(question), default, lambda typed: wrong(typed) or True, output=_terminal()
        )
        _wrap_complaints(prompt)
        return str(_asked(prompt))

    def choose(
        self, question: str, choices: Sequence[Choice], default: Value | None = None
    ) -> Value:
        """Ask for one of `choices`, with `default` selected."""
        if streams.dumb():
            values = [one.value for one in choices]
            first = values.index(default) if default in values else 0
            return values[line_prompts.choose(question, [one.label for one in choices], first)]
        import questionary  # noqa: PLC0415

        shown = [questionary.Choice(visible(one.label), value=one.value) for one in choices]
        begin = next((one for one in shown if one.value == default), None)
        answer: Value = _asked(
            questionary.select(visible(question), shown, default=begin, output=_terminal())
        )
        return answer

    def mark(
        self, question: str, choices: Sequence[Choice], wrong: Callable[[list[str]], str | None]
    ) -> list[str]:
        """Ask for any number of `choices`, until nothing is `wrong` with the marked ones."""
        marked: list[str] = []
        while True:
            marked = _mark(question, choices, marked)
            # questionary's own way to show errors does not work on every terminal.
            complaint = wrong(marked)
            if complaint is None:
                return marked
            sys.stderr.write(f"{complaint}\n")

    def confirm(self, question: str, *, default: bool) -> bool:
        """Ask for yes or no."""
        if streams.dumb():
            return line_prompts.confirm(question, default=default)
        import questionary  # noqa: PLC0415

        return bool(
            _asked(questionary.confirm(visible(question), default=default, output=_terminal()))
        )


def _mark(question: str, choices: Sequence[Choice], marked: Sequence[str]) -> list[str]:
    if streams.dumb():
        values = [str(one.value) for one in choices]
        before = [values.index(one) for one in marked]
        labels = [one.label for one in choices]
        return [values[place] for place in line_prompts.mark(question, labels, before)]
    import questionary  # noqa: PLC0415

    prompt = questionary.checkbox(
        visible(question),
        [
            questionary.Choice(visible(one.label), value=one.value, checked=one.value in marked)
            for one in choices
        ],
        instruction="(Space marks, Enter goes on)",
        output=_terminal(),
    )
    return [str(value) for value in _asked(prompt)]


def _asked(prompt: Any) -> Any:
    from prompt_toolkit.key_binding import KeyBindings, merge_key_bindings  # noqa: PLC0415

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
    from prompt_toolkit.filters import Always, has_validation_error  # noqa: PLC0415
    from prompt_toolkit.layout import ConditionalContainer, Window, walk  # noqa: PLC0415

    for part in walk(prompt.application.layout.container):
        if isinstance(part, ConditionalContainer) and part.filter is has_validation_error:
            window = part.content
            if isinstance(window, Window):
                window.height = None
                window.wrap_lines = window.dont_extend_height = Always()


def _terminal() -> Any:
    from prompt_toolkit.output import create_output  # noqa: PLC0415

    if streams.styled():
        return create_output(stdout=sys.stderr)
    from fastgen.cli.plain import PlainOutput  # noqa: PLC0415

    return PlainOutput.from_pty(sys.stderr, term=os.environ.get("TERM"))
