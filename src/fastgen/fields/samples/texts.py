"""Samples of text: words, fitted to the limits of the field."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from fastgen.fields.model import Field
from fastgen.fields.samples.model import COUNT, Invalid, Samples
from fastgen.fields.samples.patterns import LONGEST, candidates
from fastgen.fields.samples.words import phrases, words

# Python's regular expressions could take minutes to refuse longer texts.
QUICK = 32


class NoExample(Exception):
    """No text was found that fits the pattern and the length of a field."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules for a text after white space at its ends was stripped."""

    low: int
    high: int | None
    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, field: Field) -> "_Rules":
        limits = [limit for limit in (field.length, field.max) if limit is not None]
        pattern = re.compile(field.pattern) if field.pattern is not None else None
        return cls(field.shortest, min(limits, default=None), pattern)

    def span(self, length: int) -> bool:
        """Whether a text may have that length."""
        return self.low <= length and (self.high is None or length <= self.high)

    def fit(self, text: str) -> bool:
        """Whether the length and the pattern fit, and there is nothing to strip."""
        return self.span(len(text)) and self.match(text)

    def match(self, text: str) -> bool:
        """Whether the pattern matches, and there is nothing to strip."""
        return text == text.strip() and (not self.pattern or bool(self.pattern.search(text)))


def samples(field: Field, *, prose: bool) -> Samples:
    """Return the samples of a text; `prose` may have several lines.

    Raises `NoExample` when no text was found that fits its pattern and its length.
    """
    rules = _Rules.of(field)
    if field.pattern is None:
        valid, edges = _plain(field, rules, prose=prose), _edges(rules)
    else:
        valid, edges = _matching(field, field.pattern, rules), []
    wrong = [Invalid(7, "not-text"), *_lengths(rules)]
    wrong += [*_controls(rules, min(valid, key=len), prose=prose), *_mismatch(rules)]
    return Samples(tuple(valid), tuple(wrong), tuple(edges))


def _plain(field: Field, rules: _Rules, *, prose: bool) -> list[str]:
    named = list(phrases(field.name, prose=prose))
    if rules.high is not None and max(map(len, named)) > rules.high:
        named = [word[: rules.high] for word in words(COUNT)]
    return list(dict.fromkeys(_stretch(text, rules.low) for text in named))


def _stretch(text: str, length: int) -> str:
    """Repeat `text` up to `length` characters, without white space at the end."""
    if len(text) >= length:
        return text
    repeated = f"{text} " * (length // (len(text) + 1) + 1)
    return repeated[:length].rstrip().ljust(length, "x")


def _edges(rules: _Rules) -> list[str]:
    limits = [limit for limit in (rules.low, rules.high) if limit]
    return ["x" * length for length in dict.fromkeys(limits)]


def _matching(field: Field, pattern: str, rules: _Rules) -> list[str]:
    found: dict[str, None] = {}
    given = [field.default] if field.default is not None else []
    for text in (*given, *candidates(pattern, rules.low)):
        if rules.fit(text) and not _has_control(text):
            found[text] = None
        if len(found) > COUNT:
            break
    if not found:
        limits = f" ({rules.low} to {rules.high} characters)" if rules.high is not None else ""
        raise NoExample(
            f"no example could be generated for the pattern of {field.name!r}: {pattern}{limits}; "
            "give one with default=, or write the pattern in a simpler form"
        )
    wanted = [text for text in found if text] or [""]
    return ascending(wanted, only_alike=field.sort)


def ascending(found: Iterable[str], *, only_alike: bool) -> list[str]:
    """Sort some of the texts, preferring those that every collation sorts alike.

    With `only_alike`, the others are left out.
    """
    texts = sorted(found)
    alike: list[str] = []
    for text in texts:
        if not alike or _is_before(alike[-1], text):
            alike.append(text)
    enough = only_alike or len(alike) >= min(len(texts), COUNT - 1)
    return (alike if enough else texts)[:COUNT]


def _is_before(one: str, other: str) -> bool:
    return _letters(one) < _letters(other) and _signs_first(one) < _signs_first(other)


def _letters(text: str) -> str:
    # Most collations compare letters and digits first, and their case last.
    return "".join(filter(str.isalnum, text)).lower()


def _signs_first(text: str) -> list[int]:
    # Other collations sort signs before all digits and letters.
    return [ord(character.lower()) if character.isalnum() else 0 for character in text]


def _lengths(rules: _Rules) -> list[Invalid]:
    wrong = []
    if rules.low and rules.match(""):
        wrong.append(Invalid("   ", "blank"))
    if rules.low > 1 and (short := _off(rules, rules.low - 1, range(1, rules.low))):
        wrong.append(Invalid(short, "too-short"))
    if rules.high is not None:
        more = rules.high + 1
        if long := _off(rules, more, range(more, LONGEST)):
            wrong.append(Invalid(long, "too-long"))
    return wrong


def _off(rules: _Rules, length: int, lengths: range) -> str | None:
    """Return an otherwise valid text of one of the `lengths`, `length` if possible."""
    if not rules.pattern:
        return "x" * length
    near = None
    for text in candidates(rules.pattern.pattern, length):
        if len(text) in lengths and rules.match(text) and not _has_control(text):
            near = near or text
            if len(text) == length:
                return text
    return near


def _controls(rules: _Rules, good: str, *, prose: bool) -> list[Invalid]:
    if len(good) > QUICK and rules.pattern:
        return []
    middle = len(good) // 2
    before, after = good[:middle], good[middle + 1 :]
    wrong = [Invalid(f"{before}\0{after}", "control-character", of_type=True)]
    # White space at an end would be stripped.
    if not prose and before and after:
        wrong.append(Invalid(f"{before}\n{after}", "line-break", of_type=True))
    return [each for each in wrong if rules.fit(str(each.value))]


def _mismatch(rules: _Rules) -> list[Invalid]:
    if not rules.pattern:
        return []
    length = max(rules.low, 1)
    for text in (character * length for character in "!x0A~_-é"):
        if rules.span(length) and not rules.match(text):
            return [Invalid(text, "pattern")]
    return []


def _has_control(text: str) -> bool:
    return any(unicodedata.category(character) == "Cc" for character in text)
