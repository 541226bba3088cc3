"""The words in which a source spells a resource, and how they become those of another one."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from fastgen.names.resource import Names
from fastgen.slices import variables

# Part of a longer name as well: `create_item`, `ItemQuery`, `test_items`.
PART = r"(?<![a-zA-Z0-9])(?:{})(?![a-z0-9])"
# In a path: `/items`, `/api/v1/items/{item_id}`.
SERVED = r"(?<=/)({})(?![a-z0-9])"
NO_PATHS: Mapping[str, str] = MappingProxyType({})


def forms(names: Names) -> list[str]:
    """Return the ways in which a source spells a resource, in a fixed order."""
    return [
        *(names.label, names.labels, names.usual_path, names.singular.replace("_", "-")),
        *(names.singular.upper(), names.plural.upper(), names.usual_cls),
        *(variables.one(names), variables.many(names), names.singular, names.plural),
    ]


def respelled(
    text: str,
    words: Mapping[str, str],
    pattern: str = PART,
    paths: Mapping[str, str] = NO_PATHS,
    stays: Callable[[re.Match[str]], bool] = lambda _: False,
) -> str:
    """Return `text` with each of `words` replaced, where it matches `pattern` and none `stays`.

    What is one of `paths` after a slash becomes what that says, even if it is a word as well.
    """
    if not words and not paths:
        return text
    found = _compiled(((SERVED, _longest_first(paths)), (pattern, _longest_first(words))))

    def new(match: re.Match[str]) -> str:
        if match.lastindex:
            return paths[match[0]]
        return match[0] if stays(match) else words[match[0]]

    return found.sub(new, text)


def _longest_first(words: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=len, reverse=True))


@cache
def _compiled(kinds: tuple[tuple[str, tuple[str, ...]], ...]) -> re.Pattern[str]:
    """Return a pattern of all patterns that have words."""
    there = [pattern.format("|".join(map(re.escape, words))) for pattern, words in kinds if words]
    return re.compile("|".join(there))
