"""Turns a typed line into a resource; reports all mistakes at once."""

import shlex
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from fastgen.errors import (
    Bug,
    FastgenError,
    InvalidField,
    InvalidOption,
    UnknownTarget,
    raise_all,
)
from fastgen.fields import split
from fastgen.fields.model import Field
from fastgen.fields.parse import parse
from fastgen.fields.show import show
from fastgen.messages import meant, nearest, shown
from fastgen.names.plurals import singular
from fastgen.names.resource import ITEMS, Names, is_name, resolve, snake
from fastgen.project import clashes, resources, typed_sets, written
from fastgen.project.project import Project
from fastgen.project.typed_sets import TypedSets
from fastgen.project.written import Written
from fastgen.slices import first_rows
from fastgen.slices.cases import Cases
from fastgen.slices.resource import USER, Resource
from fastgen.slices.rights import ACCESSES, Access

OWNER = ("owner", "owner_id")
# The field of a resource that is added without fields.
ONLY_FIELD = "name:str:100"
# A field with the text that was typed for it.
Typed = tuple[str, Field]
NO_SETS = TypedSets()


@dataclass(frozen=True, slots=True)
class Understood:
    """The typed resource, as far as it is valid, and all mistakes."""

    # None without a name; has only the fields that are valid by themselves.
    resource: Resource | None
    fields: Sequence[Typed]
    mistakes: Sequence[FastgenError]

    def must(self) -> Resource:
        """Return the resource; raises `Several` or the one mistake in it."""
        raise_all(self.mistakes)
        if self.resource is None:
            raise Bug("a refused name was not reported")
        return self.resource


def understand(
    project: Project,
    name: str,
    plural: str | None,
    texts: Sequence[str],
    typed_access: str,
    others: Sequence[Names] = (),
    sets: TypedSets = NO_SETS,
) -> Understood:
    """Return the typed resource with all mistakes.

    It may refer to the resources of the project and to `others`; `sets` are its unique
    constraints and indexes over several columns.
    """
    mistakes: list[FastgenError] = []
    names: Names | None = None
    try:
        names = _names(project, name, plural)
    except FastgenError as error:
        mistakes += error.parts
    access = next((known for known in ACCESSES if known == typed_access), None)
    if access is None:
        mistakes.append(_no_access(typed_access))
    called = (*others, *([names] if names else []))
    fields, wrong = read(project, texts, access or "shared", called=called)
    mistakes += wrong
    own = {names.singular} if names else {snake(name), singular(snake(name))}
    there = [one.singular for one in others]
    mistakes += unknown_targets(project, fields, own, there)
    known = [one for one in fields if not unknown_targets(project, [one], own, there)]
    mistakes += never_made(names, fields) if names else ()
    kept = resources.kept_rights(project.root, names, access, project.database)
    called_so = names or Names(snake(name), snake(name))
    valid = tuple(field for _, field in known)
    resource = Resource(called_so, access or "shared", valid, kept_rights=kept)
    resource, in_sets = _with_sets(resource, sets, texts, mistakes)
    mistakes += in_sets
    return Understood(resource if names else None, known, mistakes)


def _with_sets(
    resource: Resource, sets: TypedSets, texts: Sequence[str], mistakes: Sequence[FastgenError]
) -> tuple[Resource, Sequence[FastgenError]]:
    """Return `resource` with `sets`, and the errors in them.

    `mistakes` are those in its fields `texts`; their hints rename fields in sets as well.
    """
    known = [field.name for field in resource.fields]
    found = typed_sets.read(resource, sets, typed_sets.unread(texts, known, mistakes))
    corrected = [error for error in mistakes if error.instead]
    for error in corrected[:1]:
        error.instead = (*error.instead, *found.renamed)
    return found.resource, found.mistakes


def read(
    project: Project,
    texts: Sequence[str],
    access: Access,
    known: Sequence[Field] = (),
    called: Sequence[Names] = (),
) -> tuple[list[Typed], list[FastgenError]]:
    """Return the valid fields among `texts`, and the errors of the others.

    They extend the fields `known`. Resources that are not in the recipe yet are `called` so.
    """
    try:
        fields = parse_fields(project, texts, access, known, called)
    except FastgenError as error:
        found: list[Typed] = []
        for text in texts:
            try:
                [field] = parse_fields(project, [text], access, called=called)
            except FastgenError:
                continue
            found.append((text, field))
        return found, [*error.parts]
    return list(zip(texts, fields, strict=True)), []


