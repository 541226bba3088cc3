"""The files of the project itself that have the fields of accounts.

They are rendered from the project's template, by the answers in its recipe and the fields.
"""

from collections.abc import Mapping
from typing import Any

from fastgen.names import layout
from fastgen.slices import context
from fastgen.slices.resource import USERS, Resource, World
from fastgen.template.location import template_root

# The fields of every account, with or without mail, and further fields of its schemas.
OWN = frozenset(
    {"email", "full_name", "hashed_password", "is_active", "is_admin", "is_verified"}
    | {"password", "current_password"}
)


def paths() -> dict[str, str]:
    """Return the files by path, each with the template that a resource has for such a file."""
    return {
        layout.model(USERS): "model.py",
        layout.schema(USERS): "schema.py",
        layout.service(USERS): "service.py",
        layout.tests(USERS): "tests.py",
    }


def files(account: Resource, world: World, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the unformatted files by path, for a project with `answers`; raises `InvalidField`."""
    # Imported late, as Jinja and YAML are slow to import.
    from fastgen.rendering import narrow  # noqa: PLC0415

    given = context.of_account(account, world) if account.fields else {}
    found = narrow.render(template_root(), {**answers, "account": given}, paths())
    return {path: found[path].decode() for path in paths()}
