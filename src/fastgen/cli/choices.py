"""The values of a flag that several commands have."""

from fastgen.slices.resource import ACCESSES

ACCESS = "|".join(ACCESSES)


def accesses(incomplete: str) -> list[str]:
    """Return the access rules that complete `incomplete`."""
    return [name for name in ACCESSES if name.startswith(incomplete)]