def _names(project: Project, name: str, plural: str | None) -> Names:
    """Return the names; an existing resource is known without its plural, and keeps its path.

    Raises `InvalidName`, and `Clash` for the name of accounts.
    """
    known = resources.known_as(project.root, name)
    entry = resources.load(project.root, known, project.database) if known else None
    if entry:
        there = entry.resource.names
        return resolve(name, plural).like(there) if plural else there
    found = resolve(name, plural)
    if found.singular == USER:
        told = "accounts are part of every project: `fastgen add field user` adds fields to them"
        raise clashes.another_name(f"{told}; a resource needs another name", name)
    return found


def parse_fields(
    project: Project,
    texts: Sequence[str],
    access: Access,
    known: Sequence[Field] = (),
    called: Sequence[Names] = (),
) -> tuple[Field, ...]:
    """Parse `texts` for a resource with that `access` and the fields `known`.

    They may refer to resources that are not in the recipe yet, which are `called` so. Raises
    `Several` or `InvalidField`.
    """
    reserved = OWNER if access == "owner" else ()
    fields = parse(texts, database=project.database, reserved=reserved, known=known)
    return resources.retargeted(project.root, fields, called)


def unknown_targets(
    project: Project, fields: Sequence[Typed], own: Collection[str], others: Sequence[str] = ()
) -> list[FastgenError]:
    """Return an error for each reference to neither a resource, nor one of `own` or `others`.

    `own` are the names of the resource itself.
    """
    known = {USER, *resources.listed(project.root), *others} - {*own}
    unknown = [
        (text, field)
        for text, field in fields
        if field.target and field.target not in {*own, *known}
    ]
    models = written.models(project) if unknown else {}
    known |= {name for name, model in models.items() if not model.reason} - {*own}
    return [
        _unreachable(text, field, models[field.target])
        if field.target in models
        else _unknown(text, field, sorted(known))
        for text, field in unknown
        if field.target not in known
    ]


def _no_access(typed: str) -> InvalidOption:
    near = nearest(typed, ACCESSES) or ACCESSES[0]
    return InvalidOption(
        f"--access takes {', '.join(ACCESSES)}, not {shown(typed)}",
        instead=((f"--access={typed}", f"--access {near}"),),
    )


def never_made(names: Names, fields: Sequence[Typed]) -> Iterator[FastgenError]:
    """Yield an error for each field for which no value, or no row, could be created."""
    for text, field in fields:
        alone = Resource(names, "shared", (field,))
        try:
            first_rows.check(alone)
            Cases(alone)
        except InvalidField as error:
            better = ((text, shlex.split(error.hint)[0]),) if error.hint else ()
            yield InvalidField(error.message, error.hint, instead=better)


def _unreachable(text: str, field: Field, model: Written) -> InvalidField:
    better = f"{field.column}:{'uuid' if model.key == 'UUID' else 'int'}"
    return InvalidField(
        f"field '{field.name}': a ref cannot refer to {model.names.cls} of {model.path}: "
        f"{model.reason}",
        better,
        instead=((text, better),),
    )


def line(target: str) -> str:
    """Return what adds a resource called `target` when it follows `fastgen add resource`."""
    plural = "" if is_name(target) else f" --plural {target}{ITEMS}"
    return f"{target} {ONLY_FIELD}{plural}"


def _unknown(text: str, field: Field, known: Sequence[str]) -> FastgenError:
    near = nearest(field.target or "", known)
    message = (
        f"field '{field.name}': there is no resource {shown(split.argument(text))} to refer to: "
        f"there are {', '.join(known) or 'none yet'}{meant(near)}"
    )
    if near is None:
        target = field.target or ""
        return UnknownTarget(message, target, f"fastgen add resource {line(target)}")
    better = show(replace(field, target=near))
    return InvalidField(message, shlex.quote(better), instead=((text, better),))
