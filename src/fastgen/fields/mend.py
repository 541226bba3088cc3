"""Corrects field texts, close to what was typed."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, combinations

from fastgen.fields.identifiers import LONGEST
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import Field
from fastgen.fields.split import split

# The longest name to which a number can be appended.
MOST_STEM = LONGEST - len("_00")
# How many parts are left out together before all of them are.
MOST_LEFT_OUT = 2
Read = Callable[[Sequence[str]], Sequence[tuple[Field, Mistakes]]]


def line(texts: Sequence[str], mistakes: Sequence[Mistakes], read: Read) -> list[str]:
    """Return `texts` without their `mistakes`; `read` finds those in a corrected line."""
    better = [
        _mended(text, found, read) if found.found else text
        for text, found in zip(texts, mistakes, strict=True)
    ]
    # Fields that are valid by themselves may still clash.
    for _ in better:
        clashing = [number for number, (_, found) in enumerate(read(better)) if found.found]
        if not clashing:
            break
        for number in clashing:
            better[number] = _renamed(better, number, read)
    return better


def _mended(text: str, mistakes: Mistakes, read: Read) -> str:
    last_resort = f"{mistakes.name}:{mistakes.example}"
    return next((one for one in _candidates(text, mistakes) if _is_right(one, read)), last_resort)


def _candidates(text: str, mistakes: Mistakes) -> Iterator[str]:
    printable = "".join(filter(str.isprintable, text))
    typed = mistakes.parts or split(printable)[1]
    parts = [*filter(None, (mistakes.instead.get(part, part) for part in typed))]
    # The argument is not a modifier, and leaving it out seldom helps.
    modifiers = range(len(parts) - 1, 0, -1)
    some = (combinations(modifiers, size) for size in range(MOST_LEFT_OUT + 1))
    for left_out in chain(chain.from_iterable(some), [tuple(modifiers)]):
        kept = [part for number, part in enumerate(parts) if number not in left_out]
        yield ":".join([mistakes.name, *kept])


def _renamed(texts: Sequence[str], number: int, read: Read) -> str:
    name, parts = split(texts[number])
    stem = re.sub(r"_[0-9]+$", "", name)[:MOST_STEM]
    for suffix in range(2, len(texts) + 3):
        other = ":".join([f"{stem}_{suffix}", *parts])
        _, found = read([*texts[:number], other])[number]
        if not found.found:
            return other
    return texts[number]


def _is_right(text: str, read: Read) -> bool:
    [(_, found)] = read([text])
    return not found.found
