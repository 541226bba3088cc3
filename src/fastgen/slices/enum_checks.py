"""The names of the check constraints of enums.

Alembic compares check constraints by name, so the name depends on the allowed values.
"""

import re
from hashlib import sha256

from fastgen.fields.model import Field
from fastgen.slices.database_names import cut
from fastgen.slices.resource import Resource, World

DIGITS = 8
DIGEST = f"[0-9a-f]{{{DIGITS}}}"


def name(field: Field, resource: Resource, world: World) -> str:
    """Return the name of the constraint that checks the values of `field`."""
    table = resource.names.table
    older = cut(f"ck_{table}_{field.name}", world.database)
    newer = f"ck_{table}_{label(field, resource, world)}_"
    there = [one for one in world.checks if one == older or re.fullmatch(f"{newer}{DIGEST}", one)]
    if there:
        return there[-1]
    # As in `text_enum` of the generated project.
    return f"{newer}{_digest(field)}"


def label(field: Field, resource: Resource, world: World) -> str:
    """Return the name of the constraint in the model.

    It is so short that the whole name fits: Alembic takes a truncated name for another constraint.
    """
    return cut(field.name, world.database, len(f"ck_{resource.names.table}__") + DIGITS)


def _digest(field: Field) -> str:
    return sha256("\n".join(field.values).encode()).hexdigest()[:DIGITS]
