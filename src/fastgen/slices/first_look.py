"""Looks at rendered code as words, which shows at once that most names have one meaning.

What a first look cannot exclude, `clashes` examines in the syntax tree.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from fastgen.slices.scopes import BUILTINS
from fastgen.slices.spellings import respelled

STRING = r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
# A word, a text with the word or prefix directly before it, or a comment.
TOKEN = re.compile(rf"[^\W\d]\w*(?:{STRING})?|{STRING}|#[^\n]*")
FORMATTED = {"f", "fr", "rf"}
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
    if any(times > 1 for times in Counter(local for local, _ in set(_imported(text))).values()):
        return True
    # Words of prose have no meaning in code, but need more time to be left out.
    if respelled(twin, words) == text and _are_distinct(set(WORD.findall(twin)), words):
        return False
    others = _words(twin)
    return not _are_distinct(others, words) or _respelled(others, words) != _words(text)


def _are_distinct(others: set[str], words: Mapping[str, str]) -> bool:
    return len(_respelled(others, words)) == len(others)


def _respelled(others: set[str], words: Mapping[str, str]) -> set[str]:
    return set(respelled("\n".join(others), words).split("\n"))


def _words(text: str) -> set[str]:
    """Return the words of code, and those in texts that may be names."""
    tokens = {token for token in TOKEN.findall(text) if token[0] != "#"}
    texts = {token for token in tokens if token[-1] in "\"'"}
    return (tokens - texts).union(*map(_named, texts))


def _named(text: str) -> list[str]:
    """Return the words in the part of a text in which names are used, and the one before it."""
    before = WORD.match(text)
    if before and before[0].lower() in FORMATTED:
        return WORD.findall(" ".join(REPLACED.findall(text)))
    quoted = text[before.end() :] if before else text
    found = WORD.findall(quoted) if ANNOTATION.fullmatch(quoted) else []
    return [before[0], *found] if before else found


def _imported(text: str) -> Iterator[tuple[str, str]]:
    """Yield the names that `text` imports, each with where it is from."""
    for package, names in IMPORT.findall(text):
        for name in names.strip("() \t").split(","):
            path, _, local = name.strip().partition(" as ")
            yield local or path.partition(".")[0], f"{package} {path}"
