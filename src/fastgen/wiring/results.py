"""The results of an editor."""

from collections.abc import Callable
from dataclasses import dataclass

from fastgen.wiring.source import Module, Unclear


@dataclass(frozen=True, slots=True)
class Edited:
    """The file was edited; has its new bytes."""

    source: bytes
    # Whether its new lines are broken as a formatter breaks them.
    is_laid_out: bool = True


@dataclass(frozen=True, slots=True)
class AlreadyWired:
    """The file is already as wanted."""


@dataclass(frozen=True, slots=True)
class CannotWire:
    """The file is left to the user: the lines to paste (or to delete), and why."""

    snippet: str
    reason: str


Result = Edited | AlreadyWired | CannotWire


def attempt(source: bytes, snippet: str, edit: Callable[[Module], Module | None]) -> Result:
    """Read `source`, apply `edit` (which returns None if nothing is to do), return the result.

    `Unclear` becomes a `CannotWire` with its own snippet, else with `snippet`.
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
