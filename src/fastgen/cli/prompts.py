"""The kinds of questions, on standard error: stdout is for data, and may be a file meanwhile.

Each returns the answer, and raises `KeyboardInterrupt` when the person wants to leave.
"""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastgen.cli import output
from fastgen.messages import visible

Value = str | bool | int | float
# What is amiss with what was typed, nothing when it is right.
Complaint = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to choose, and how it is shown."""

    value: Value
    label: str


def explained(value: str, explanation: str) -> Choice:
    """Return a choice that stands in a column of values, with their explanations beside it."""
    return Choice(value, f"{value:<10} {explanation}")


def text(question: str, default: str, wrong: Complaint) -> str:
    """Ask for a text, offering `default`; it is taken when nothing is `wrong` with it."""
    import questionary  # noqa: PLC0415

    return str(
        _asked(
            questionary.text(
                visible(question), default, lambda typed: wrong(typed) or True, output=_terminal()
            )
        )
    )


def choose(question: str, choices: Sequence[Choice], default: Value | None = None) -> Value:
    """Ask for one of `choices`, beginning at `default`."""
    import questionary  # noqa: PLC0415

    shown = [questionary.Choice(visible(one.label), value=one.value) for one in choices]
    first = next((one for one in shown if one.value == default), None)
    answer: Value = _asked(
        questionary.select(visible(question), shown, default=first, output=_terminal())
    )
    return answer


def mark(
    question: str, choices: Sequence[Choice], wrong: Callable[[list[str]], str | None]
) -> list[str]:
    """Ask for any number of `choices`, until nothing is `wrong` with those that are marked."""
    import questionary  # noqa: PLC0415

    marked: list[str] = []
    while True:
        prompt = questionary.checkbox(
            visible(question),
            [
                questionary.Choice(visible(one.label), value=one.value, checked=one.value in marked)
                for one in choices
            ],
            instruction="(Space marks, Enter goes on)",
            output=_terminal(),
        )
        marked = [str(value) for value in _asked(prompt)]
        # Its own way of telling what is wrong is not seen on every terminal.
        complaint = wrong(marked)
        if complaint is None:
            return marked
        sys.stderr.write(f"{complaint}\n")


def confirm(question: str, *, default: bool) -> bool:
    """Ask for yes or no."""
    import questionary  # noqa: PLC0415

    return bool(_asked(questionary.confirm(visible(question), default=default, output=_terminal())))


def _asked(prompt: Any) -> Any:
    try:
        return prompt.unsafe_ask()
    except EOFError:
        # Ctrl-D is another way to leave.
        raise KeyboardInterrupt from None


def _terminal() -> Any:
    from prompt_toolkit.output import create_output  # noqa: PLC0415

    if output.styled():
        return create_output(stdout=sys.stderr)
    from fastgen.cli.plain import PlainOutput  # noqa: PLC0415

    return PlainOutput.from_pty(sys.stderr, term=os.environ.get("TERM"))
