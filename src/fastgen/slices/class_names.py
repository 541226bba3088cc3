"""The names of the classes and constants of a slice."""

from fastgen.fields.model import Field
from fastgen.fields.types import TYPES
from fastgen.names.resource import SUFFIXES, pascal
from fastgen.slices.resource import Resource

# Names that slices import, or that accounts have, and that could also result from the names of a
# resource and a field.
IMPORTED = frozenset(
    {"AsyncSession", "BaseModel", "IdMixin", "InputModel", "OutputModel", "SearchText"}
    | {"TimestampMixin", "TypeAliasType", "UniqueConstraint"}
    # The schemas of accounts.
    | {"UserAdminUpdate", "UserBase", "UserStats"}
    | {name for type_ in TYPES.values() for name in type_.imports}
)


def enum_name(field: Field, resource: Resource) -> str:
    """Return the name of the enum of a field's values; empty if it has none."""
    return _unlike_others(field, resource) if field.values else ""


def alias_name(field: Field, resource: Resource) -> str:
    """Return the name of the type of `field` in the schemas."""
    name = _unlike_others(field, resource)
    return _longer(name, resource) if field.values else name


def sort_members(columns: list[str]) -> list[tuple[str, str]]:
    """Return name and value of each member of an enum that sorts by `columns`, both ways."""
    found: list[tuple[str, str]] = []
    for column in columns:
        descending = f"{column}_desc"
        # Column names never have two underscores in a row.
        name = f"{column}__desc" if descending in columns else descending
        found += [(column.upper(), column), (name.upper(), f"-{column}")]
    return found


def _unlike_others(field: Field, resource: Resource) -> str:
    same = [other for other in resource.fields if pascal(other.name) == pascal(field.name)]
    own = pascal(field.name) if len(same) == 1 else f"{pascal(field.name)}{same.index(field) + 1}"
    name = resource.names.usual_cls + own
    taken = own in SUFFIXES or name in IMPORTED
    taken = taken or any(name == pascal(other.target or "") for other in resource.references)
    return _longer(name, resource) if taken else name


def _longer(name: str, resource: Resource) -> str:
    others = {resource.names.usual_cls + pascal(field.name) for field in resource.fields}
    while (name := f"{name}Value") in others:
        pass
    return name
