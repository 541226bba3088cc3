"""Turns typed values into a full set of answers; reports all mistakes at once."""

import difflib
import re
import shlex
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace

from fastgen.errors import FastgenError, Instead, InvalidOption, raise_all
from fastgen.messages import shown
from fastgen.names.project import check as check_name
from fastgen.template.expressions import Expressions
from fastgen.template.questions import NAME, Question, Questions, Value

LONGEST_TEXT = 500
TRUE = ("true", "yes", "on", "1")
FALSE = ("false", "no", "off", "0")
# What a validator of `copier.yml` says of a value that needs another option.
NEEDS = re.compile(r"needs (--[a-z-]+) (\w+)")

Answers = dict[str, Value]
Ask = Callable[[Question, Value | None, Callable[[str], str | None]], Value]


def resolve(questions: Questions, given: Mapping[str, Value], ask: Ask | None = None) -> Answers:
    """Answer every question from `given`, else from `ask` if there is one, else by its default.

    `ask` gets the question with the choices that go with the other answers, its default, and a
    check that returns what is wrong with a typed text. Derived values are left out of the result.
    Raises the errors of all values together; `mistakes` finds them before anything is asked.
    """
    resolver = _Resolver(questions, given)
    resolver.run(ask)
    raise_all(resolver.errors)
    return resolver.answers


def mistakes(questions: Questions, given: Mapping[str, Value]) -> list[FastgenError]:
    """Return the errors in the values `given`."""
    resolver = _Resolver(questions, {NAME: "myapi", **given})
    resolver.run(None)
    return resolver.errors


class _Resolver:
    def __init__(self, questions: Questions, given: Mapping[str, Value]) -> None:
        self.questions = questions
        self.given = given
        self.expressions = Expressions(questions.envops)
        self.answers: Answers = {}
        self.context: dict[str, object] = {}
        self.errors: list[FastgenError] = []

    def run(self, ask: Ask | None) -> None:
        for question in self.questions.leading:
            try:
                value = self._value(question, ask)
            except FastgenError as error:
                self.errors.append(error)
                # Later expressions read a valid value, so that each mistake is reported once.
                value = self._default(question) or "x"
            self.context[question.name] = value

    def _value(self, question: Question, ask: Ask | None) -> object:
        if not question.asked:
            return self._derived(question)
        if not self.expressions.truth(question.when, self.context):
            if question.name in self.given:
                raise self._misfit(question)
            return self._default(question)
        value = self._answer(question, ask)
        self.answers[question.name] = value
        return value

    def _answer(self, question: Question, ask: Ask | None) -> Value:
        if question.name in self.given:
            return self._accepted(question, self.given[question.name])
        if ask is not None:
            offered = tuple(c for c in question.choices if not self._complaint(question, c.value))
            asked = replace(question, choices=offered)
            typed = ask(asked, self._default(question), lambda text: self._wrong(question, text))
            return self._accepted(question, typed)
        default = self._default(question)
        return self._accepted(question, default if default is not None else "")

    def _default(self, question: Question) -> Value | None:
        default: Value | None = question.default
        if not isinstance(default, str):
            return default
        text = self.expressions.text(default, self.context)
        return parse(question, text) if question.type != "str" else text

    def _derived(self, question: Question) -> object:
        if not isinstance(question.default, str):
            return question.default
        text = self.expressions.text(question.default, self.context)
        if question.type == "str":
            return text
        import yaml  # noqa: PLC0415

        return yaml.safe_load(text)

    def _accepted(self, question: Question, typed: Value) -> Value:
        value = parse(question, typed)
        complaint = self._complaint(question, value)
        if complaint:
            needed = NEEDS.search(complaint)
            better = ((f"{needed[1]}=*", f"{needed[1]} {needed[2]}"),) if needed else None
            raise InvalidOption(
                f"{question.flag} {shown(str(typed))}: {complaint}",
                instead=better or _without(question),
            )
        return value

    def _complaint(self, question: Question, value: Value) -> str:
        chosen = [c.validator for c in question.choices if c.value == value]
        context = {**self.context, question.name: value}
        for source in (question.validator, *chosen):
            complaint = self.expressions.text(source, context).strip()
            if complaint:
                return complaint
        return ""

    def _wrong(self, question: Question, text: str) -> str | None:
        try:
            self._accepted(question, text)
        except FastgenError as error:
            return error.message
        return None

    def _misfit(self, question: Question) -> InvalidOption:
        condition = str(question.when).strip().removeprefix("{{").removesuffix("}}").strip()
        return InvalidOption(
            f"{question.flag} does not go with the other options: it needs {condition}",
            instead=_without(question),
        )


