"""Reads `--unique` and `--index`, or reports all mistakes in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fastgen.errors import FastgenError, Instead, InvalidOption
from fastgen.fields.split import split
from fastgen.messages import nearest, shown
from fastgen.slices import column_sets, set_rules
from fastgen.slices.resource import Resource
from fastgen.slices.set_rules import ColumnSet, Kind

# Instead of names: no such set, also if the resource had one before.
NONE = "none"


@dataclass(frozen=True, slots=True)
class TypedSets:
    """The sets of columns that were typed, with commas between the names.

    None means those that the resource has.
    """

    unique: Sequence[str] | None = None
    index: Sequence[str] | None = None
    # The kinds that were not typed but filled in.
    kept: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class SetsRead:
    """A resource with the sets that are valid, and the mistakes in the others."""

    resource: Resource
    mistakes: Sequence[InvalidOption]
    # Flags with names of fields that are not valid, each with the corrected names.
    renamed: Instead


@dataclass(frozen=True, slots=True)
class _Typed:
    kind: Kind
    text: str
    columns: ColumnSet

    def replaced_by(self, names: Sequence[str]) -> tuple[str, str]:
        """Return the flag, and what to type instead: nothing without `names`."""
        return f"--{self.kind}={self.text}", f"--{self.kind} {','.join(names)}" if names else ""


def kept(typed: TypedSets, old: Resource, fields: Sequence[str], access: str) -> TypedSets:
    """Return `typed` with the sets that `old` has, except those that lack one of `fields`."""
    names = {*column_sets.TIMES, *[column_sets.OWNER_NAME] * (access == "owner")}
    names |= {name.removesuffix("_id") for name, _ in map(split, fields)}
    names |= {name for name, _ in map(split, fields)}

    def filled(given: Sequence[str] | None, before: Sequence[Sequence[str]]) -> Sequence[str]:
        return [",".join(one) for one in before if {*one} <= names] if given is None else given

    given: dict[Kind, Sequence[str] | None] = {"unique": typed.unique, "index": typed.index}
    return TypedSets(
        filled(typed.unique, old.unique),
        filled(typed.index, old.index),
        frozenset(kind for kind, texts in given.items() if texts is None),
    )


def read(resource: Resource, typed: TypedSets, unread: Mapping[str, str]) -> SetsRead:
    """Add the sets `typed` to `resource`.

    `unread` are the names of typed fields that are not valid, each with its corrected name.
    """
    found = [*_typed(resource, typed)]
    told = set_rules.mistakes(resource, [one.columns for one in found], unread)
    good = [one for one, wrong in zip(found, told, strict=True) if not wrong]
    accepted = [one.columns for one in good]
    errors: list[InvalidOption] = []
    for one, wrong in zip(found, told, strict=True):
        if wrong:
            better = _accepted(resource, one.columns, accepted, unread)
            pair = one.replaced_by([unread.get(name, name) for name in better])
            if one.kind in typed.kept:
                pair = _left(one.kind, good)
            flag = f"--{one.kind} {shown(one.text)}"
            errors += [InvalidOption(f"{flag}: {what}", instead=(pair,)) for what in wrong]
    whole = [one.columns for one in good if not {*one.columns.names} & {*unread}]
    return SetsRead(set_rules.with_sets(resource, whole), errors, _renamed(good, unread))


def _accepted(
    resource: Resource, one: ColumnSet, accepted: list[ColumnSet], unread: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the names of `one` without its mistakes, empty if they are not valid either.

    Adds the set to those `accepted`, beside which it must be valid.
    """
    better = replace(one, names=_mended(resource, one, unread))
    if any(set_rules.mistakes(resource, [*accepted, better], unread)):
        return ()
    accepted.append(better)
    return better.names


def _left(kind: Kind, good: Sequence[_Typed]) -> tuple[str, str]:
    """Return the flags that name the `good` sets of the resource only."""
    left = [f"--{kind} {one.text}" for one in good if one.kind == kind]
    return f"--{kind}=*", " ".join(left) or f"--{kind} {NONE}"


def _renamed(good: Sequence[_Typed], unread: Mapping[str, str]) -> Instead:
    return [
        one.replaced_by([unread.get(name, name) for name in one.columns.names])
        for one in good
        if any(unread.get(name, name) != name for name in one.columns.names)
    ]


def unread(
    texts: Sequence[str], known: Sequence[str], errors: Sequence[FastgenError]
) -> dict[str, str]:
    """Return the names of the fields `texts` that are not `known`, each with its corrected name."""
    better = {typed: new for error in errors for typed, new in error.instead if new}
    found: dict[str, str] = {}
    for text in texts:
        name = split(text)[0]
        if name.removesuffix("_id") not in known and name not in known:
            corrected = split(better.get(text, text))[0]
            found |= {name: corrected, name.removesuffix("_id"): corrected}
    return found


def _typed(resource: Resource, typed: TypedSets) -> Iterator[_Typed]:
    names = {column: name for name, column in column_sets.columns(resource).items()}
    kinds: dict[Kind, Sequence[str]] = {"unique": typed.unique or (), "index": typed.index or ()}
    for kind, texts in kinds.items():
        for text in () if [*texts] == [NONE] else texts:
            words = (word.strip() for word in text.split(","))
            found = tuple(names.get(word, word) for word in words)
            yield _Typed(kind, text, ColumnSet(kind, found))


def _mended(resource: Resource, one: ColumnSet, unread: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of `one` that can be part of it, with misspelt ones corrected."""
    known = column_sets.columns(resource)
    found = (n if n in {*known, *unread} else nearest(n, known) for n in one.names)
    fitting = (n for n in found if n and not set_rules.unfit(resource, one.kind, n))
    return tuple(dict.fromkeys(fitting))
