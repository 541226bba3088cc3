"""Whether the rows of generated tests differ in the columns of a unique constraint."""

from collections.abc import Collection, Iterable
from itertools import combinations

from fastgen.fields.model import Field
from fastgen.slices.cases import ROWS, Cases
from fastgen.slices.resource import USER, Resource


def are_apart(resource: Resource, names: Collection[str]) -> bool:
    """Whether no two rows have the same values of the fields `names`; raises `InvalidField`."""
    fields = _of(resource, names)
    return any(_names_account(field) for field in fields) or _differ(fields, Cases(resource))


def named_accounts(resource: Resource) -> set[str]:
    """Return the columns that must refer to another account in each row.

    They are unique, or a unique constraint has nothing else that differs.
    """
    users = [field for field in resource.fields if _names_account(field)]
    found = {field.column for field in users if field.unique}
    for names in resource.unique if users else ():
        fields = _of(resource, names)
        named = [field.column for field in fields if field in users]
        if named and not found & {*named} and not _differ(fields, Cases(resource)):
            found.add(named[-1])
    return found


def differs(field: Field, cases: Cases, rows: tuple[int, int], accounts: Collection[str]) -> bool:
    """Whether `field` has another value in each of two `rows`, or null, which never equals null.

    Those of the columns `accounts` are another account in each row.
    """
    if field.target:
        # References that may be null are null, others are to a row of their own.
        return field.optional or field.target != USER or field.column in accounts
    one, other = (cases.held(field)[row] for row in rows)
    return one is None or one != other


def _differ(fields: Iterable[Field], cases: Cases) -> bool:
    pairs = combinations(range(ROWS), 2)
    return all(any(differs(field, cases, pair, ()) for field in fields) for pair in pairs)


def _names_account(field: Field) -> bool:
    return field.target == USER and not field.optional


def _of(resource: Resource, names: Collection[str]) -> list[Field]:
    return [field for field in resource.fields if field.name in names]
