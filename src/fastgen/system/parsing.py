"""Parses untrusted files; whatever they contain, it only raises `ValueError`."""

import ast
import math
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

DEEPEST = 32
# In a TOML key: tomllib takes quadratic time in their number.
MOST_DOTS = 256
# Raised by the YAML and TOML readers besides `ValueError`; OverflowError for a date.
UNREADABLE = (RecursionError, MemoryError, ArithmeticError, LookupError)


def yaml_of(content: bytes) -> Any:
    """Return the value of the YAML `content`; refuses aliases, tags and deep nesting."""
    import yaml  # noqa: PLC0415

    # libyaml builds its tree by unlimited recursion in C, so the events are checked first.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        depth = 0
        for event in yaml.parse(content, loader):
            _check_event(event, yaml.AliasEvent)
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise ValueError(f"it is nested more than {DEEPEST} deep")
        return yaml.load(content, loader)  # noqa: S506 - both are safe loaders
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error
    except UNREADABLE as error:
        raise ValueError(f"a value in it cannot be read: {type(error).__name__}") from error


def yaml_repeated(content: bytes) -> list[str]:
    """Return the keys of the YAML `content` that their mapping has twice.

    Aliases and tags are accepted, as no value is made.
    """
    import yaml  # noqa: PLC0415

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return list(_repeated(yaml.parse(content, loader)))
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error


def _repeated(events: Iterable[Any]) -> Iterator[str]:
    # The keys of each mapping around the event, None for a sequence, and how many nodes it has.
    around: list[tuple[set[str] | None, int]] = []
    for event in events:
        kind = type(event).__name__
        if kind in {"MappingEndEvent", "SequenceEndEvent"}:
            around.pop()
        elif kind in {"ScalarEvent", "AliasEvent", "MappingStartEvent", "SequenceStartEvent"}:
            if around:
                keys, nodes = around[-1]
                around[-1] = keys, nodes + 1
                if keys is not None and nodes % 2 == 0 and kind == "ScalarEvent":
                    yield from {event.value} & keys
                    keys.add(event.value)
            if kind in {"MappingStartEvent", "SequenceStartEvent"}:
                around.append((set() if kind == "MappingStartEvent" else None, 0))


def _check_event(event: Any, alias: type) -> None:
    if isinstance(event, alias) or getattr(event, "anchor", None) is not None:
        raise ValueError("it has an alias, which is not accepted")
    if getattr(event, "tag", None) is not None:
        raise ValueError(f"it has the tag {event.tag}, which is not accepted")


def toml_of(content: bytes) -> dict[str, Any]:
    """Return the table in the TOML `content`."""
    import tomllib  # noqa: PLC0415

    if any(line.count(b".") > MOST_DOTS for line in content.splitlines()):
        raise ValueError(f"a line of it has more than {MOST_DOTS} dots")
    try:
        return tomllib.loads(content.decode())
    except UNREADABLE as error:
        raise ValueError("it is nested too deeply") from error


def python_of(source: str | bytes) -> ast.Module:
    """Return the syntax tree of the Python module `source`."""
    try:
        with warnings.catch_warnings():
            # Warnings about the file are for its owner.
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError as error:
        raise ValueError(str(error)) from error
    except (RecursionError, MemoryError) as error:
        raise ValueError("it is nested too deeply") from error


def is_scalar(value: object) -> bool:
    """Whether `value` is a string, a boolean, or a number that JSON and databases accept."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str) or (isinstance(value, int) and abs(value) < 2**63)
