"""What the file says, as it is written."""

from dataclasses import dataclass

from fastgen.domain.nodes import Text


@dataclass(frozen=True, slots=True)
class NameSet:
    """The names of fields in a unique constraint or an index."""

    line: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A resource."""

    name: Text
    fields: tuple[Text, ...] = ()
    access: Text | None = None
    plural: Text | None = None
    path: Text | None = None
    unique: tuple[NameSet, ...] = ()
    index: tuple[NameSet, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The whole file."""

    sections: tuple[Section, ...] = ()
    # The fields of accounts.
    user: Section | None = None
    access: Text | None = None
    # Old and new names.
    renamed: tuple[tuple[Text, Text], ...] = ()
