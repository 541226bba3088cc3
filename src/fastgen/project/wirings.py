"""The lines that a resource needs in other files."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from fastgen.names import layout
from fastgen.project import router_files
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


def wirings(resource: Resource, world: World) -> list[Wiring]:
    """Return the wirings that `resource` needs in other files."""
    return [
        _router(resource),
        _model(resource),
        *(_parent(resource, one) for one in relations(resource, world) if not one.to_self),
    ]


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


def _moved(
    old: Wiring, new: Wiring, before: Router, after: Router, here: str, source: bytes
) -> Result:
    """Put the router `after` in the place of `before`, or else at the end of its list."""
    result = move_router(source, old=before, new=after, here=here)
    removed = old.remove(source) if isinstance(result, CannotWire) else None
    return new.add(removed.source) if isinstance(removed, Edited) else result


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
