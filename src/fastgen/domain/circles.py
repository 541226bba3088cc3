"""Resources that refer to each other in a circle."""

from collections.abc import Mapping, Sequence

from fastgen.domain.mistakes import Mistakes
from fastgen.domain.sections import Wanted


def refuse(wanted: Sequence[Wanted], mistakes: Mistakes) -> None:
    """Add to `mistakes` each reference whose target refers back, also indirectly."""
    targets = {
        one.new.names.singular: {field.target or "" for field in one.new.references}
        for one in wanted
    }
    for one in wanted:
        name = one.new.names.singular
        for field in one.new.references:
            if field.target and field.target != name and name in _reachable(targets, field.target):
                told = f"{field.target} refers to {name}, and such a pair is not offered yet"
                way = "leave one of the two references out, and write it by hand"
                line = one.line_of(field)
                mistakes.add(line, f"field '{field.name}': {told}, also if one is optional: {way}")


def _reachable(targets: Mapping[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    left = [start]
    while left:
        new = targets.get(left.pop(), set()) - found
        left += new
        found |= new
    return found
