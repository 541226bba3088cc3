"""Asks the questions on a terminal."""

import shlex
from collections.abc import Callable, Mapping, Sequence

from fastgen.cli.prompts import Choice
from fastgen.cli.terminal import terminal
from fastgen.template import questions
from fastgen.template.answers import Answers, resolve
from fastgen.template.questions import NAME, Question, Value


def answers(given: Mapping[str, Value], others: Sequence[str], *, asks: bool) -> Answers:
    """Return all answers: those `given`; the others are asked for if `asks`, else the defaults.

    After asking it shows the command that repeats the answers, with the flags `others`.
    Raises the errors of `options.resolve`, and `KeyboardInterrupt`.
    """
    known = questions.load()
    answered = resolve(known, given, ask if asks else None)
    if asks and set(answered) - set(given):
        command = ["fastgen", "new", str(answered[NAME])]
        command += [*as_flags(known.flags, answered), *others, "--yes"]
        terminal.again(shlex.join(command))
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
    """Ask `question`, offering `default`; `wrong` returns what is wrong with a typed text.

    Raises `KeyboardInterrupt` when the user interrupts it.
    """
    text = question.help or question.name
    if question.choices:
        choices = [Choice(one.value, one.label) for one in question.choices]
        return terminal.choose(text, choices, default)
    if question.type == "bool":
        return terminal.confirm(text, default=bool(default))
    shown = "" if default is None else str(default)
    return terminal.text(text, shown, lambda typed: _short(wrong(typed)))


def _short(complaint: str | None) -> str | None:
    """Return `complaint` without the typed text, which is on the line above."""
    return complaint.rpartition(": ")[2] if complaint else None
