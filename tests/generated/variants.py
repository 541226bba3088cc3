"""Every combination of the options in `copier.yml`, found there."""

import itertools
from typing import Any

import yaml

from support import ROOT

Answers = dict[str, str]


def options() -> dict[str, list[str]]:
    """Return the values of each option that has a fixed set of them."""
    questions: dict[str, Any] = yaml.safe_load((ROOT / "copier.yml").read_text("utf-8"))
    return {
        name: values
        for name, question in questions.items()
        if not name.startswith("_") and (values := _values(question))
    }


def variants() -> dict[str, Answers]:
    """Return the answers of each combination by a name that tells them."""
    choices = options()
    combined = [
        dict(zip(choices, values, strict=True)) for values in itertools.product(*choices.values())
    ]
    return {_name(answers): answers for answers in combined}


def default() -> Answers:
    """Return the first combination: the defaults of all options stand first."""
    return next(iter(variants().values()))


def flags(answers: Answers) -> list[str]:
    """Return what `fastgen new` is told for these answers."""
    return [f"--{name.replace('_', '-')}={value}" for name, value in answers.items()]


def _values(question: dict[str, Any]) -> list[str]:
    if question.get("when") is False or "choices" not in question:
        return []
    choices = question["choices"]
    values = list(choices.values() if isinstance(choices, dict) else choices)
    return sorted(map(str, values), key=lambda value: value != str(question["default"]))


def _name(answers: Answers) -> str:
    return "-".join(value if value != "none" else f"no_{name}" for name, value in answers.items())
