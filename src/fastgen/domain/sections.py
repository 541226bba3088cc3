"""From a section of the file to a resource."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fastgen.databases import Database
from fastgen.domain.document import NameSet, Section
from fastgen.domain.mistakes import Mistakes
from fastgen.domain.nodes import Text
from fastgen.errors import FastgenError
from fastgen.fields.model import Field
from fastgen.fields.parse import parse
from fastgen.fields.show import show
from fastgen.fields.split import argument, split
from fastgen.messages import meant, nearest, shown
from fastgen.names.resource import Names
from fastgen.project import typed_sets
from fastgen.project.resources import Entry
from fastgen.project.understand import OWNER, Typed, never_made
from fastgen.slices import column_sets, set_rules
from fastgen.slices.resource import USERS, Resource
from fastgen.slices.rights import ACCESSES, Access
from fastgen.slices.set_rules import ColumnSet


@dataclass(frozen=True, slots=True)
class Named:
    """A section with the names of its resource, and that resource in the recipe."""

    section: Section
    names: Names
    entry: Entry | None
    # That resource with all that is renamed, but with its old names.
    before: Resource | None
    # The new names of its fields.
    renamed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What resources of the file have in common."""

    database: Database
    # The access of those that have none of their own.
    access: Text | None
    usual: Access
    # The resource for each word that means it.
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A resource that the file names, as it will be."""

    named: Named
    new: Resource
    # Its new and changed fields, as they were typed.
    typed: tuple[Typed, ...]

    @property
    def line(self) -> int:
        """Where the file names it."""
        return self.named.section.name.line

    def line_of(self, field: Field) -> int:
        """Return where the file names a field."""
        found = self._text_of(field)
        return found.line if found else self.line

    def target_of(self, field: Field) -> str:
        """Return the word for the resource that a field refers to."""
        found = self._text_of(field)
        return argument(found.text) if found else str(field.target)

    def _text_of(self, field: Field) -> Text | None:
        texts = [show(field), *(text for text, one in self.typed if one == field)]
        return next((one for one in self.named.section.fields if one.text in texts), None)


def resource_of(named: Named, around: Surroundings, mistakes: Mistakes) -> Wanted:
    """Return the resource of a section, as far as it is valid; adds to `mistakes`."""
    access = _access(named, around, mistakes)
    before = named.before.fields if named.before else ()
    same = named.before is not None and named.before.access == access
    kept = {show(one): one for one in before} if same else {}
    reader = _Fields(named, around, access, mistakes)
    there = [kept[one.text] for one in named.section.fields if one.text in kept]
    texts = [one for one in named.section.fields if one.text not in kept]
    typed = reader.read(texts, there)
    if named.names == USERS:
        # Those that the file leaves out stay.
        given = {*_names(named.section)}
        there += [one for one in before if one.name not in given]
    fields = _in_order(before, [*there, *(field for _, field in typed)])
    rights = named.before.kept_rights if named.before and same else None
    resource = Resource(named.names, access, tuple(fields), kept_rights=rights)
    new = _with_sets(resource, named, mistakes)
    changed = tuple((text, field) for text, field in typed if field not in before)
    return Wanted(named, new, changed)


def _names(section: Section) -> Iterator[str]:
    return (split(one.text)[0] for one in section.fields)


def _access(named: Named, around: Surroundings, mistakes: Mistakes) -> Access:
    typed = named.section.access or around.access
    if typed is None:
        return named.before.access if named.before else around.usual
    found = next((one for one in ACCESSES if one == typed.text), None)
    if found is None and typed is named.section.access:
        refuse_access(typed, mistakes)
    return found or around.usual


def refuse_access(typed: Text, mistakes: Mistakes) -> None:
    """Add to `mistakes` that there is no such access."""
    near = meant(nearest(typed.text, ACCESSES))
    listed = ", ".join(ACCESSES)
    mistakes.add(typed.line, f"access is one of {listed}, not {shown(typed.text)}{near}")


def _in_order(before: Sequence[Field], fields: Sequence[Field]) -> Iterator[Field]:
    """Yield `fields`: existing ones first, in their order."""
    found = {field.name: field for field in fields}
    for one in before:
        if one.name in found:
            yield found.pop(one.name)
    yield from found.values()


@dataclass(frozen=True, slots=True)
class _Fields:
    named: Named
    around: Surroundings
    access: Access
    mistakes: Mistakes

    def read(self, texts: Sequence[Text], kept: Sequence[Field]) -> list[Typed]:
        """Return the valid fields among `texts`, which stand beside those `kept`."""
        try:
            valid, fields = texts, self._parse([one.text for one in texts], kept)
        except FastgenError:
            valid, fields = self._valid(texts, kept)
        typed = list(zip((one.text for one in valid), fields, strict=True))
        self._check(typed)
        return typed

    def _valid(
        self, texts: Sequence[Text], kept: Sequence[Field]
    ) -> tuple[Sequence[Text], list[Field]]:
        """Return those of `texts` that are fields, and take the mistakes of the others."""
        alone = [one for one in texts if self._parsed(one)]
        try:
            return alone, self._parse([one.text for one in alone], kept)
        except FastgenError as error:
            for part in error.parts:
                self.mistakes.take(self._line_of(part), part)
            return alone, [self._parse([one.text])[0] for one in alone]

    def line(self, text: str) -> int:
        """Return where the field `text` is."""
        lines = [one.line for one in self.named.section.fields if one.text == text]
        return lines[-1] if lines else self.named.section.name.line

    def _parsed(self, one: Text) -> bool:
        try:
            self._parse([one.text])
        except FastgenError as error:
            self.mistakes.take(one.line, error)
            return False
        return True

    def _parse(self, texts: Sequence[str], kept: Sequence[Field] = ()) -> list[Field]:
        reserved = OWNER if self.access == "owner" else ()
        found = parse(texts, database=self.around.database, reserved=reserved, known=kept)
        words = self.around.words
        return [replace(f, target=words.get(f.target or "", f.target)) for f in found]

    def _line_of(self, error: FastgenError) -> int:
        texts = (one.text for one in self.named.section.fields)
        begun = (text for text in texts if error.message.startswith(f"field {shown(text)}:"))
        return self.line(next(begun, ""))

    def _check(self, typed: Sequence[Typed]) -> None:
        before = {one.name: one for one in self.named.before.fields} if self.named.before else {}
        for text, field in typed:
            old = before.get(field.name)
            if old and (old.target is None) != (field.target is None):
                told = f"was {show(old)}, whose values mean something else"
                way = "give the new field another name"
                self.mistakes.add(self.line(text), f"field {shown(text)} {told}: {way}")
            for error in never_made(self.named.names, [(text, field)]):
                self.mistakes.take(self.line(text), error)


def _with_sets(resource: Resource, named: Named, mistakes: Mistakes) -> Resource:
    """Return `resource` with its valid sets of columns: existing ones first."""
    written = [
        *(("unique", one) for one in named.section.unique),
        *(("index", one) for one in named.section.index),
    ]
    names = {column: name for name, column in column_sets.columns(resource).items()}
    sets = [
        ColumnSet("unique" if kind == "unique" else "index", _named(one, names))
        for kind, one in written
    ]
    known = [field.name for field in resource.fields]
    unread = typed_sets.unread([one.text for one in named.section.fields], known, [])
    told = set_rules.mistakes(resource, sets, unread)
    for (kind, one), wrong in zip(written, told, strict=True):
        for what in wrong:
            mistakes.add(one.line, f"{kind} [{', '.join(one.names)}]: {what}")
    good = [one for one, wrong in zip(sets, told, strict=True) if not wrong]
    old = named.before
    there = [*(old.unique if old else ()), *(old.index if old else ())]
    good.sort(key=lambda one: there.index(one.names) if one.names in there else len(there))
    return set_rules.with_sets(resource, good)


def _named(one: NameSet, names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names.get(name, name) for name in one.names)
