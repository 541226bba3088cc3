"""Turns a `Field` back into text."""

from fastgen.fields.grammar import DEFAULT_LENGTH, FLAGS, LIMITS, TAKEN_BY
from fastgen.fields.model import Field
from fastgen.fields.values import write_without_colons


def show(field: Field) -> str:
    """Return the canonical text of a field, which parses to the same field."""
    parts = [field.name, field.type]
    parts += _argument(field)
    parts += [name for name in FLAGS if getattr(field, name)]
    for name in LIMITS:
        value = getattr(field, name)
        if value is not None:
            parts.append(f"{name}={write_without_colons(value)}")
    for name in ("ondelete", "pattern", "default"):
        value = getattr(field, name)
        if value is not None:
            parts.append(f"{name}={value}")
    return ":".join(parts)


def _argument(field: Field) -> list[str]:
    if field.type == "str":
        return [] if field.length == DEFAULT_LENGTH else [str(field.length)]
    if field.type == "decimal":
        return [f"{field.precision},{field.scale}"]
    if field.type == "enum":
        return [",".join(field.values)]
    if field.type == "list":
        return [str(field.item)]
    if field.type == "ref":
        target = str(field.target)
        # `ref:index` would be a ref without a target and a modifier.
        return [target.capitalize() if target in TAKEN_BY else target]
    return []
