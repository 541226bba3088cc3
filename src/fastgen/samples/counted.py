"""Samples of integers, decimals, dates and times."""

from fastgen.fields.model import Field
from fastgen.samples.model import COUNT, JSON, Invalid, Samples
from fastgen.samples.scales import Scale, scale_of
from fastgen.samples.wrong_types import wrong_type


def counted(field: Field) -> Samples:
    """Return the samples of an int, bigint, decimal, date, datetime or time."""
    scale = scale_of(field)
    valid = counted_values(field, COUNT)
    wrong = [*_beyond(field, scale), *_outside(field, scale)]
    if field.type == "decimal":
        wrong += _too_many_places(field, scale)
    return Samples(
        valid,
        (*wrong_type(field.type, valid[0]), *wrong),
        tuple(scale.wire(edge) for edge in dict.fromkeys(_edges(field, scale))),
    )


def counted_values(field: Field, count: int) -> tuple[JSON, ...]:
    """Return up to `count` ascending values that `field` accepts."""
    scale = scale_of(field)
    numbers = _spread(*_limits(field, scale), scale, count)
    return tuple(scale.wire(number) for number in numbers)


def _limits(field: Field, scale: Scale) -> tuple[int, int]:
    low, high = [scale.first], [scale.last]
    if field.ge is not None:
        low.append(scale.number(field.ge))
    if field.gt is not None:
        low.append(scale.number(field.gt) + 1)
    if field.le is not None:
        high.append(scale.number(field.le))
    if field.lt is not None:
        high.append(scale.number(field.lt) - 1)
    return max(low), min(high)


def _spread(low: int, high: int, scale: Scale, count: int) -> range:
    def fits(numbers: range) -> bool:
        return all(low <= number <= high for number in (*numbers[:1], *numbers[-1:]))

    def of(first: int, step: int) -> range:
        return range(first, first + count * step, step)

    choices = [of(*scale.friendly), *(of(scale.origin + step, step) for step in scale.steps)]
    # Without a limit, the end of the range is not a value that a person would write.
    if low > scale.first:
        choices += [of(low + -low % step, step) for step in scale.steps]
    choices += [of(high - high % step - (count - 1) * step, step) for step in scale.steps]
    return next(filter(fits, choices), range(low, high + 1)[:count])


def _edges(field: Field, scale: Scale) -> list[int]:
    low, high = _limits(field, scale)
    edges = []
    if field.ge is not None:
        edges.append(low)
    if field.gt is not None:
        edges.append(min(low - 1 + scale.gap, high))
    if field.lt is not None:
        edges.append(max(high + 1 - scale.gap, low))
    if field.le is not None:
        edges.append(high)
    return edges


def _beyond(field: Field, scale: Scale) -> list[Invalid]:
    """Return the nearest values beyond the limits of the field."""
    wrong = []
    if field.ge is not None:
        wrong.append((scale.number(field.ge) - scale.gap, "below-minimum"))
    if field.gt is not None:
        wrong.append((scale.number(field.gt), "at-minimum"))
    if field.lt is not None:
        wrong.append((scale.number(field.lt), "at-maximum"))
    if field.le is not None:
        wrong.append((scale.number(field.le) + scale.gap, "above-maximum"))
    return [
        Invalid(scale.wire(number), rule)
        for number, rule in wrong
        if scale.first <= number <= scale.last
    ]


def _outside(field: Field, scale: Scale) -> list[Invalid]:
    """Return values that the column cannot hold, on the sides without a limit of the field."""
    rules = {
        "int": ("too-small", "too-large"),
        "bigint": ("too-small", "too-large"),
        "decimal": ("too-many-digits-below-zero", "too-many-digits"),
    }
    if field.type not in rules:
        return []
    low, high = _limits(field, scale)
    below, above = rules[field.type]
    wrong = [Invalid(scale.wire(scale.first - 1), below)] if low == scale.first else []
    if high == scale.last:
        wrong.append(Invalid(scale.wire(scale.last + 1), above))
    return wrong


def _too_many_places(field: Field, scale: Scale) -> list[Invalid]:
    """Return a decimal within the limits that has one decimal place too many."""
    low, high = _limits(field, scale)
    if low == high:
        return []
    # Near zero, so that the total number of digits is not exceeded as well; one more digit leads
    # away from zero.
    if high > 0:
        digits = scale.wire(min(max(low, 0), high - 1))
    else:
        digits = scale.wire(high) if high else f"-{scale.wire(0)}"
    return [Invalid(f"{digits}1" if field.scale else f"{digits}.1", "too-many-places")]
