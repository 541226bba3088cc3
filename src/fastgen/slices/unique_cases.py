"""The test cases of unique constraints over several columns."""

from dataclasses import dataclass

from fastgen.fields.model import Field
from fastgen.slices import first_rows
from fastgen.slices.apart import differs, named_accounts
from fastgen.slices.cases import Cases
from fastgen.slices.first_rows import Writer
from fastgen.slices.reference_cases import ReferenceCase, reference_cases
from fastgen.slices.resource import USER, Resource, World
from fastgen.slices.values import has_default

FIRST_TWO = (0, 1)


@dataclass(frozen=True, slots=True)
class UniqueCase:
    """A unique constraint over several columns that clients can violate."""

    # As part of the name of a test.
    name: str
    # The columns that the conflict names, and those of them that clients send.
    columns: tuple[str, ...]
    sent: tuple[str, ...]
    # A sent column that differs in the first two rows.
    changed: str
    # The references in it that are null unless they are set.
    references: tuple[ReferenceCase, ...]
    actor: Writer
    # Whether another owner can have a row with the same values.
    repeated_by_others: bool


def unique_cases(resource: Resource, world: World) -> list[UniqueCase]:
    """Return a case for each constraint that can be violated without violating another one."""
    if not resource.unique:
        return []
    cases = Cases(resource)
    accounts = named_accounts(resource)
    apart = {f.name for f in resource.fields if differs(f, cases, FIRST_TWO, accounts)}
    found = []
    for names in resource.unique:
        others = [{*other} for other in resource.unique if other != names]
        if all((other - {*names}) & apart for other in others) and not _has_null(resource, names):
            found.append(_case(resource, world, names, apart))
    return found


def _has_null(resource: Resource, names: tuple[str, ...]) -> bool:
    """Whether clients cannot set one of the fields `names` to anything but null."""
    fields = (field for field in resource.fields if field.name in names)
    return any(field.readonly and not has_default(field) for field in fields)


def _case(resource: Resource, world: World, names: tuple[str, ...], apart: set[str]) -> UniqueCase:
    by_name = {field.name: field for field in resource.fields}
    fields = [by_name[name] for name in names]
    sent = [field for field in fields if not field.readonly]
    unset = {field.column for field in sent if field.target and field.optional}
    references = tuple(
        case for case in reference_cases(resource, world) if case.relation.column in unset
    )
    writer = first_rows.writer(resource, world)
    actors = {writer, *(case.actor for case in references)}
    return UniqueCase(
        name="_and_".join(names),
        columns=tuple(field.column for field in fields),
        sent=tuple(field.column for field in sent),
        changed=[field.column for field in sent if field.name in apart][-1],
        references=references,
        actor="admin" if "admin" in actors else "alice",
        repeated_by_others=(
            resource.owned and writer == "alice" and all(_is_for_all(f, world) for f in sent)
        ),
    )


def _is_for_all(field: Field, world: World) -> bool:
    """Whether every user can send the same value of `field`, which a row has by itself."""
    if field.target is None:
        return True
    return field.target != USER and not field.optional and world.rights(field).read != "owner"
