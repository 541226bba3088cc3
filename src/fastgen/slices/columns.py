"""The column of a field in the model and in the migrations."""

from collections.abc import Collection
from dataclasses import dataclass

from fastgen.fields.model import Field
from fastgen.fields.types import Use, type_of
from fastgen.slices import indexes
from fastgen.slices.class_names import enum_name
from fastgen.slices.enum_checks import label
from fastgen.slices.resource import Resource, World
from fastgen.slices.values import default_in_database, default_value, has_default

# Does not say whether null is allowed, so the column does.
ANY = "Any"
ONDELETE = {"cascade": "CASCADE", "restrict": "RESTRICT", "setnull": "SET NULL"}


@dataclass(frozen=True, slots=True)
class Column:
    """A field as a column: source texts for the model and the migration."""

    name: str
    annotation: str
    arguments: str
    migration_type: str
    server_default: str | None
    nullable: bool
    # The name in the model if it is another one.
    renamed: str = ""

    @property
    def attribute(self) -> str:
        """The name in the model."""
        return self.renamed or self.name

    @property
    def migration(self) -> str:
        """Return the `sa.Column(…)` of a migration."""
        default = f", server_default={self.server_default}" if self.server_default else ""
        return f'sa.Column("{self.name}", {self.migration_type}{default}, nullable={self.nullable})'


def columns(resource: Resource, world: World) -> list[Column]:
    """Return the columns of the fields of `resource`."""
    alone = indexes.alone(resource)
    return [_column(field, resource, world, alone) for field in resource.fields]


def _column(field: Field, resource: Resource, world: World, alone: Collection[str]) -> Column:
    type_ = type_of(field)
    annotation = type_.annotation(field, enum_name(field, resource))
    return Column(
        name=field.column,
        annotation=f"{annotation} | None" if field.optional and annotation != ANY else annotation,
        arguments=", ".join(_arguments(field, resource, world, alone)),
        migration_type=type_.migration_column(field, world.database),
        server_default=default_in_database(field, world.database),
        nullable=field.optional,
        renamed=field.attribute,
    )


def foreign_key_action(field: Field, resource: Resource, *, owned_target: bool) -> str:
    """Return the `ON DELETE` action of the foreign key of `field`."""
    if field.ondelete == "restrict" and resource.owned and owned_target:
        # One statement deletes an account's rows in no order; RESTRICT would not wait for its end.
        return "NO ACTION"
    return ONDELETE[field.ondelete or "restrict"]


def _arguments(field: Field, resource: Resource, world: World, alone: Collection[str]) -> list[str]:
    type_ = type_of(field)
    cls = enum_name(field, resource)
    kind = type_.column(field, Use(world.database, cls, label(field, resource, world)))
    if field.optional and has_default(field):
        # Otherwise SQLAlchemy would treat an explicit null as missing and store the default.
        found = [f"{kind if kind.endswith(')') else f'{kind}()'}.evaluates_none()"]
    else:
        found = [] if type_.implied else [kind]
    if type_.annotation(field, cls) == ANY:
        found.append(f"nullable={field.optional}")
    if type_.is_unique(field) and not resource.owned:
        found.append("unique=True")
    if field.column in alone:
        found.append("index=True")
    if computed := type_.computed(field):
        found.append(f"default={computed}")
    if server_default := default_in_database(field, world.database):
        value = default_value(field)
        default = type_.factory(field, value) or type_.literal(field, value, cls)
        found += [f"default={default}", f"server_default={server_default}"]
    return [f'"{field.column}"', *found] if field.attribute != field.column else found
