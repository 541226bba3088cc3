"""Asks the questions on a terminal."""

import sys
from collections.abc import Callable
from typing import Any

from fastgen import options
from fastgen.questions import Question, Value


def ask(
    question: Question, default: Value | None, wrong: Callable[[str], str | None]
) -> Value:
    """Ask `question` on the terminal, offering `default`; `wrong` tells what is amiss with a text.

    Raises `KeyboardInterrupt` when the person wants to leave.
    """
    import questionary  # noqa: PLC0415

    prompt = _prompt(questionary, question, default, wrong)
    # stdout is for data: it may be a file while we talk on the terminal.
    answer: Value = prompt.unsafe_ask()
    return answer


def _prompt(
    questionary: Any,
    question: Question,
    default: Value | None,
    wrong: Callable[[str], str | None],
) -> Any:
    text = question.help or question.name
    common = {"output": _output()}
    if question.choices:
        choices = [questionary.Choice(c.label, value=c.value) for c in question.choices]
        return questionary.select(text, choices, default=default, **common)
    if question.type == "bool":
        return questionary.confirm(text, default=bool(default), **common)
    return questionary.text(
        text,
        default="" if default is None else str(default),
        validate=lambda typed: wrong(typed) or True,
        **common,
    )


def _output() -> Any:
    from prompt_toolkit.output import create_output  # noqa: PLC0415

    return create_output(stdout=sys.stderr)


def as_flags(questions: tuple[Question, ...], answers: options.Answers) -> list[str]:
    """Return the flags that give `answers` in advance."""
    flags: list[str] = []
    for question in questions:
        if question.name not in answers:
            continue
        value = answers[question.name]
        if question.type == "bool":
            flags.append(question.flag if value else f"--no-{question.flag[2:]}")
        else:
            flags += [question.flag, str(value)]
    return flags
