"""The differences between the recipe and the file."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastgen.domain import suspects
from fastgen.domain.mistakes import Mistakes
from fastgen.domain.resolving import resolved
from fastgen.domain.sections import Wanted
from fastgen.domain.suspects import NO_ANSWERS, Answers
from fastgen.fields.model import Field
from fastgen.project.project import Project
from fastgen.project.resources import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What the file adds and changes, and what it does not name."""

    # All that the file names.
    wanted: tuple[Wanted, ...]
    # Those among them that are new or not as they are in the recipe.
    changed: tuple[Wanted, ...]
    gone: tuple[Entry, ...]
    # What is removed, in words.
    unnamed: tuple[str, ...]

    @property
    def added(self) -> list[Wanted]:
        """The new resources."""
        return [one for one in self.changed if one.named.entry is None]


def difference(
    project: Project, path: str, content: bytes, answers: Answers = NO_ANSWERS
) -> Difference:
    """Compare the `content` of the file `path` with the recipe of `project`.

    Raises `Refused` or `Several` with all mistakes in it, also `LooksRenamed` for what looks like a
    rename and is not in `answers`.
    """
    mistakes = Mistakes(path)
    found = resolved(project, content, mistakes, answers.renamed)
    changed = tuple(one for one in found.wanted if _differs(one))
    names = suspects.names(found.wanted, found.gone, answers)
    for one in changed:
        if one.named.entry is None:
            suspects.refuse_renamed(one, found.gone, names, mistakes)
        else:
            suspects.refuse_new_fields(one, _gone(one), names, answers, mistakes)
    mistakes.refuse()
    unnamed = [f"the resource {entry.resource.names.singular}" for entry in found.gone]
    unnamed += [told for one in changed for told in _unnamed(one)]
    return Difference(wanted=found.wanted, changed=changed, gone=found.gone, unnamed=tuple(unnamed))


def _differs(one: Wanted) -> bool:
    return one.named.before != one.new or bool(one.named.renamed)


def _unnamed(one: Wanted) -> Iterator[str]:
    """Yield the fields and sets of a resource that the file does not name."""
    old, new = one.named.before, one.new
    if old is None:
        return
    label = new.names.singular
    gone = _gone(one)
    yield from (f"the field {field.name} of {label}" for field in gone)
    left = {field.name for field in gone}
    sets = (("unique", old.unique, new.unique), ("index", old.index, new.index))
    for kind, before, after in sets:
        for names in before:
            if names not in after and not left & {*names}:
                yield f"{kind} [{', '.join(names)}] of {label}"


def _gone(one: Wanted) -> list[Field]:
    names = {field.name for field in one.new.fields}
    old = one.named.before
    return [field for field in old.fields if field.name not in names] if old else []
