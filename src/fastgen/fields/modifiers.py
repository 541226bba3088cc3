"""The modifiers of a field, each checked by itself."""

from collections.abc import Sequence

from fastgen.fields.grammar import FLAGS, MODIFIERS, near_modifier, word
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.types import FieldType
from fastgen.messages import meant, shown


def collect(type_: FieldType, parts: Sequence[str], mistakes: Mistakes) -> dict[str, str]:
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


def _better(type_: FieldType, part: str) -> dict[str, str]:
    """Return the replacement of `part` by the modifier that was likely meant, if any."""
    name, equals, value = part.partition("=")
    near = name if name in MODIFIERS else near_modifier(part, type_.modifiers)
    if near is None or near not in type_.modifiers:
        return {}
    if near in FLAGS:
        return {part: near}
    return {part: f"{near}={value}"} if equals and value else {}


def _unfit(type_: FieldType, part: str) -> str | None:
    name = word(part)
    if not part:
        return "there is nothing between two colons or after the last one; remove the extra ':'"
    if name not in MODIFIERS:
        near = near_modifier(part, type_.modifiers)
        return f"{shown(part)} is not a modifier{meant(near)}; {type_.name} takes {_taken(type_)}"
    if name not in type_.modifiers:
        reason = type_.refusals.get(name)
        why = f": {reason}" if reason else ""
        return f"{type_.name} does not take {name}{why}; it takes {_taken(type_)}"
    return None


def _taken(type_: FieldType) -> str:
    """Return the modifiers that a type takes, for a message: `optional, default=, …`."""
    taken = (name for name in MODIFIERS if name in type_.modifiers)
    return ", ".join(name if name in FLAGS else f"{name}=" for name in taken)


def _malformed(name: str, equals: str, value: str) -> str | None:
    if name == "unique" and equals:
        return (
            "unique takes no value; over several columns it is a flag of the command: "
            "fastgen add resource … --unique NAME,NAME"
        )
    if name in FLAGS:
        return f"{name} takes no value" if equals else None
    if not equals or (not value and name != "default"):
        return f"{name} needs a value: {name}=..."
    return None


def _example(type_: FieldType, name: str) -> str:
    bare = type_.example
    if name not in MODIFIERS:
        name = near_modifier(name, type_.modifiers) or name
    if name not in type_.modifiers:
        return bare
    examples = {
        "ondelete": "ref:user:ondelete=cascade",
        "pattern": f"{bare}:pattern=^[a-z]+$",
        "default": type_.default_example or bare,
        "readonly": f"{bare}:optional:readonly",
        "min": f"{bare}:min=1",
        "max": type_.max_example or f"{bare}:max=10",
    }
    if name in (*FLAGS, "default") or (name in examples and not type_.bound_example):
        return examples.get(name, f"{bare}:{name}")
    return type_.bound_example or bare
