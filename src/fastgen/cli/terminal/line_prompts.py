"""Questions line by line, for a terminal that can only print (`TERM=dumb`)."""

import re
import sys
from collections.abc import Callable, Sequence

from fastgen.cli.terminal.prompts import Choice, Complaint, Prompts, Value


class LinePrompts(Prompts):
    """Asks questions; Ctrl-D interrupts, as Ctrl-C does."""

    def text(self, question: str, default: str, wrong: Complaint) -> str:
        """Ask for a text, offering `default`, until nothing is `wrong` with it."""
        offered = f" [{default}]" if default else ""
        while True:
            typed = _read(f"{question}{offered}: ") or default
            complaint = wrong(typed)
            if complaint is None:
                return typed
            _say(complaint)

    def choose(
        self, question: str, choices: Sequence[Choice], default: Value | None = None
    ) -> Value:
        """Ask for one of `choices`, by its number."""
        values = [one.value for one in choices]
        first = values.index(default) if default in values else 0
        _list(question, choices)
        while True:
            typed = _read(f"Number [{first + 1}]: ")
            chosen = _places(typed, len(values)) if typed else [first]
            if len(chosen) == 1:
                return values[chosen[0]]
            _say(f"type a number from 1 to {len(values)}")

    def confirm(self, question: str, *, default: bool) -> bool:
        """Ask for yes or no."""
        while True:
            typed = _read(f"{question} {'(Y/n)' if default else '(y/N)'}: ").lower()
            if typed in {"", "y", "yes", "n", "no"}:
                return default if not typed else typed.startswith("y")
            _say("type y or n")

    def mark(
        self, question: str, choices: Sequence[Choice], wrong: Callable[[list[str]], str | None]
    ) -> list[str]:
        """Ask for any number of `choices`, by their numbers, until nothing is `wrong` with them."""
        marked: list[int] = []
        while True:
            marked = _marked(question, choices, marked)
            values = [str(choices[place].value) for place in marked]
            complaint = wrong(values)
            if complaint is None:
                return values
            _say(complaint)


def _marked(question: str, choices: Sequence[Choice], marked: list[int]) -> list[int]:
    _list(question, choices)
    before = ",".join(str(place + 1) for place in marked) or "none"
    while True:
        typed = _read(f"Numbers, with commas between them [{before}]: ")
        chosen = _places(typed, len(choices)) if typed else marked
        if chosen or not typed:
            return chosen
        _say(f"type numbers from 1 to {len(choices)}")


def _list(question: str, choices: Sequence[Choice]) -> None:
    _say(question)
    for number, choice in enumerate(choices, 1):
        _say(f"{number:>3}  {choice.label}")


def _places(typed: str, count: int) -> list[int]:
    """Return the indexes for the numbers in `typed`; empty if one is wrong."""
    words = re.split(r"[\s,]+", typed.strip(", "))
    right = all(word.isascii() and word.isdigit() and 1 <= int(word) <= count for word in words)
    return sorted({int(word) - 1 for word in words}) if right else []


def _read(prompt: str) -> str:
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        sys.stderr.write("\n")
        raise KeyboardInterrupt
    return line.strip()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
