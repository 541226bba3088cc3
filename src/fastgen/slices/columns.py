"""The column of a field in the model and in the migrations."""

from dataclasses import dataclass

from fastgen.fields.model import Field
from fastgen.slices import column_types, indexes
from fastgen.slices.class_names import enum_name
from fastgen.slices.column_types import ANNOTATIONS
from fastgen.slices.resource import Resource, World
from fastgen.slices.values import default_in_database, default_literal, factory, has_default

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

    @property
    def migration(self) -> str:
        """Return the `sa.Column(…)` of a migration."""
        default = f", server_default={self.server_default}" if self.server_default else ""
        return f'sa.Column("{self.name}", {self.migration_type}{default}, nullable={self.nullable})'


def column(field: Field, resource: Resource, world: World) -> Column:
    """Return the column of `field` of `resource`."""
    annotation = python_type(field, resource)
    return Column(
        name=field.column,
        annotation=f"{annotation} | None" if field.optional and annotation != "Any" else annotation,
        arguments=", ".join(_arguments(field, resource, world)),
        migration_type=column_types.in_migration(field, world),
        server_default=default_in_database(field, world.database),
        nullable=field.optional,
    )


def python_type(field: Field, resource: Resource) -> str:
    """Return the Python type of a value of `field`, without null."""
    if field.type == "enum":
        return enum_name(field, resource)
    if field.type == "list":
        return f"list[{ANNOTATIONS[field.item or 'str']}]"
    return ANNOTATIONS[field.type]


def foreign_key_action(field: Field, resource: Resource, *, owned_target: bool) -> str:
    """Return the `ON DELETE` action of the foreign key of `field`."""
    if field.ondelete == "restrict" and resource.owned and owned_target:
        # One statement deletes an account's rows in no order; RESTRICT would not wait for its end.
        return "NO ACTION"
    return ONDELETE[field.ondelete or "restrict"]


def _arguments(field: Field, resource: Resource, world: World) -> list[str]:
    if field.optional and has_default(field):
        # Otherwise SQLAlchemy would treat an explicit null as missing and store the default.
        found = [f"{column_types.whole(field, resource, world)}.evaluates_none()"]
    else:
        found = [column_types.beyond_annotation(field, resource, world)]
    if field.type == "json":
        found.append(f"nullable={field.optional}")
    if field.unique and field.type != "list" and not resource.owned:
        found.append("unique=True")
    if indexes.is_alone(field, resource):
        found.append("index=True")
    if server_default := default_in_database(field, world.database):
        found.append(f"default={factory(field) or default_literal(field, resource)}")
        found.append(f"server_default={server_default}")
    return [argument for argument in found if argument]
