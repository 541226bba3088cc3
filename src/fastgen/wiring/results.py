"""What an editor answers."""

from collections.abc import Callable
from dataclasses import dataclass

from fastgen.wiring.source import Module, Unclear


@dataclass(frozen=True, slots=True)
class Edited:
    """The file's new bytes."""

    source: bytes


@dataclass(frozen=True, slots=True)
class AlreadyWired:
    """The file already is as it is wanted."""


@dataclass(frozen=True, slots=True)
class CannotWire:
    """The file is left to its owner: the lines to paste (or to delete), and why."""

    snippet: str
    reason: str


Result = Edited | AlreadyWired | CannotWire


def attempt(source: bytes, snippet: str, edit: Callable[[Module], Module | None]) -> Result:
    """Read `source`, `edit` it (nothing when there is nothing to do), and answer.

    What is unclear becomes a `CannotWire` with `snippet`, or with one that fits better.
    """
    try:
        module = Module.read(source)
        edited = edit(module)
        if edited is None or edited.text == module.text:
            return AlreadyWired()
        return Edited(edited.encoded())
    except Unclear as problem:
        return CannotWire(problem.snippet or snippet, problem.reason)
    except RecursionError:
        return CannotWire(snippet, "it is nested too deeply")
