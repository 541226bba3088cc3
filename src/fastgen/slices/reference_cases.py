"""The test cases for the references of a resource."""

from dataclasses import dataclass

from fastgen.slices import first_rows, variables
from fastgen.slices.first_rows import Writer
from fastgen.slices.relations import Relation, relations
from fastgen.slices.resource import USER, Resource, World


@dataclass(frozen=True, slots=True)
class ReferenceCase:
    """A reference that clients send, and who may set it to which rows."""

    relation: Relation
    # The variable of a row to which it may refer.
    variable: str
    # The helper that creates such a row.
    maker: str
    # The constant with the path of such rows.
    url: str
    # Who creates such rows by default, and who may refer to them.
    target_writer: Writer
    actor: Writer
    # Who may delete it.
    deleter: Writer
    # Who creates rows to which the actor may not refer, if there are any.
    stranger: str | None
    # Whether a user who is not an administrator can send another user's id with nothing else wrong.
    tried_by_others: bool
    only_mistake: bool
    # The other columns that such a user must set to their own id.
    also_named: tuple[str, ...]
    # What the tests import for it.
    imports: tuple[first_rows.Import, ...]


def reference_cases(resource: Resource, world: World) -> list[ReferenceCase]:
    """Return a case for each reference that clients send."""
    return [
        _case(relation, resource, world)
        for relation in relations(resource, world)
        if not relation.field.readonly
    ]


def _case(relation: Relation, resource: Resource, world: World) -> ReferenceCase:
    variable = variables.one(relation.target)
    actor = first_rows.writer(resource, world)
    target = None if relation.to_user else world.resources[relation.field.target or USER]
    if target is None or (target.owned and first_rows.writer(target, world) == "admin"):
        actor = "admin"
    stranger = None
    if target and target.owned and not relation.to_self:
        stranger = "bob" if first_rows.writer(target, world) == "alice" else "carol"
    maker, url, imports = _imported(relation, target, resource, world)
    return ReferenceCase(
        relation=relation,
        variable="other" if relation.to_self else variable,
        maker=maker,
        url=url,
        imports=imports,
        target_writer=first_rows.writer(target, world) if target else "admin",
        actor=actor,
        deleter="admin" if relation.target_rights.write == "admin" else actor,
        stranger=stranger,
        tried_by_others=target is None and resource.rights.write != "admin",
        only_mistake=not first_rows.needs_admin(resource, world),
        also_named=tuple(
            column
            for column, account in first_rows.accounts(resource).items()
            if account != "by" and column != relation.column
        ),
    )


def _imported(
    relation: Relation, target: Resource | None, resource: Resource, world: World
) -> tuple[str, str, tuple[first_rows.Import, ...]]:
    """Return the helper, the constant with the path, and what the tests import for them."""
    maker, url = f"make_{variables.one(relation.target)}", variables.many(relation.target).upper()
    if target is None or relation.to_self:
        return maker, url, ()
    maker, imported = first_rows.maker(target, resource, world)
    module, name = imported
    if name is None:
        return maker, f"{module}.{url}", (imported,)
    return maker, url, (imported,) if relation.by_hand else (imported, (module, url))
