"""The words that renamed resources and fields have in a source."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from fastgen.engine.changes import Change
from fastgen.names.resource import Names
from fastgen.slices.spellings import forms, respelled

# A whole name, also as a constant.
OF_FIELD = r"\b(?:{})\b"


@dataclass(frozen=True, slots=True)
class Renaming:
    """Replaces old words in sources by new ones."""

    resources: Mapping[str, str]
    fields: Mapping[str, str]
    # The URL paths of resources, which may differ from their names.
    paths: Mapping[str, str]
    # Whether a word that was found does not name a resource.
    stays: Callable[[re.Match[str]], bool] = lambda _: False

    def applied(self, source: bytes) -> bytes:
        """Return `source` with the new words."""
        text = source.decode(errors="surrogateescape")
        text = respelled(text, self.fields, OF_FIELD)
        text = respelled(text, self.resources, paths=self.paths, stays=self.stays)
        return text.encode(errors="surrogateescape")

    def both(self, names: Mapping[str, str]) -> dict[str, str]:
        """Return `names`, and also each of them with the new words."""
        return {
            **names,
            **{
                self.applied(old.encode()).decode(): self.applied(new.encode()).decode()
                for old, new in names.items()
            },
        }


def of(changes: Iterable[Change], own: Change | None = None) -> Renaming:
    """Return the words of all renamed resources in `changes`, and of the fields of `own`."""
    resources: dict[str, str] = {}
    paths: dict[str, str] = {}
    classes: dict[str, str] = {}
    for change in changes:
        if change.old and change.new and change.old.names != change.new.names:
            pairs = zip(forms(change.old.names), forms(change.new.names), strict=True)
            resources |= {old: new for old, new in pairs if old != new}
            before, after = change.old.names, change.new.names
            paths |= {before.usual_path: before.usual_path, before.path: after.path}
            classes |= _classes(before, after)
    fields = dict(own.renamed) if own else {}
    constants = {old.upper(): new.upper() for old, new in fields.items()}
    return Renaming(resources, classes | fields | constants, paths)


def _classes(old: Names, new: Names) -> dict[str, str]:
    """Return the new name of each class that does not have its default name."""
    usual = {old.usual_cls: new.usual_cls}
    found = {own: new.called(respelled(cls, usual)) for cls, own in old.own_classes}
    return {before: after for before, after in found.items() if before != after}
