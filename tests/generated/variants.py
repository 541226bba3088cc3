"""Combinations of the options in `copier.yml`, found there: every two values that may be together
are together in one of them.

`FASTGEN_OPTIONS_TOGETHER=3` does that for every three. The name of a combination is in the names of
its tests, so that `-k NAME` runs one alone.
"""

import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2.sandbox import SandboxedEnvironment

from fastgen.template import questions
from fastgen.template.expressions import Expressions
from support import ROOT

Value = str | bool
Answers = dict[str, Value]

FILE = ROOT / "copier.yml"
TOGETHER = int(os.environ.get("FASTGEN_OPTIONS_TOGETHER", "2"))
ENVIRONMENT = SandboxedEnvironment()
FALSE = {"", "false", "no", "none", "off", "0"}


def options(file: Path = FILE) -> dict[str, list[Value]]:
    """Return the values of each option that has a fixed set of them, the default first."""
    return {name: list(_choices(question)) for name, question in _questions(file).items()}


def variants(file: Path = FILE, together: int = TOGETHER) -> dict[str, Answers]:
    """Return the answers of some combinations, the defaults first, by a name that tells them."""
    possible = [(answers, parts(answers, together)) for answers in allowed(file)]
    first, missing = possible[0][0], set().union(*(found for _, found in possible))
    chosen = [first]
    missing -= parts(first, together)
    while missing:
        # The first of those that have the most of what is still missing.
        best, found = max(possible, key=lambda pair: len(missing & pair[1]))
        chosen.append(best)
        missing -= found
    return {_name(answers): answers for answers in chosen}


def allowed(file: Path = FILE) -> list[Answers]:
    """Return every combination; options that are not asked, given the others, are not in it."""
    questions = _questions(file)
    values = [list(_choices(question)) for question in questions.values()]
    rows = (_answers(questions, row) for row in itertools.product(*values))
    return list({tuple(answers.items()): answers for answers in rows if answers}.values())


def _answers(questions: Mapping[str, dict[str, Any]], row: Sequence[Value]) -> Answers:
    """Return the answers to the questions that are asked; none if a choice is refused."""
    answers: Answers = {}
    for (name, question), value in zip(questions.items(), row, strict=True):
        if _is_true(question.get("when", True), answers):
            answers[name] = value
            if _render(_choices(question)[value], answers):
                return {}
    return answers


def parts(answers: Answers, together: int) -> set[tuple[tuple[str, Value], ...]]:
    """Return which values of how many options these answers have together."""
    return set(itertools.combinations(answers.items(), min(together, len(answers))))


def derived(answers: Answers) -> dict[str, Any]:
    """Return `answers` with the values that `copier.yml` derives from them."""
    loaded = questions.load()
    expressions = Expressions(loaded.envops)
    values: dict[str, Any] = {"project_name": "shop", **answers}
    for question in loaded.all:
        if not question.asked:
            text = expressions.text(str(question.default), values)
            values[question.name] = text if question.type == "str" else yaml.safe_load(text)
    return values


def default() -> Answers:
    """Return the combination of all defaults."""
    return allowed()[0]


def flags(answers: Mapping[str, Value]) -> list[str]:
    """Return what `fastgen new` is told for these answers."""
    return [_flag(name.replace("_", "-"), value) for name, value in answers.items()]


def _flag(name: str, value: Value) -> str:
    if isinstance(value, bool):
        return f"--{name}" if value else f"--no-{name}"
    return f"--{name}={value}"


def _questions(file: Path) -> dict[str, dict[str, Any]]:
    return _questions_in(file.read_text("utf-8"))


@cache
def _questions_in(text: str) -> dict[str, dict[str, Any]]:
    entries: dict[str, Any] = yaml.safe_load(text)
    return {
        name: question
        for name, question in entries.items()
        if not name.startswith("_") and question.get("when") is not False and _choices(question)
    }


def _choices(question: dict[str, Any]) -> dict[Value, str]:
    """Return the values of an option, the default first, each with the validator that it has."""
    if question.get("type") == "bool":
        choices: dict[Value, str] = {True: "", False: ""}
    else:
        choices = dict(_values(question.get("choices") or ()))
    default = question.get("default")
    return dict(sorted(choices.items(), key=lambda item: item[0] != default))


def _values(choices: Any) -> Iterator[tuple[Value, str]]:
    for value in choices.values() if isinstance(choices, dict) else choices:
        if isinstance(value, dict):
            yield value["value"], value.get("validator", "")
        else:
            yield value[1] if isinstance(value, list) else value, ""


def _is_true(condition: str | bool, answers: Answers) -> bool:
    return condition is True or _render(str(condition), answers).lower() not in FALSE


def _render(template: str, answers: Answers) -> str:
    return ENVIRONMENT.from_string(template).render(answers).strip() if template else ""


def _name(answers: Answers) -> str:
    return "-".join(
        f"no_{name}" if value in {"none", False} else name if value is True else str(value)
        for name, value in answers.items()
    )
