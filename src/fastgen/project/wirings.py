"""The lines that a resource needs in other files, and the edits that add or remove them."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from fastgen.changes.plan import Edit, Manual
from fastgen.names import layout
from fastgen.project import router_files, sameness, style
from fastgen.project.included import Included
from fastgen.project.modules import Modules
from fastgen.project.project import Project
from fastgen.slices.relations import Relation, relations
from fastgen.slices.resource import Resource, World
from fastgen.wiring import exports, kept_relationships, relationships, routers
from fastgen.wiring.relationship_code import Relationship
from fastgen.wiring.results import AlreadyWired, CannotWire, Edited, Result
from fastgen.wiring.router_moves import Router, move_router

Editor = Callable[[bytes], Result]
NOTHING: Mapping[Hashable, Any] = {}


@dataclass(frozen=True, slots=True)
class Wiring:
    """The lines that one file needs for a resource."""

    path: str
    add: Editor
    remove: Editor
    why: str
    key: Hashable
    # The name that it imports, with the module that must define it.
    needs: tuple[tuple[str, str], ...]
    # The list in the parent's class, and the field that it belongs to.
    relationship: Relationship | None = None
    field: str = ""

    @property
    def attribute(self) -> str | None:
        """The name of the list in the parent's class."""
        return self.relationship.attribute if self.relationship else None

    @property
    def place(self) -> Hashable:
        """The class, in its file, and the list in it."""
        return self.path, self.needs[-1], self.attribute

    def take_out(self, source: bytes) -> Result:
        """Remove a list that is as fastgen wrote it, to bring it back later."""
        if self.relationship is None:
            return self.remove(source)
        return kept_relationships.take_out_relationship(source, self.relationship)

    def succeed(self, old: "Wiring | None", source: bytes) -> Result:
        """Change the list `old` into this one where it stands, or else add this one."""
        if old and old.relationship and self.relationship:
            before, after = old.relationship, self.relationship
            result = kept_relationships.change_relationship(source, before, after)
            if not isinstance(result, AlreadyWired):
                return result
        return self.add(source)


@dataclass(frozen=True, slots=True)
class Wired:
    """The edits, and what is left to the user."""

    edits: tuple[Edit, ...]
    manual: tuple[Manual, ...]


def wirings(resource: Resource, world: World) -> list[Wiring]:
    """Return the wirings that `resource` needs in other files."""
    return [
        _router(resource),
        _model(resource),
        *(_parent(resource, one) for one in relations(resource, world) if not one.to_self),
    ]


def missing(project: Project, wanted: Iterable[Wiring]) -> list[Wiring]:
    """Return `wanted` without the router if a module of `project` includes it already."""
    included = Included(Modules(project))
    return [
        one for one in wanted if one.path != layout.ROUTER or not included.has_new(one.needs[0][0])
    ]


def added(
    project: Project, wanted: Iterable[Wiring], before: Mapping[Hashable, Wiring] = NOTHING
) -> Wired:
    """Return the edits of `project` that add the missing ones of `wanted`; raises `Refused`.

    Lists that are there change where they stand; `before` has what they were, by their keys.
    """
    return _edited(project, [(one, partial(one.succeed, before.get(one.key))) for one in wanted])


def removed(project: Project, unwanted: Iterable[Wiring]) -> Wired:
    """Return the edits of `project` that remove `unwanted`; raises `Refused`."""
    return _edited(project, [(one, one.remove) for one in unwanted])


def renamed_router(project: Project, old: Resource, new: Resource) -> Wiring:
    """Return the wiring that puts the router of `new` in the place of that of `old`."""
    path = router_files.including(project, layout.endpoints_module(old.names))
    before, after = (
        (layout.endpoints_module(one.names), f"{one.names.plural}_router") for one in (old, new)
    )
    wiring = _router(new)
    here = layout.module_of(path)
    add = partial(_moved, _router(old), wiring, before, after, here)
    return replace(wiring, path=path, add=add)


def changed(
    project: Project,
    old: Sequence[Wiring],
    new: Sequence[Wiring],
    again: Collection[Hashable] = (),
    moved: Mapping[Hashable, Wiring] = NOTHING,
    following: Mapping[Hashable, Wiring] = NOTHING,
) -> Wired:
    """Return the edits of `project` that turn `old` into `new`; raises `Refused`.

    Wirings in both are left as they are in the project, even if missing there, except those with
    one of the keys `again`. `moved` has those that take the place of old ones, by their keys, and
    `following` the lists that do.
    """
    kept = {one.key for one in old} & {one.key for one in new}
    successors = {one.place: one for one in new if one.attribute and one.key not in kept}
    steps: list[tuple[Wiring, Editor]] = []
    for one in old:
        if one.key in moved:
            steps.append((moved[one.key], moved[one.key].add))
        elif one.key not in kept:
            place = following[one.key].place if one.key in following else one.place
            steps.append((one, partial(_replace, one, successors.pop(place, None))))
    settled = {*kept, *(one.key for one in moved.values())}
    wanted = [one for one in new if one.key in again or not (one.attribute or one.key in settled)]
    modules = Modules(project)
    for one in (*missing(project, wanted), *successors.values()):
        (module, name), *_ = one.needs
        there = modules.defines(module, name)
        steps.append((one, one.add if there else partial(_without, f"{module} has no {name}", one)))
    return _edited(project, steps)


