"""Asks the questions on a terminal."""

from collections.abc import Callable, Mapping, Sequence

from fastgen import messages
from fastgen.cli.new.question_flags import as_flags
from fastgen.cli.terminal import terminal
from fastgen.cli.terminal.prompts import Choice
from fastgen.errors import FastgenError, raise_all
from fastgen.names.project import check as check_name
from fastgen.template import questions
from fastgen.template.answers import Answers, resolve
from fastgen.template.questions import NAME, Question, Questions, Value


def answers(
    given: Mapping[str, Value],
    others: Sequence[str],
    refused: Callable[[str], Sequence[FastgenError]],
    *,
    asks: bool,
) -> tuple[str, Answers]:
    """Return NAME as it was typed, and all answers; the name in them is without its path.

    Answers that are not `given` are asked for if `asks`, else they are the defaults. After asking
    it shows the command that repeats the answers, with the flags `others`.
    Raises the errors of `answers.resolve`, those for which a name that was asked for is `refused`
    (before the other questions), and `KeyboardInterrupt`.
    """
    known = questions.load()
    typed = str(given[NAME]) if NAME in given else _name(known)
    if NAME not in given:
        raise_all(refused(typed))
    answered = resolve(known, {**given, NAME: typed}, ask if asks else None)
    if asks and set(answered) - set(given):
        command = ["fastgen", "new", f"./{typed}" if typed.startswith("-") else typed]
        command += [*as_flags(known.flags, answered), *others, "--yes"]
        terminal.again(messages.command(command))
    return typed, answered


def _name(known: Questions) -> str:
    """Ask for the name, which may be typed as a path as in the command line."""

    def wrong(text: str) -> str | None:
        try:
            check_name(text)
        except FastgenError as error:
            return error.message
        return None

    question = next(one for one in known.all if one.name == NAME)
    return str(ask(question, None, wrong))


def ask(question: Question, default: Value | None, wrong: Callable[[str], str | None]) -> Value:
    """Ask `question`, offering `default`; `wrong` returns what is wrong with a typed text.

    Raises `KeyboardInterrupt` when the user interrupts it.
    """
    text = question.help or question.name
    if question.choices:
        choices = [Choice(one.value, one.label) for one in question.choices]
        return terminal.ask.choose(text, choices, default)
    if question.type == "bool":
        return terminal.ask.confirm(text, default=bool(default))
    shown = "" if default is None else str(default)
    return terminal.ask.text(text, shown, lambda typed: _short(wrong(typed)))


def _short(complaint: str | None) -> str | None:
    """Return `complaint` without the typed text, which is on the line above."""
    return complaint.rpartition(": ")[2] if complaint else None
