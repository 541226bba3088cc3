"""Finds names of a resource and its fields that are taken in the rendered code."""

import ast
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fastgen.errors import FastgenError, InvalidField, InvalidName
from fastgen.fields import identifiers
from fastgen.fields.model import Field
from fastgen.fields.show import show
from fastgen.fields.types import type_of
from fastgen.messages import shown
from fastgen.names.resource import ITEMS, Names
from fastgen.slices import variables
from fastgen.slices.first_look import may_clash, may_hide
from fastgen.slices.render import Renderer, paths
from fastgen.slices.resource import USERS, Resource, World
from fastgen.slices.scopes import Top, hidden, top
from fastgen.slices.spellings import forms


@dataclass(frozen=True, slots=True)
class Typed:
    """The request for a resource: its name, and the new fields."""

    name: str
    fields: Sequence[tuple[str, Field]]

    def text_of(self, field: Field) -> str | None:
        """Return what was typed for `field`, None for an existing one."""
        return next((text for text, one in self.fields if one == field), None)


# Names that no template contains, of which texts say `an` and `a`.
TWINS = (
    Names("unlike_any_other", "unlike_all_others"),
    Names("different_from_any", "different_from_all"),
)


def find(
    renderer: Renderer,
    resource: Resource,
    world: World,
    rendered: Mapping[str, str],
    typed: Typed,
) -> list[FastgenError]:
    """Return an error for each name that has two meanings in `rendered` or hides another.

    The same templates, rendered for another name, show which names they use otherwise. `typed`
    is what the user typed for the resource.
    """
    found = [*_of_fields(resource, rendered, typed)]
    # The name of accounts is in the project's own files, and never another one.
    if resource.names != USERS:
        found += _of_names(renderer, resource, world, rendered, typed)
    return list({error.message: error for error in found}.values())


def _of_fields(
    resource: Resource, rendered: Mapping[str, str], typed: Typed
) -> Iterator[FastgenError]:
    told: set[str] = set()
    names = {name for field in resource.fields for name in _made_of(field)}
    for path, text in rendered.items():
        for cls, name in hidden(ast.parse(text)) if may_hide(text, names) else ():
            field = next((one for one in resource.fields if name in _made_of(one)), None)
            if field and field.name not in told:
                told.add(field.name)
                yield _misnamed_field(field, path, cls, name, typed.text_of(field))


def _misnamed_field(field: Field, path: str, cls: str, name: str, text: str | None) -> InvalidField:
    if text is None:
        return InvalidField(
            f"in {path} the class {cls} would use {name}, which is its field: give the new fields "
            "other types",
            f"git grep -nw {name} {path}",
        )
    better = identifiers.suggest(field, {field.name}) + text.removeprefix(field.name)
    return InvalidField(
        f"field {shown(text)}: in {path} the class {cls} has another {name}; choose another name",
        shlex.quote(better),
        instead=((text, better),),
    )


def _made_of(field: Field) -> set[str]:
    return {field.name, field.attribute, *type_of(field).parameters(field)}


def _of_names(
    renderer: Renderer,
    resource: Resource,
    world: World,
    rendered: Mapping[str, str],
    typed: Typed,
) -> Iterator[FastgenError]:
    twin = _renamed(resource)
    words = dict(zip(forms(twin.names), forms(resource.names), strict=True))
    others = {**world.resources, resource.names.singular: twin, twin.names.singular: twin}
    texts = renderer.files(twin, replace(world, resources=others))
    kinds = {kind: texts[path] for path, kind in paths(twin).items()}
    for path, kind in paths(resource).items():
        if not may_clash(rendered[path], kinds[kind], words):
            continue
        rows = {variables.one(resource.names), variables.many(resource.names)}
        taken = _taken(top(ast.parse(rendered[path])), top(ast.parse(kinds[kind])), rows)
        for name in sorted(taken):
            yield _misnamed(resource, world, path, name, typed)


def _renamed(resource: Resource) -> Resource:
    own, label = resource.names.singular, resource.names.label
    twin = TWINS[variables.article(label) == f"a {label}"]
    names = replace(twin, own_path=resource.names.own_path)
    fields = (
        replace(field, target=names.singular) if field.target == own else field
        for field in resource.fields
    )
    return replace(resource, names=names, fields=tuple(fields))


def _taken(real: Top, twin: Top, rows: set[str]) -> set[str]:
    """Return the names that `real` defines for the resource and uses for something else."""
    own = real.own.keys() - twin.own.keys()
    used = own & (twin.used | real.imports.keys())
    used |= {name for name in own if real.own[name] > 1}
    used |= {name for name in twin.used if len(real.imports.get(name, ())) > 1}
    if len(real.functions) == len(twin.functions):
        for mine, other in zip(real.functions, twin.functions, strict=True):
            used |= (mine.names - other.names) & other.used
            # The template itself has a variable of that name.
            used |= rows & other.names if len(mine.names) < len(other.names) else set()
    return used


def _misnamed(resource: Resource, world: World, path: str, name: str, typed: Typed) -> FastgenError:
    names = resource.names
    for field in resource.references:
        if field.target != names.singular and world.target(field).cls == name:
            text, better = typed.text_of(field) or show(field), f"{field.column}:int"
            told = f"field {shown(text)}: in {path} {name} is also the name of something else"
            return InvalidField(told, better, instead=((text, better),))
    if name == variables.many(names) or name.endswith(f"_{names.plural}"):
        return InvalidName(
            f"the plural cannot be '{names.plural}': {path} has another {name}",
            instead=(("--plural=*", f"--plural {names.singular}{ITEMS}"),),
        )
    return InvalidName(
        f"a resource cannot be called '{names.singular}': {path} has another {name}; "
        "choose a more specific name",
        instead=((typed.name, f"{names.singular}_entry"),),
    )
