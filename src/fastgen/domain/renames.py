"""The names that `renamed` gives to resources and fields, as far as they are new."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from fastgen.domain.document import Document
from fastgen.domain.mistakes import Mistakes
from fastgen.domain.nodes import Text
from fastgen.errors import InvalidName
from fastgen.fields.split import split
from fastgen.messages import meant, nearest, shown
from fastgen.names.resource import singular, snake
from fastgen.project.resources import Entry

Entries = Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Renames:
    """What is to be renamed: resources, and the fields of each by its name in the recipe."""

    resources: dict[str, str] = field(default_factory=dict)
    fields: dict[str, dict[str, str]] = field(default_factory=dict)

    def old_name(self, name: str) -> str | None:
        """Return the old name of the resource that will be called `name`, None if it has none."""
        return next((old for old, new in self.resources.items() if new == name), None)


def word(text: str) -> str:
    """Return the name of the resource that `text` spells, in any way, also in the plural."""
    with contextlib.suppress(InvalidName):
        return singular(text)
    return snake(text)


def known_as(entries: Entries, text: str) -> str | None:
    """Return the resource of the recipe that `text` means, None if there is none."""
    plurals = {entry.resource.names.plural: name for name, entry in entries.items()}
    for one in (snake(text), word(text)):
        if one in entries or one in plurals:
            return one if one in entries else plurals[one]
    return None


def read(document: Document, entries: Entries, mistakes: Mistakes) -> Renames:
    """Return what is left to be renamed; adds lines that cannot be meant to `mistakes`."""
    found = Renames()
    of_resources = [pair for pair in document.renamed if "." not in pair[0].text]
    for old, new in of_resources:
        _resource(document, entries, (old, new), found, mistakes)
    for old, new in document.renamed:
        if (old, new) not in of_resources:
            _field(document, entries, (old, new), found, mistakes)
    return found


def _resource(
    document: Document,
    entries: Entries,
    pair: tuple[Text, Text],
    found: Renames,
    mistakes: Mistakes,
) -> None:
    old, new = pair
    known = known_as(entries, old.text)
    sections = {word(section.name.text) for section in document.sections}
    if _is_left(pair, known, known_as(entries, new.text), mistakes) and known:
        if word(new.text) not in sections:
            mistakes.add(new.line, f"there is no {shown(new.text)} under resources")
        elif known in sections:
            mistakes.add(old.line, f"{known} is renamed, and is still under resources")
        else:
            found.resources[known] = word(new.text)


def _field(
    document: Document,
    entries: Entries,
    pair: tuple[Text, Text],
    found: Renames,
    mistakes: Mistakes,
) -> None:
    old, new = pair
    typed, _, name = old.text.partition(".")
    # A resource may be called as it was before one of these lines.
    carried_out = {word(old.text): new.text for old, new in document.renamed}
    later = carried_out.get(word(typed), typed)
    now = found.old_name(word(later)) or known_as(entries, later)
    if now is None:
        near = nearest(word(typed), entries)
        told = f"{shown(old.text)}: there is no resource {shown(typed)} in the project{meant(near)}"
        mistakes.add(old.line, told)
        return
    known = {one: f.name for f in entries[now].resource.fields for one in (f.name, f.column)}
    if _is_left(pair, known.get(name), known.get(new.text), mistakes):
        there = set(_names(document, found.resources.get(now, now)))
        if new.text not in there:
            mistakes.add(new.line, f"{typed} has no field {shown(new.text)} in the file")
        elif name in there:
            mistakes.add(old.line, f"{shown(old.text)} is renamed, and is still in the file")
        else:
            found.fields.setdefault(now, {})[known[name]] = new.text


def _is_left(pair: tuple[Text, Text], old: str | None, new: str | None, mistakes: Mistakes) -> bool:
    """Whether the project has the old name and not the new one; refuses both and neither."""
    names = f"{shown(pair[0].text)} and {shown(pair[1].text)}"
    if old and new:
        mistakes.add(pair[0].line, f"{names} both exist: neither can become the other")
    elif not old and not new:
        mistakes.add(pair[0].line, f"{names}: the project has neither, so leave the line out")
    return bool(old and not new)


def _names(document: Document, resource: str) -> Iterator[str]:
    """Yield the names of the fields that the file gives `resource`."""
    for section in (*document.sections, *([document.user] if document.user else [])):
        if word(section.name.text) == resource:
            for one in section.fields:
                name = split(one.text)[0]
                yield from (name, name.removesuffix("_id"))
