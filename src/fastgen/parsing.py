"""Parses what somebody else wrote: whatever stands in it, the worst is a `ValueError`."""

import ast
import math
import warnings
from typing import Any

DEEPEST = 32
# Of a key in TOML: tomllib takes the square of their number.
MOST_DOTS = 256
# What the readers of YAML and TOML raise besides `ValueError`: OverflowError for a date.
UNREADABLE = (RecursionError, MemoryError, ArithmeticError, LookupError)


def yaml_of(content: bytes) -> Any:
    """Return what the YAML `content` says; without aliases, tags and deep nesting."""
    import yaml  # noqa: PLC0415

    # libyaml builds its tree in C, by recursion without a limit: events are looked at first.
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


def _check_event(event: Any, alias: type) -> None:
    if isinstance(event, alias) or getattr(event, "anchor", None) is not None:
        raise ValueError("it has an alias, which is not taken")
    if getattr(event, "tag", None) is not None:
        raise ValueError(f"it has the tag {event.tag}, which is not taken")


def toml_of(content: bytes) -> dict[str, Any]:
    """Return what the TOML `content` says."""
    import tomllib  # noqa: PLC0415

    if any(line.count(b".") > MOST_DOTS for line in content.splitlines()):
        raise ValueError(f"a line of it has more than {MOST_DOTS} dots")
    try:
        return tomllib.loads(content.decode())
    except UNREADABLE as error:
        raise ValueError("it is nested too deeply") from error


def python_of(source: str | bytes) -> ast.Module:
    """Return the tree of the Python module `source`."""
    try:
        with warnings.catch_warnings():
            # What a file's owner is warned of is not ours to report.
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError as error:
        raise ValueError(str(error)) from error
    except (RecursionError, MemoryError) as error:
        raise ValueError("it is nested too deeply") from error


def is_scalar(value: object) -> bool:
    """Whether `value` is a text, yes or no, or a number that JSON and databases take."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str) or (isinstance(value, int) and abs(value) < 2**63)
