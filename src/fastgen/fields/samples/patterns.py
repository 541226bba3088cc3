"""Generates texts that a regular expression may match, from its parsed form.

No library fits: exrex is AGPL, and the texts of rstr depend on the order of a set. Both use the
parser of the standard library as well.
"""

import re
import string
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from itertools import islice
from random import Random
from typing import Any

# Untyped, and typeshed is inconsistent about its existence.
_parser: Any = import_module("re._parser")

# Characters that a person would choose come first.
READABLE = string.ascii_lowercase + string.ascii_uppercase + string.digits + "-_.@ " + "!#$%&'*+,/"
READABLE += ':;<=>?[\\]^`{|}~"()'
CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}
# Runaway texts, such as those of ((a*)*)*, are cut.
LONGEST = 20_000
# How many texts to generate for each number of repetitions, a third in each way to choose.
WAYS = 60
# Numbers of repetitions beyond the minimum.
USUAL = (2, 1, 3, 0)
# After this many characters another number is tried, so that a command does not hang.
ENOUGH = 50_000

Choose = Callable[[int], int]


def candidates(pattern: str, length: int) -> Iterator[str]:
    """Yield distinct texts that `pattern` likely matches, readable ones first.

    Some have at least about `length` characters. The caller must check them, as look-around,
    references and anchors are ignored.
    """
    tree = _parser.parse(pattern)
    missing = max(length - len(_Writer(lambda _: 0, 0).write(tree)), 0)
    # A repetition may write one character or several.
    exact = [-(-missing // size) for size in (1, 2, 3)]
    extras = [*exact, *USUAL] if missing > max(USUAL) else [*USUAL, *exact]
    seen: set[str] = set()
    for extra in dict.fromkeys(extras):
        for text in _written(tree, extra):
            # An unanchored end may be extended.
            for each in (text,) if pattern.endswith("$") else (text, text.ljust(length, "x")):
                if each not in seen:
                    seen.add(each)
                    yield each


def _written(tree: Any, extra: int) -> Iterator[str]:
    written = 0
    for way in range(WAYS):
        text = _Writer(_chooser(way), extra).write(tree)
        yield text
        written += len(text)
        if written > ENOUGH:
            return


def _chooser(way: int) -> Choose:
    """Return a way to choose: always the same index, each index in turn, or at random."""
    third, place = divmod(way, WAYS // 3)
    if third == 0:
        return lambda size: place % size
    if third == 1:
        rest = place

        def count(size: int) -> int:
            nonlocal rest
            rest, chosen = divmod(rest, size)
            return chosen

        return count
    # Only `random()` is guaranteed to give the same numbers on every Python.
    lot = Random(place)  # noqa: S311
    return lambda size: int(lot.random() * size)


class _Writer:
    """Writes a text for a parsed pattern."""

    def __init__(self, choose: Choose, extra: int) -> None:
        self.choose = choose
        self.extra = extra

    def write(self, tree: Any, *, nested: bool = False) -> str:
        return "".join(self._one(str(code), value, nested=nested) for code, value in tree)

    def _one(self, code: str, value: Any, *, nested: bool) -> str:
        match code:
            case "LITERAL":
                return chr(value)
            case "ANY" | "NOT_LITERAL" | "IN":
                return self._of(_items(code, value))
            case "BRANCH":
                return self.write(value[1][self.choose(len(value[1]))], nested=nested)
            case "SUBPATTERN":
                return self.write(value[-1], nested=nested)
            case "MAX_REPEAT" | "MIN_REPEAT":
                return self._repeat(*value, nested=nested)
            case _:
                return ""

    def _repeat(self, least: int, most: int, tree: Any, *, nested: bool) -> str:
        written = ""
        # Whole groups are repeated seldom: "ab-ab" is readable, "ab-ab-ab-ab" is not.
        extra = min(self.extra, 1) if nested else self.extra
        for _ in range(min(least + extra, int(most))):
            written += self.write(tree, nested=True)
            if len(written) > LONGEST:
                break
        return written

    def _of(self, items: tuple[tuple[str, Any], ...]) -> str:
        characters = _characters(items)
        return characters[self.choose(len(characters))] if characters else ""


def _items(code: str, value: Any) -> tuple[tuple[str, Any], ...]:
    """Return the parts of a character set, the parsed form of `[…]`."""
    if code == "IN":
        return tuple((str(kind), part) for kind, part in value)
    return (("NEGATE", None), *([("LITERAL", value)] if code == "NOT_LITERAL" else []))


@cache
def _characters(items: tuple[tuple[str, Any], ...]) -> list[str]:
    """Return the readable characters of a set, or the first ones beyond ASCII."""
    readable = [one for one in READABLE if _is_in(one, items)]
    if readable:
        return readable
    others = filter(str.isprintable, map(chr, range(0xA1, sys.maxunicode + 1)))
    return list(islice((one for one in others if _is_in(one, items)), 26))


def _is_in(character: str, items: tuple[tuple[str, Any], ...]) -> bool:
    negated = items[0][0] == "NEGATE"
    return negated != any(_is_one(character, kind, value) for kind, value in items)


def _is_one(character: str, kind: str, value: Any) -> bool:
    match kind:
        case "LITERAL":
            return ord(character) == int(value)
        case "RANGE":
            return int(value[0]) <= ord(character) <= int(value[1])
        case "CATEGORY":
            return bool(re.match(CATEGORIES[str(value)], character))
        case _:
            return False
