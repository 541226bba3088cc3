"""Asks the questions on a terminal."""

import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastgen import options, questions
from fastgen.cli import output
from fastgen.options import Answers
from fastgen.questions import NAME, Question, Value


def answers(given: Mapping[str, Value], others: Sequence[str], *, asks: bool) -> Answers:
    """Return all answers: those `given`, the rest asked for where it `asks`, else by default.

    After asking it shows the command line to use again, with the flags `others` in it.
    Raises the errors of `options.resolve`, and `KeyboardInterrupt`.
    """
    known = questions.load()
    answered = options.resolve(known, given, ask if asks else None)
    if asks and set(answered) - set(given):
        command = ["fastgen", "new", str(answered[NAME])]
        command += [*as_flags(known.flags, answered), *others, "--yes"]
        sys.stderr.write(f"\nThe same again: {shlex.join(command)}\n\n")
    return answered


def as_flags(known: Sequence[Question], answered: Mapping[str, Value]) -> list[str]:
    """Return the flags that give the answers in advance."""
    flags: list[str] = []
    for question in known:
        value = answered.get(question.name)
        if question.type == "bool" and value is not None:
            flags.append(question.flag if value else f"--no-{question.flag[2:]}")
        elif value is not None:
            flags += [question.flag, str(value)]
    return flags


def ask(question: Question, default: Value | None, wrong: Callable[[str], str | None]) -> Value:
    """Ask `question`, offering `default`; `wrong` tells what is amiss with a typed text.

    Raises `KeyboardInterrupt` when the person wants to leave.
    """
    import questionary  # noqa: PLC0415

    text = question.help or question.name
    common: dict[str, Any] = {"output": _terminal()}
    if question.choices:
        choices = [questionary.Choice(c.label, value=c.value) for c in question.choices]
        first = next((c for c in choices if c.value == default), None)
        prompt = questionary.select(text, choices, default=first, **common)
    elif question.type == "bool":
        prompt = questionary.confirm(text, default=bool(default), **common)
    else:
        shown = "" if default is None else str(default)
        prompt = questionary.text(text, shown, lambda typed: _short(wrong(typed)) or True, **common)
    try:
        answer: Value = prompt.unsafe_ask()
    except EOFError:
        # Ctrl-D is another way to leave.
        raise KeyboardInterrupt from None
    return answer


def _terminal() -> Any:
    """Return where questions are shown: stdout is for data, and may be a file meanwhile."""
    from prompt_toolkit.output import create_output  # noqa: PLC0415

    if output.styled():
        return create_output(stdout=sys.stderr)
    from fastgen.cli.plain import PlainOutput  # noqa: PLC0415

    return PlainOutput.from_pty(sys.stderr, term=os.environ.get("TERM"))


def _short(complaint: str | None) -> str | None:
    """Leave out what was typed: it stands on the screen, in the line above."""
    return complaint.rpartition(": ")[2] if complaint else None
