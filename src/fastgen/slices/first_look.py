"""Looks at rendered code as words, which shows at once that most names have one meaning.

What a first look cannot exclude, `clashes` examines in the syntax tree.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from fastgen.slices.scopes import BUILTINS
from fastgen.slices.spellings import respelled

STRING = r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
PROSE = re.compile(rf"(?P<prefix>\b[rRbBfF]{{1,2}})?(?:{STRING})|#[^\n]*")
# Names a class, or several types.
ANNOTATION = re.compile(r"(?!.*[/-])(?:\S*[A-Z]\S*|.* \| .*)")
REPLACED = re.compile(r"\{([^{}]*)\}")
WORD = re.compile(r"[^\W\d]\w*")
IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(\S+)[ \t]+)?import[ \t]+(.+)$", re.MULTILINE)
TOP = re.compile(r"^(?:(?:async )?def |class )?(\w+)", re.MULTILINE)
CLASS = re.compile(r"^(?=class )", re.MULTILINE)
IN_CLASS = re.compile(r"^    (?:(?:async )?def |class )?(\w+)", re.MULTILINE)
OTHERWISE_INDENTED = re.compile(r"^(?: {0,3}\t| {1,3}\S)", re.MULTILINE)


def may_hide(text: str, names: Collection[str]) -> bool:
    """Whether a class in `text` may have one of `names` twice, or hide what it uses by it."""
    if OTHERWISE_INDENTED.search(text):
        return True
    bodies = [Counter(IN_CLASS.findall(body)) for body in CLASS.split(text)[1:]]
    own = [(name, body[name]) for body in bodies for name in names if name in body]
    around = {*BUILTINS, *TOP.findall(text), *(local for local, _ in _imported(text))}
    return any(times > 1 or name in around for name, times in own)


def may_clash(text: str, twin: str, words: Mapping[str, str]) -> bool:
    """Whether a name in `text` may have two meanings, of which the `twin` has two names.

    `words` are those of the twin, each with what it is in `text`.
    """
    others = [*_words(twin)]
    expected = respelled("\n".join(others), words).split("\n")
    found = _words(text)
    if len(set(expected)) < len(others) or set(expected) != found:
        return True
    return any(times > 1 for times in Counter(local for local, _ in set(_imported(text))).values())


def _words(text: str) -> set[str]:
    """Return the words of code, and those in texts that may be names."""
    return set(WORD.findall(PROSE.sub(_named, text)))


def _named(match: re.Match[str]) -> str:
    """Return the part of a text or a comment in which names are used."""
    found = match[0]
    if found.startswith("#"):
        return ""
    if "f" in (match["prefix"] or "").lower():
        return " ".join(REPLACED.findall(found))
    return found if ANNOTATION.fullmatch(found) else ""


def _imported(text: str) -> Iterator[tuple[str, str]]:
    """Yield the names that `text` imports, each with where it is from."""
    for package, names in IMPORT.findall(text):
        for name in names.strip("() \t").split(","):
            path, _, local = name.strip().partition(" as ")
            yield local or path.partition(".")[0], f"{package} {path}"
