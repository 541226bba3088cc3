"""What the recipe and the file differ in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fastgen.domain.mistakes import Mistakes
from fastgen.domain.resolving import resolved
from fastgen.domain.sections import Wanted
from fastgen.fields.model import Field
from fastgen.fields.show import show
from fastgen.messages import shown
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.slices.resource import USERS, Resource
from fastgen.slices.values import has_default


@dataclass(frozen=True, slots=True)
class Answers:
    """What people said of things that look renamed, each as its old and new name."""

    renamed: tuple[tuple[str, str], ...] = ()
    others: frozenset[tuple[str, str]] = frozenset()


NO_ANSWERS = Answers()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What the file adds and changes, and what it does not name."""

    # All that the file names.
    wanted: tuple[Wanted, ...]
    # Those among them that are new or not as they are in the recipe.
    changed: tuple[Wanted, ...]
    gone: tuple[Entry, ...]
    # What goes, in words.
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
    for one in changed:
        if one.named.entry is None:
            _refuse_renamed(one, found.gone, answers, mistakes)
        else:
            _refuse_new_fields(one, answers, mistakes)
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


def _refuse_renamed(
    one: Wanted, gone: Sequence[Entry], answers: Answers, mistakes: Mistakes
) -> None:
    """Refuse a new resource that looks like one that is gone."""
    name = one.new.names.singular
    olds = (entry.resource for entry in gone)
    alike = (old.names.singular for old in olds if _is_same(old, one.new))
    old = next((old for old in alike if (old, name) not in answers.others), None)
    if old:
        _refuse(one.line, (old, name), f"{old}: {name}", mistakes)


def _refuse_new_fields(one: Wanted, answers: Answers, mistakes: Mistakes) -> None:
    """Refuse new fields that look like one that is gone, or that rows have no value for."""
    name = one.new.names.singular
    before = one.named.before.fields if one.named.before else ()
    known, left = {field.name for field in before}, _gone(one)
    of_account = one.new.names == USERS
    for text, field in one.typed:
        if field.name in known:
            continue
        line = one.line_of(field)
        alike = [old for old in left if _is_alike(old, field)]
        pairs = ((old, (f"{name}.{old.name}", f"{name}.{field.name}")) for old in alike)
        found = next((pair for pair in pairs if pair[1] not in answers.others), None)
        if found:
            old, names = found
            left.remove(old)
            _refuse(line, names, f"{names[0]}: {field.name}", mistakes)
        elif not (of_account or field.optional or has_default(field)):
            way = "make it optional or give it a default"
            told = f"existing rows would have no value for it: {way}"
            mistakes.add(line, f"field {shown(text)}: {told}")


def _refuse(line: int, names: tuple[str, str], answer: str, mistakes: Mistakes) -> None:
    mistakes.suspect(
        line,
        f"{names[0]} is gone and {names[1]} is new with the same definition: if it is renamed, "
        f"add the line 'renamed: {{{answer}}}'; if it is another, remove the old one first",
        *names,
    )


def _is_same(old: Resource, new: Resource) -> bool:
    """Whether two resources differ in their names only."""
    own = {old.names.singular: new.names.singular}
    fields = (replace(one, target=own.get(one.target or "", one.target)) for one in old.fields)
    return {*map(show, fields)} == {*map(show, new.fields)}


def _is_alike(old: Field, new: Field) -> bool:
    return old == replace(new, name=old.name)
