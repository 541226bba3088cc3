"""Shell completion of resources, fields and access rules.

It only reads: nothing is locked, undone or written, and what cannot be read is not offered.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from fastgen import databases
from fastgen.errors import FastgenError
from fastgen.fields.grammar import FLAGS, MODIFIERS
from fastgen.fields.show import show
from fastgen.fields.types import TYPES
from fastgen.names.resource import SNAKE
from fastgen.project import account
from fastgen.project import resources as entries
from fastgen.project.project import find
from fastgen.slices.resource import USER
from fastgen.slices.rights import ACCESSES


def resources(incomplete: str) -> list[str]:
    """Return the resources of the project around the current folder."""
    return _beginning(incomplete, _resources(_root()))


def with_fields(incomplete: str) -> list[str]:
    """Return the resources of the project around the current folder, and accounts."""
    root = _root()
    return _beginning(incomplete, (*_resources(root), USER) if root else ())


def accesses(incomplete: str) -> list[str]:
    """Return the access rules."""
    return _beginning(incomplete, ACCESSES)


def fields_of(argument: str) -> Callable[[typer.Context, str], list[str]]:
    """Return the completion function for fields of the resource in `argument`."""

    def fields(ctx: typer.Context, incomplete: str) -> list[str]:
        before, typed = _whole(ctx.params.get("fields") or (), incomplete)
        found = _beginning(typed, _fields(ctx.params.get(argument) or "", typed))
        return [one.removeprefix(before) for one in found]

    return fields


def names_of(argument: str) -> Callable[[typer.Context, str], list[str]]:
    """Return the completion function for the names of the fields of the resource in `argument`."""

    def names(ctx: typer.Context, incomplete: str) -> list[str]:
        recorded = _recorded(_root(), ctx.params.get(argument) or "")
        return _beginning(incomplete, [text.partition(":")[0] for text in recorded])

    return names


def _whole(words: Sequence[str], incomplete: str) -> tuple[str, str]:
    """Return the part of the field that the shell cut off, and the whole field.

    Bash splits words at colons: `sku`, `:`, `st`.
    """
    parts = [*words, incomplete]
    if ":" not in parts:
        return "", incomplete
    start = len(parts) - 1
    while start > 0 and ":" in (parts[start], parts[start - 1]):
        start -= 1
    typed = "".join(parts[start:])
    return typed[: len(typed) - len(incomplete.removeprefix(":"))], typed


def _fields(resource: str, typed: str) -> Iterator[str]:
    head, colon, _ = typed.rpartition(":")
    _, *parts = head.split(":")
    root = _root()
    if not colon:
        yield from _recorded(root, resource)
    elif not parts:
        yield from (f"{head}:{type_}" for type_ in TYPES)
    else:
        yield from (f"{head}:{word}" for word in _after(parts, root))


def _after(parts: Sequence[str], root: Path | None) -> Iterator[str]:
    """Return what may follow `parts`, a type with its argument and modifiers."""
    typed, *rest = parts
    type_ = TYPES.get(typed)
    if type_ is None:
        return
    if not rest and type_.refers:
        yield from (*_resources(root), USER)
    elif not rest:
        yield from (item.name for item in type_.item_types)
    if rest or not type_.needs_argument:
        fitting = (name for name in MODIFIERS if name in type_.modifiers and name not in rest)
        yield from (name if name in FLAGS else f"{name}=" for name in fitting)


def _recorded(root: Path | None, typed: str) -> Iterable[str]:
    """Return the fields of an existing resource, or those that were added to accounts."""
    known = entries.known_as(root, typed) if root and typed else None
    name = USER if account.is_meant(typed) else known
    try:
        entry = entries.load(root, name, databases.MOST_PERMISSIVE) if root and name else None
    except FastgenError:
        return ()
    return [show(field) for field in entry.resource.fields] if entry else ()


def _resources(root: Path | None) -> list[str]:
    return [name for name in entries.listed(root) if SNAKE.fullmatch(name)] if root else []


def _root() -> Path | None:
    try:
        return find()
    except FastgenError:
        return None


def _beginning(incomplete: str, found: Iterable[Any]) -> list[str]:
    return [one for one in found if one.startswith(incomplete)]
