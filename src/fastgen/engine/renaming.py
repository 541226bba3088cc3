"""The words that renamed resources and fields have in a source."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fastgen.engine.changes import Change
from fastgen.names.resource import Names
from fastgen.slices import variables

# Part of a longer name as well: `create_item`, `ItemQuery`, `test_items`.
OF_RESOURCE = r"(?<![a-zA-Z0-9])(?:{})(?![a-z0-9])"
# A whole name, also as a constant.
OF_FIELD = r"\b(?:{})\b"


@dataclass(frozen=True, slots=True)
class Renaming:
    """Replaces old words in sources by new ones."""

    resources: Mapping[str, str]
    fields: Mapping[str, str]

    def applied(self, source: bytes) -> bytes:
        """Return `source` with the new words."""
        text = source.decode(errors="surrogateescape")
        text = _replaced(text, OF_FIELD, self.fields)
        text = _replaced(text, OF_RESOURCE, self.resources)
        return text.encode(errors="surrogateescape")


def _replaced(text: str, pattern: str, words: Mapping[str, str]) -> str:
    if not words:
        return text
    longest_first = sorted(words, key=len, reverse=True)
    found = re.compile(pattern.format("|".join(map(re.escape, longest_first))))
    return found.sub(lambda match: words[match[0]], text)


def of(changes: Iterable[Change], own: Change | None = None) -> Renaming:
    """Return the words of all renamed resources in `changes`, and of the fields of `own`."""
    resources: dict[str, str] = {}
    for change in changes:
        if change.old and change.new and change.old.names != change.new.names:
            forms = zip(_forms(change.old.names), _forms(change.new.names), strict=True)
            resources |= {old: new for old, new in forms if old != new}
    fields = dict(own.renamed) if own else {}
    return Renaming(resources, fields | {old.upper(): new.upper() for old, new in fields.items()})


def _forms(names: Names) -> list[str]:
    """Return the ways in which a source spells a resource, in a fixed order."""
    return [
        *(names.label, names.labels, names.path, names.singular.replace("_", "-")),
        *(names.singular.upper(), names.plural.upper(), names.cls),
        *(variables.one(names), variables.many(names), names.singular, names.plural),
    ]
