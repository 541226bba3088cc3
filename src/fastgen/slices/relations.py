"""References between resources, seen from both sides."""

from collections import Counter
from dataclasses import dataclass

from fastgen.fields.model import Field
from fastgen.names import attributes
from fastgen.names.resource import Names
from fastgen.slices import circles, columns
from fastgen.slices.resource import USER, Resource, World
from fastgen.slices.rights import Rights


@dataclass(frozen=True, slots=True)
class Relation:
    """A reference from `resource` to `target`, with its attribute and the list there."""

    field: Field
    target: Names
    attribute: str
    back: str
    # Such as `Item.author_id`, if several foreign keys connect the two tables.
    foreign_keys: str | None
    action: str
    target_rights: Rights
    to_self: bool
    # Whether its target leads back to `resource`, so that it is created after both tables.
    in_circle: bool

    @property
    def column(self) -> str:
        """The column that holds the id."""
        return self.field.column

    @property
    def guarded(self) -> bool:
        """Whether some signed-in users cannot see some of the rows to which it may refer."""
        return self.target_rights.read == "owner"

    @property
    def to_user(self) -> bool:
        """Whether it refers to accounts."""
        return self.field.target == USER

    @property
    def by_hand(self) -> bool:
        """Whether people wrote the target, so that it may have no endpoints."""
        return bool(self.target.own_module)

    @property
    def annotation(self) -> str:
        """Return the type of the attribute."""
        return f"{self.target.cls} | None" if self.field.optional else self.target.cls


def relations(resource: Resource, world: World) -> list[Relation]:
    """Return the references of `resource`, in order."""
    times = Counter(field.target for field in resource.references)
    seen: set[str | None] = set()
    found = []
    for field in resource.references:
        found.append(
            _relation(
                field,
                resource,
                world,
                several=times[field.target] > 1,
                first=field.target not in seen,
            )
        )
        seen.add(field.target)
    return found


def _relation(
    field: Field, resource: Resource, world: World, *, several: bool, first: bool
) -> Relation:
    rights = world.rights(field)
    to_self = field.target == resource.names.singular
    connected = several or (field.target == USER and resource.owned)
    answered = circles.answers(field, resource, world)
    return Relation(
        field=field,
        target=world.target(field),
        attribute=attributes.of_relation(field.name),
        back=_back(field, resource, plain=first and not to_self),
        foreign_keys=f"{resource.names.cls}.{field.column}" if connected or answered else None,
        action=columns.foreign_key_action(field, resource, owned_target=rights.read == "owner"),
        target_rights=rights,
        to_self=to_self,
        in_circle=field.optional and circles.closes(field, resource, world),
    )


def _back(field: Field, resource: Resource, *, plain: bool) -> str:
    if plain:
        return resource.names.plural
    if field.name == "parent" and field.target == resource.names.singular:
        return "children"
    return f"{field.name}_{resource.names.plural}"
