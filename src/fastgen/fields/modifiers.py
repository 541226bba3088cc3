"""The modifiers of a field, each checked by itself."""

from collections.abc import Sequence

from fastgen.fields.grammar import (
    BOUND_EXAMPLES,
    DEFAULT_EXAMPLES,
    EXAMPLES,
    FLAGS,
    REASONS,
    TAKEN_BY,
    near_modifier,
    takes,
    word,
)
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import Type
from fastgen.messages import meant, shown


def collect(type_: Type, parts: Sequence[str], mistakes: Mistakes) -> dict[str, str]:
    """Return the value of each modifier in `parts`, `""` for a flag.

    Adds an error to `mistakes` for each that is unknown, does not go with the type, or is given
    twice.
    """
    given: dict[str, str] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        problem = _unfit(type_, part) or _malformed(name, equals, value)
        if not problem and name in given:
            problem = f"{name} is given twice"
        if problem:
            mistakes.add(problem, _example(type_, name), instead=_better(type_, part))
        else:
            given[name] = value
    return given


def _better(type_: Type, part: str) -> dict[str, str]:
    """Return the replacement of `part` by the modifier that was likely meant, if any."""
    name, equals, value = part.partition("=")
    near = name if name in TAKEN_BY else near_modifier(part, type_)
    if near is None or type_ not in TAKEN_BY[near]:
        return {}
    if near in FLAGS:
        return {part: near}
    return {part: f"{near}={value}"} if equals and value else {}


def _unfit(type_: Type, part: str) -> str | None:
    name = word(part)
    if not part:
        return "there is nothing between two colons or after the last one; remove the extra ':'"
    if name not in TAKEN_BY:
        near = near_modifier(part, type_)
        return f"{shown(part)} is not a modifier{meant(near)}; {type_} takes {takes(type_)}"
    if type_ not in TAKEN_BY[name]:
        reason = REASONS.get((name, type_))
        return f"{type_} does not take {name}{': ' + reason if reason else ''}; it takes " + takes(
            type_
        )
    return None


def _malformed(name: str, equals: str, value: str) -> str | None:
    if name == "unique" and equals:
        return (
            "unique over several columns is not offered: add a UniqueConstraint to the model's "
            "__table_args__ and a migration by hand; for this column alone, unique has no value"
        )
    if name in FLAGS:
        return f"{name} takes no value" if equals else None
    if not equals or (not value and name != "default"):
        return f"{name} needs a value: {name}=..."
    return None


def _example(type_: Type, name: str) -> str:
    bare = EXAMPLES[type_]
    if name not in TAKEN_BY:
        name = near_modifier(name, type_) or name
    if type_ not in TAKEN_BY.get(name, ()):
        return bare
    examples = {
        "ondelete": "ref:user:ondelete=cascade",
        "pattern": f"{bare}:pattern=^[a-z]+$",
        "default": DEFAULT_EXAMPLES.get(type_, bare),
        "readonly": f"{bare}:optional:readonly",
        "min": f"{bare}:min=1",
        "max": "str:max=100" if type_ == "str" else f"{bare}:max=10",
    }
    if name in (*FLAGS, "default") or (name in examples and type_ not in BOUND_EXAMPLES):
        return examples.get(name, f"{bare}:{name}")
    return BOUND_EXAMPLES.get(type_, bare)