def parse(question: Question, typed: Value) -> Value:
    """Return `typed` converted to the question's type, one of its choices if it has any.

    Raises `InvalidOption`, or `InvalidName` for the project's name.
    """
    if question.name == NAME:
        return check_name(str(typed))
    if question.choices:
        return _choice(question, typed)
    if question.type == "bool":
        return _boolean(question, typed)
    if question.type in {"int", "float"}:
        return _number(question, typed)
    return check_text(question, str(typed))


def _choice(question: Question, typed: Value) -> Value:
    values = {str(choice.value): choice.value for choice in question.choices}
    if str(typed) in values:
        return values[str(typed)]
    allowed = ", ".join(values)
    message = f"{question.flag} does not take {shown(str(typed))}: choose one of {allowed}"
    folded = {value.lower(): value for value in values}
    near = difflib.get_close_matches(str(typed).lower(), folded, n=1)
    good = question.default if question.default in values else next(iter(values))
    better = folded[near[0]] if near else good
    raise InvalidOption(message, instead=((f"{question.flag}=*", f"{question.flag} {better}"),))


def _boolean(question: Question, typed: Value) -> bool:
    if isinstance(typed, bool):
        return typed
    text = str(typed).strip().lower()
    if text in TRUE or text in FALSE:
        return text in TRUE
    raise InvalidOption(f"{question.flag} does not take {shown(text)}: say yes or no")


def _number(question: Question, typed: Value) -> Value:
    try:
        return int(typed) if question.type == "int" else float(typed)
    except ValueError:
        kind = "a whole number" if question.type == "int" else "a number"
        message = f"{question.flag} does not take {shown(str(typed))}: it is {kind}"
        raise InvalidOption(message, instead=_without(question)) from None


def check_text(question: Question, typed: str) -> str:
    """Return free text without surrounding white space; raises `InvalidOption`.

    Printable characters, newlines and tabs are accepted; other control characters and bytes
    that are not valid UTF-8 are not.
    """
    text = typed.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise InvalidOption(
            f"{question.flag} has {len(text)} characters: at most {LONGEST_TEXT} are accepted",
            instead=_with(question, text),
        )
    for character in text:
        kind = unicodedata.category(character)
        if kind == "Cs":
            raise InvalidOption(
                f"{question.flag} has bytes that are not valid UTF-8",
                instead=_with(question, text),
            )
        if (kind == "Cc" and character not in "\n\t") or kind in {"Zl", "Zp"}:
            raise InvalidOption(
                f"{question.flag} has the control character U+{ord(character):04X}: "
                "only printable characters, newlines and tabs are accepted",
                instead=_with(question, text),
            )
    return text


def _without(question: Question) -> Instead:
    """Return the correction that drops the flag, as its default goes with all other options."""
    if question.type == "bool":
        return ((question.flag, ""), (f"--no-{question.flag[2:]}", ""))
    return ((f"{question.flag}=*", ""),)


def _with(question: Question, text: str) -> Instead:
    """Return the correction that keeps the valid part of `text`."""
    kept = "".join(filter(str.isprintable, text))[:LONGEST_TEXT].strip()
    return ((f"{question.flag}=*", shlex.join([question.flag, kept])),)
