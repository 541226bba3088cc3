"""The words in which a source spells a resource, and how they become those of another one."""

import re
from collections.abc import Mapping
from functools import cache

from fastgen.names.resource import Names
from fastgen.slices import variables

# Part of a longer name as well: `create_item`, `ItemQuery`, `test_items`.
PART = r"(?<![a-zA-Z0-9])(?:{})(?![a-z0-9])"


def forms(names: Names) -> list[str]:
    """Return the ways in which a source spells a resource, in a fixed order."""
    return [
        *(names.label, names.labels, names.path, names.singular.replace("_", "-")),
        *(names.singular.upper(), names.plural.upper(), names.cls),
        *(variables.one(names), variables.many(names), names.singular, names.plural),
    ]


def respelled(text: str, words: Mapping[str, str], pattern: str = PART) -> str:
    """Return `text` with each of `words` replaced, where it matches `pattern`."""
    if not words:
        return text
    found = _compiled(pattern, tuple(sorted(words, key=len, reverse=True)))
    return found.sub(lambda match: words[match[0]], text)


@cache
def _compiled(pattern: str, longest_first: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(pattern.format("|".join(map(re.escape, longest_first))))
