"""What a command proposes to do with a resource."""

from dataclasses import dataclass

from fastgen.changes.plan import Plan
from fastgen.slices.resource import Resource


@dataclass(frozen=True, slots=True)
class Proposal:
    """The resource as the command leaves it, or as it was; the planned changes, and notes."""

    resource: Resource
    plan: Plan
    notes: tuple[str, ...] = ()
