"""Questions line by line, for a terminal that can only print (`TERM=dumb`).

They have the same answers as those of `prompts`; Ctrl-D interrupts, as Ctrl-C does.
"""

import re
import sys
from collections.abc import Callable, Sequence


def text(question: str, default: str, wrong: Callable[[str], str | None]) -> str:
    """Ask for a text, offering `default`, until nothing is `wrong` with it."""
    offered = f" [{default}]" if default else ""
    while True:
        typed = _read(f"{question}{offered}: ") or default
        complaint = wrong(typed)
        if complaint is None:
            return typed
        _say(complaint)


def choose(question: str, labels: Sequence[str], default: int) -> int:
    """Ask for one of the `labels`, and return its index."""
    _list(question, labels)
    while True:
        typed = _read(f"Number [{default + 1}]: ")
        chosen = _places(typed, len(labels)) if typed else [default]
        if len(chosen) == 1:
            return chosen[0]
        _say(f"type a number from 1 to {len(labels)}")


def mark(question: str, labels: Sequence[str], marked: Sequence[int]) -> list[int]:
    """Ask for any number of the `labels`, and return their indexes."""
    _list(question, labels)
    before = ",".join(str(place + 1) for place in marked) or "none"
    while True:
        typed = _read(f"Numbers, with commas between them [{before}]: ")
        chosen = _places(typed, len(labels)) if typed else list(marked)
        if chosen or not typed:
            return chosen
        _say(f"type numbers from 1 to {len(labels)}")


def confirm(question: str, *, default: bool) -> bool:
    """Ask for yes or no."""
    while True:
        typed = _read(f"{question} {'(Y/n)' if default else '(y/N)'}: ").lower()
        if typed in {"", "y", "yes", "n", "no"}:
            return default if not typed else typed.startswith("y")
        _say("type y or n")


def _list(question: str, labels: Sequence[str]) -> None:
    _say(question)
    for number, label in enumerate(labels, 1):
        _say(f"{number:>3}  {label}")


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