def _moved(
    old: Wiring, new: Wiring, before: Router, after: Router, here: str, source: bytes
) -> Result:
    """Put the router `after` in the place of `before`, or else at the end of its list."""
    result = move_router(source, old=before, new=after, here=here)
    removed = old.remove(source) if isinstance(result, CannotWire) else None
    return new.add(removed.source) if isinstance(removed, Edited) else result


def _without(reason: str, wiring: Wiring, _: bytes) -> Result:
    """Return the result for a `wiring` whose import does not exist: it is left to the user."""
    result = wiring.add(b"")
    snippet = result.snippet if isinstance(result, CannotWire) else ""
    return CannotWire(snippet, reason)


def _replace(old: Wiring, new: Wiring | None, source: bytes) -> Result:
    """Turn the lines of `old` into those of `new` where they stand, or replace them.

    Those that people edited are not replaced.
    """
    removed = old.remove(source)
    if not isinstance(removed, Edited) or new is None:
        return removed
    changed = new.succeed(old, source) if new.relationship else None
    if isinstance(changed, Edited):
        return changed
    again, wanted = old.add(removed.source), new.add(removed.source)
    if isinstance(again, Edited) and sameness.same_statements(again.source, source):
        return wanted
    added = _lines(wanted.source) - _lines(removed.source) if isinstance(wanted, Edited) else {}
    snippet = b"\n".join(added).decode(errors="replace")
    return CannotWire(snippet, "it must change but was edited: this is the new version")


def _lines(source: bytes) -> Counter[bytes]:
    return Counter(source.splitlines())


def _edited(project: Project, steps: Iterable[tuple[Wiring, Editor]]) -> Wired:
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    reasons: dict[str, str] = {}
    manual: list[Manual] = []
    laid_out: dict[str, bool] = {}
    for wiring, editor in steps:
        # An edited file may be empty.
        found = after[wiring.path] if wiring.path in after else project.read(wiring.path)
        result = _run(editor, found)
        if isinstance(result, CannotWire):
            manual.append(Manual(wiring.path, result.snippet, result.reason))
        elif isinstance(result, Edited) and found is not None:
            before.setdefault(wiring.path, found)
            after[wiring.path] = result.source
            reasons.setdefault(wiring.path, wiring.why)
            laid_out[wiring.path] = laid_out.get(wiring.path, True) and result.is_laid_out
    for path, found in after.items():
        restyled = style.styled if laid_out[path] else style.settled
        after[path] = restyled(project, path, before[path], found)
    edits = [Edit(path, before[path], found, reasons[path]) for path, found in after.items()]
    return Wired(tuple(edits), tuple(manual))


def following(
    old: Resource, new: Resource, renamed: Mapping[str, str], worlds: tuple[World, World]
) -> dict[Hashable, Wiring]:
    """Return the list that each list of `old` becomes for `new`, by the keys of the old ones."""
    before, after = (
        {wiring.field: wiring for wiring in wirings(one, world) if wiring.relationship}
        for one, world in zip((old, new), worlds, strict=True)
    )
    names = {name: renamed.get(name, name) for name in before}
    return {before[name].key: after[called] for name, called in names.items() if called in after}


def _run(editor: Editor, source: bytes | None) -> Result:
    if source is not None:
        return editor(source)
    match editor(b""):
        case Edited(lines):
            return CannotWire(lines.decode(), "the file is missing")
        case AlreadyWired():
            return AlreadyWired()
        case CannotWire(snippet):
            return CannotWire(snippet, "the file is missing")


def _router(resource: Resource) -> Wiring:
    names = resource.names
    module = layout.endpoints_module(names)
    return Wiring(
        layout.ROUTER,
        lambda source: routers.include_router(
            source, module=module, router=f"{names.plural}_router"
        ),
        lambda source: routers.exclude_router(source, module=module),
        "the routes",
        module,
        ((module, "router"),),
    )


def _model(resource: Resource) -> Wiring:
    module, name = layout.model_module(resource.names), resource.names.cls
    return Wiring(
        layout.MODELS_INIT,
        lambda source: exports.export_model(source, module=module, name=name),
        lambda source: exports.unexport_model(source, module=module, name=name),
        "the model",
        (module, name),
        ((module, name),),
    )


def _parent(resource: Resource, relation: Relation) -> Wiring:
    module, parent = (layout.model_module(n) for n in (resource.names, relation.target))
    ends = {
        "owner": relation.target.cls,
        "attribute": relation.back,
        "target": resource.names.cls,
        "target_module": module,
    }
    known = Relationship(
        **ends, back_populates=relation.attribute, foreign_keys=relation.foreign_keys
    )
    return Wiring(
        layout.file_of(parent),
        lambda source: relationships.add_relationship(
            source,
            **ends,
            back_populates=relation.attribute,
            foreign_keys=relation.foreign_keys,
        ),
        lambda source: relationships.remove_relationship(source, **ends),
        f"{relation.target.cls}.{relation.back}",
        (*ends.values(), relation.attribute, relation.foreign_keys),
        (
            (module, resource.names.cls),
            (f"{module}.{resource.names.cls}", relation.attribute),
            (parent, relation.target.cls),
        ),
        known,
        relation.field.name,
    )
