"""From the file to the resources that are wanted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fastgen.domain import reading, renames, sections, targets
from fastgen.domain.document import Document, Section
from fastgen.domain.mistakes import Mistakes
from fastgen.domain.nodes import Text
from fastgen.domain.renames import Entries, Renames
from fastgen.domain.sections import Named, Surroundings, Wanted
from fastgen.errors import InvalidName
from fastgen.messages import shown
from fastgen.names.resource import LONGEST_PATH, Names, is_path, resolve
from fastgen.project import account, resources
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.slices import column_sets
from fastgen.slices.resource import USER, USERS, Resource
from fastgen.slices.rights import ACCESSES


@dataclass(frozen=True, slots=True)
class Resolved:
    """The resources that the file names, and the entries of those that it does not name."""

    wanted: tuple[Wanted, ...]
    gone: tuple[Entry, ...]


def resolved(
    project: Project,
    content: bytes,
    mistakes: Mistakes,
    also_renamed: Sequence[tuple[str, str]] = (),
) -> Resolved:
    """Return what the `content` of a file says of `project`, as far as it is valid.

    `also_renamed` has old and new names beside those in the file: `track` and `song`, or
    `track.length` and `track.seconds`. Adds to `mistakes`; raises `Refused` when an entry of the
    recipe cannot be read.
    """
    document = reading.read(content, mistakes)
    pairs = ((Text(1, old), Text(1, new.rpartition(".")[2])) for old, new in also_renamed)
    document = replace(document, renamed=(*document.renamed, *pairs))
    found = resources.listed(project.root)
    entries = {name: resources.must_load(project.root, name, project.database) for name in found}
    if document.access and document.access.text not in ACCESSES:
        sections.refuse_access(document.access, mistakes)
    accounts = account.entry(project)
    renamed = renames.read(document, {**entries, USER: accounts}, mistakes)
    named = list(_named(document, entries, renamed, mistakes))
    _refuse_same(named, mistakes)
    words = resources.words({one.names.plural: one.names.singular for one in named})
    words |= resources.words({one.names.singular: one.names.singular for one in named})
    around = Surroundings(project.database, document.access, project.settings.access, words)
    wanted = tuple(
        sections.resource_of(one, around, mistakes)
        for one in (*_account(document, accounts, renamed), *named)
    )
    _refuse_on_accounts(project, wanted, mistakes)
    targets.refuse_unknown(project, wanted, mistakes)
    targets.refuse_circles(wanted, mistakes)
    there = {one.entry.resource.names.singular for one in named if one.entry}
    gone = (entry for name, entry in entries.items() if name not in there)
    return Resolved(wanted, tuple(gone))


def _account(document: Document, entry: Entry, renamed: Renames) -> Iterator[Named]:
    """Yield the section of accounts, if there is one."""
    if document.user:
        fields = renamed.fields.get(USER, {})
        before = _before(entry.resource, renamed, fields)
        yield Named(document.user, USERS, entry, before, fields)


def _refuse_on_accounts(project: Project, wanted: Sequence[Wanted], mistakes: Mistakes) -> None:
    """Refuse fields that accounts cannot have."""
    for one in wanted:
        old = one.named.before
        for text, field in one.typed if old else ():
            for error in account.mistakes(project, old or one.new, [(text, field)]):
                mistakes.take(one.line_of(field), error)


def _named(
    document: Document, entries: Entries, renamed: Renames, mistakes: Mistakes
) -> Iterator[Named]:
    for section in document.sections:
        typed = section.name.text
        old = renamed.old_name(renames.word(typed))
        known = old or renames.known_as(entries, typed)
        entry = entries[known] if known and (old or known not in renamed.resources) else None
        try:
            names = _names(section, entry, is_renamed=old is not None)
        except InvalidName as error:
            plural = section.plural
            mistakes.take(plural.line if plural else section.name.line, error)
            continue
        names = _served(section, names, mistakes)
        fields = renamed.fields.get(known or "", {})
        before = _before(entry.resource, renamed, fields) if entry else None
        yield Named(section, names, entry, before, fields)


def _names(section: Section, entry: Entry | None, *, is_renamed: bool) -> Names:
    """Return the names; an existing resource keeps its plural unless another one is given.

    It also keeps a path of its own, unless it is renamed.
    """
    there = entry.resource.names if entry and not is_renamed else None
    if there and section.plural is None:
        return there
    names = resolve(section.name.text, section.plural.text if section.plural else None)
    return names.like(there) if there else names


def _served(section: Section, names: Names, mistakes: Mistakes) -> Names:
    """Return `names` with the path that the file gives; adds to `mistakes`."""
    if section.path is None:
        return names
    if is_path(section.path.text):
        return names.at(section.path.text)
    told = (
        f"{shown(section.path.text)} cannot be the path: use at most {LONGEST_PATH} letters, "
        f"digits and hyphens without the prefix of the API, as in {names.usual_path}"
    )
    mistakes.add(section.path.line, told)
    return names


def _before(resource: Resource, renamed: Renames, fields: dict[str, str]) -> Resource:
    """Return a resource of the recipe with the new names of its fields and of their targets."""
    names = renamed.resources
    called = tuple(
        replace(
            one,
            name=fields.get(one.name, one.name),
            target=names.get(one.target or "", one.target),
        )
        for one in resource.fields
    )
    return column_sets.renamed(replace(resource, fields=called), fields)


def _refuse_same(named: Sequence[Named], mistakes: Mistakes) -> None:
    """Refuse names that two sections have."""
    singulars: dict[str, Named] = {}
    plurals: dict[str, Named] = {}
    paths: dict[str, Named] = {}
    for one in named:
        line, names = one.section.name.line, one.names
        first = singulars.setdefault(names.singular, one)
        if first is not one:
            at = first.section.name.line
            mistakes.add(line, f"the resource {names.singular} is already on line {at}")
            continue
        other = plurals.setdefault(names.plural, one)
        if other is not one:
            told = f"the plural of {other.names.singular} is also {names.plural!r}"
            mistakes.add(line, f"{told}: give one of them another plural")
            continue
        served = paths.setdefault(names.path, one)
        if served is not one:
            told = f"{served.names.singular} is also served at {names.path!r}"
            mistakes.add(line, f"{told}: give one of them another path")
