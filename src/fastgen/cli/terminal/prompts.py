"""The kinds of questions, asked on standard error as stdout is for data and may be a file."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Value = str | bool | int | float
# Returns what is wrong with a typed text, None if it is valid.
Complaint = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to choose, and its label."""

    value: Value
    label: str


def explained(value: str, explanation: str) -> Choice:
    """Return a choice whose label has the `explanation` in a second column."""
    return Choice(value, f"{value:<10} {explanation}")


class Prompts(ABC):
    """Asks questions; each raises `KeyboardInterrupt` when the user interrupts it."""

    @abstractmethod
    def text(self, question: str, default: str, wrong: Complaint) -> str:
        """Ask for a text, offering `default`, until nothing is `wrong` with it."""

    @abstractmethod
    def choose(
        self, question: str, choices: Sequence[Choice], default: Value | None = None
    ) -> Value:
        """Ask for one of `choices`, with `default` selected."""

    @abstractmethod
    def confirm(self, question: str, *, default: bool) -> bool:
        """Ask for yes or no."""

    @abstractmethod
    def mark(
        self, question: str, choices: Sequence[Choice], wrong: Callable[[list[str]], str | None]
    ) -> list[str]:
        """Ask for any number of `choices`, until nothing is `wrong` with the marked ones."""
