"""Turns the questions of `copier.yml` into flags of a command, and answers into flags."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import typer

from fastgen.template.questions import Question, Value


def with_questions(
    command: Callable[..., None], questions: Sequence[Question]
) -> Callable[..., None]:
    """Return `command` with an option for each question added.

    `command` must have a parameter `**options`, which gets the options that were typed.
    """

    def enter(*args: Any, **kwargs: Any) -> None:
        unanswered = {q.name for q in questions if kwargs.get(q.name) is None}
        command(*args, **{k: v for k, v in kwargs.items() if k not in unanswered})

    signature = inspect.signature(command)
    own = [
        p.replace(kind=p.KEYWORD_ONLY)
        for p in signature.parameters.values()
        if p.kind is not p.VAR_KEYWORD
    ]
    # The name first, then the options of the project, then those of its generation.
    parameters = [own[0], *map(_parameter, questions), *own[1:]]
    enter.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    enter.__annotations__ = {p.name: p.annotation for p in parameters}
    enter.__doc__ = command.__doc__
    return enter


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


def _parameter(question: Question) -> inspect.Parameter:
    flag = question.flag
    names = f"{flag}/--no-{flag[2:]}" if question.type == "bool" else flag
    option = typer.Option(
        names,
        metavar=_metavar(question),
        help=" ".join(f"{question.help} {_default(question)}".split()),
        show_default=False,
        # Any value is accepted here, and checked later together with all others.
        parser=None if question.type == "bool" else str,
        autocompletion=_completion(question),
    )
    kind = bool | None if question.type == "bool" else str | None
    return inspect.Parameter(
        question.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[kind, option],
    )


def _metavar(question: Question) -> str | None:
    if question.type == "bool":
        return None
    if question.choices:
        return "|".join(str(choice.value) for choice in question.choices)
    return {"str": "TEXT", "int": "INTEGER", "float": "NUMBER"}[question.type]


def _default(question: Question) -> str:
    default = question.default
    if default is None or "{" in str(default):
        return ""
    if isinstance(default, bool):
        default = "yes" if default else "no"
    return f"[default: {default}]"


def _completion(question: Question) -> Callable[[str], list[tuple[str, str]]] | None:
    if not question.choices:
        return None

    def complete(incomplete: str) -> list[tuple[str, str]]:
        pairs = [(str(choice.value), choice.label) for choice in question.choices]
        return [pair for pair in pairs if pair[0].startswith(incomplete)]

    return complete
