"""Any field: its samples against what pydantic makes of the same rules."""

import json
import math
import re
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal
from typing import Annotated, Any
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import (
    AfterValidator,
    AllowInfNan,
    AwareDatetime,
    HttpUrl,
    JsonValue,
    Strict,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)
from pydantic import Field as Limits
from pydantic_core import to_json

from fastgen.databases import POSTGRESQL, SQLITE
from fastgen.fields.model import Field
from fastgen.fields.parse import parse
from fastgen.fields.samples.model import JSON, Samples
from fastgen.fields.types import type_of
from field_strategies import valid_field

NUMBERS = {"int": (-(2**31), 2**31 - 1), "bigint": (-(2**63), 2**63 - 1)}
# The moments beside them are no values of a field.
FIRST = datetime.min.replace(microsecond=1, tzinfo=UTC)
LAST = datetime.max.replace(microsecond=999998, tzinfo=UTC)
# What must be lifted for a value to be taken: each breaks this rule and no other.
LIFTED: dict[str, dict[str, Any]] = {
    "below-minimum": {"ge": None},
    "at-minimum": {"gt": None},
    "at-maximum": {"lt": None},
    "above-maximum": {"le": None},
    "blank": {"min": 0},
    "too-short": {"min": 0},
    "too-long": {"length": None, "max": None},
    "pattern": {"pattern": None},
    "too-few": {"min": None},
    "too-many": {"max": None},
    "repeated-item": {"unique": False},
    "too-many-digits": {"precision": 60},
    "too-many-digits-below-zero": {"precision": 60},
    "too-many-places": {"scale": 60, "precision": 120},
    "null": {"optional": True},
}


def samples(field: Field) -> Samples:
    return type_of(field).samples(field)


def taken(field: Field, value: JSON) -> bool:
    adapter: TypeAdapter[Any] = TypeAdapter(_annotation(field))
    try:
        adapter.validate_json(json.dumps(value, allow_nan=False))
    except ValidationError:
        return False
    return True


def _that(check: Callable[[Any], bool]) -> AfterValidator:
    def validate(value: Any) -> Any:
        assert check(value), "refused"
        return value

    return AfterValidator(validate)


def _annotation(field: Field) -> Any:
    limits = {name: getattr(field, name) for name in ("gt", "ge", "lt", "le")}
    bounds = Limits(**{name: limit for name, limit in limits.items() if limit is not None})
    plain: dict[str, Any] = {
        "float": Annotated[float, Strict(), AllowInfNan(allow_inf_nan=False), bounds],
        "bool": Annotated[bool, Strict()],
        "date": Annotated[date, Strict(), bounds],
        "datetime": Annotated[AwareDatetime, Strict(), bounds],
        "time": Annotated[time, Strict(), _that(lambda it: it.tzinfo is None), bounds],
        "uuid": Annotated[UUID, Strict()],
        "email": Annotated[str, Limits(pattern=r"^[^@\s]+@[a-z]+\.com$", strict=True)],
        "url": HttpUrl,
        "color": Annotated[str, Limits(pattern="^#[0-9a-f]{6}$", strict=True)],
        "enum": Annotated[str, Strict(), _that(lambda it: it in field.values)],
        "json": Annotated[
            JsonValue,
            _that(lambda it: field.optional or it is not None),
            _that(lambda it: field.max is None or len(to_json(it)) <= field.max),
        ],
    }
    match field.type:
        case "str" | "text":
            return _text(field)
        case "int" | "bigint":
            low, high = NUMBERS[field.type]
            return Annotated[int, Strict(), Limits(ge=low, le=high), bounds]
        case "decimal":
            size = Limits(max_digits=field.precision, decimal_places=field.scale)
            return Annotated[Decimal, size, bounds]
        case "list":
            item: Any = _annotation(Field(name="item", type=field.item or "str"))
            count = Limits(min_length=field.min or 0, max_length=field.max)
            return Annotated[
                list.__class_getitem__(item),
                count,
                _that(lambda it: not field.unique or _differ(it)),
            ]
        case other:
            return plain[other]


def _text(field: Field) -> Any:
    allowed = "\n\t" if field.type == "text" else ""
    sizes = [size for size in (field.length, field.max) if size is not None]
    return Annotated[
        str,
        StringConstraints(
            strict=True,
            strip_whitespace=True,
            min_length=field.shortest,
            max_length=min(sizes, default=None),
        ),
        _that(lambda it: all(c in allowed or unicodedata.category(c) != "Cc" for c in it)),
        _that(lambda it: field.pattern is None or re.search(field.pattern, it) is not None),
    ]


def _differ(items: list[Any]) -> bool:
    return all(item not in items[:position] for position, item in enumerate(items))


def bounded(draw: st.DrawFn, kind: str, values: st.SearchStrategy[Any], **more: Any) -> Field:
    names = draw(st.tuples(st.sampled_from(["", "gt", "ge"]), st.sampled_from(["", "lt", "le"])))
    low, high = sorted([draw(values), draw(values)])
    limits = {name: limit for name, limit in zip(names, (low, high), strict=True) if name}
    return Field(name="size", type=kind, **limits, **more)


@st.composite
def scalars(draw: st.DrawFn) -> Field:
    kind: str = draw(st.sampled_from(["int", "bigint", "float", "decimal", "date", "datetime"]))
    near = st.integers(-3, 3) | st.integers(0, 200)
    moments = st.datetimes(timezones=st.just(UTC)).filter(lambda it: FIRST <= it <= LAST) | (
        near.map(lambda n: datetime(2026, 1, 2, tzinfo=UTC) + timedelta(microseconds=n))
    )
    if kind == "decimal":
        precision = draw(st.integers(1, 38))
        scale = draw(st.integers(0, precision))
        numbers = near.filter(lambda n: abs(n) < 10**precision) | st.integers(
            1 - 10**precision, 10**precision - 1
        )
        decimals = numbers.map(lambda n: Decimal(f"{n}e-{scale}"))
        return bounded(draw, kind, decimals, precision=precision, scale=scale)
    values: dict[str, st.SearchStrategy[Any]] = {
        "int": near | st.integers(*NUMBERS["int"]),
        "bigint": near | st.integers(*NUMBERS["bigint"]),
        "float": near.map(float) | st.floats(allow_nan=False, allow_infinity=False),
        "date": st.dates() | near.map(lambda n: date(2026, 1, 2) + timedelta(days=n)),
        "datetime": moments,
    }
    return bounded(draw, kind, values[kind])


@st.composite
def times(draw: st.DrawFn) -> Field:
    return bounded(draw, "time", st.times())


@st.composite
def strings(draw: st.DrawFn) -> Field:
    kind: str = draw(st.sampled_from(["str", "text"]))
    low = draw(st.none() | st.integers(0, 40))
    high = draw(st.integers(max(low or 0, 1 if kind == "str" else 0), 300))
    name = draw(st.sampled_from(["name", "a", "a_very_long_name_of_a_field"]))
    limits = {"length": high} if kind == "str" else {"max": draw(st.sampled_from([None, high]))}
    return Field(name=name, type=kind, min=low, **limits)


@st.composite
def patterns(draw: st.DrawFn) -> Field:
    part = st.sampled_from(
        ["[A-Z]", r"\d", "[a-z]", "-", r"\w", "(?:ab|cd|e)", "[^a-z]", ".", r"\.", "[а-я]", r"\S"]
    )
    times = st.sampled_from(["", "", "?", "+", "*", "{2}", "{1,4}", "{3,}"])
    body = "".join(draw(st.lists(st.builds(str.__add__, part, times), min_size=1, max_size=4)))
    start, end = draw(st.sampled_from([("^", "$"), ("", ""), ("^(?:", ")$"), ("(?i)^", "$")]))
    return Field(name="code", type="str", length=draw(st.integers(30, 60)), min=draw(
        st.sampled_from([None, 1])), pattern=f"{start}{body}{end}")  # fmt: skip


@st.composite
def list_fields(draw: st.DrawFn) -> Field:
    items: list[str] = ["str", "int", "bigint", "float", "date", "datetime", "time", "uuid"]
    item: str = draw(st.sampled_from([*items, "bool", "email", "url", "color", "text"]))
    low = draw(st.none() | st.integers(0, 2 if item == "bool" else 7))
    high = draw(st.none() | st.integers(low or 0, 12))
    return Field(name="tags", type="list", item=item, min=low, max=high, unique=draw(st.booleans()))


FIELDS = scalars() | times() | strings() | patterns() | list_fields() | st.sampled_from([
    Field(name="x", type="bool"),
    Field(name="x", type="uuid"),
    Field(name="x", type="email"),
    Field(name="x", type="url"),
    Field(name="x", type="color"),
    Field(name="x", type="json"),
    Field(name="x", type="json", optional=True),
    Field(name="x", type="json", max=100),
    Field(name="x", type="enum", values=("draft", "unknown", "unknown-value", "a", "b", "c", "d")),
])  # fmt: skip


def count(field: Field) -> float:
    """How many values a field with limits takes; infinitely many where nobody counts."""
    epoch, tick = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
    units: dict[str, Callable[[Any], int]] = {
        "int": int,
        "bigint": int,
        "decimal": lambda it: int(it.scaleb(field.scale, Context(prec=99))),
        "date": date.toordinal,
        "datetime": lambda it: (it - epoch) // tick,
        "time": lambda it: (datetime.combine(epoch.date(), it, UTC) - epoch) // tick,
    }
    size, places = 10 ** (field.precision or 0) - 1, field.scale or 0
    ends: dict[str, tuple[Any, Any]] = {
        **NUMBERS,
        "decimal": (Decimal(f"-{size}e-{places}"), Decimal(f"{size}e-{places}")),
        "date": (date.min, date.max),
        "datetime": (FIRST, LAST),
        "time": (time.min, time.max),
        "float": (-sys.float_info.max, sys.float_info.max),
    }
    if field.type not in ends:
        return math.inf
    low: Any
    high: Any
    low, high = (
        next((limit for limit in limits if limit is not None), end)
        for limits, end in zip(
            ((field.ge, field.gt), (field.le, field.lt)), ends[field.type], strict=True
        )
    )
    if field.type == "float":
        either = field.gt is None and field.lt is None
        return math.inf if high - low > 1e-300 else int(low == high and either)
    unit = units[field.type]
    return unit(high) - unit(low) + 1 - (field.gt is not None) - (field.lt is not None)


@pytest.mark.slow
@given(FIELDS)
def test_what_is_valid_is_taken_and_what_is_not_is_refused(field: Field) -> None:
    assume(count(field) > 0)
    made = samples(field)
    assert 1 <= len(made.valid) <= 5
    for value in (*made.valid, *made.edges):
        assert taken(field, value), value
    for wrong in made.invalid:
        assert not taken(field, wrong.value), wrong
    assert len({wrong.rule for wrong in made.invalid}) == len(made.invalid)


@given(FIELDS)
def test_an_invalid_value_breaks_one_rule(field: Field) -> None:
    assume(count(field) > 0)
    for wrong in samples(field).invalid:
        if lifted := LIFTED.get(wrong.rule):
            assert taken(replace(field, **lifted), wrong.value), wrong


@given(scalars() | times())
def test_there_are_as_many_as_there_can_be_up_to_five_in_order(field: Field) -> None:
    assume(count(field) > 0 and (field.type != "float" or count(field) > 1))
    valid = samples(field).valid
    assert len(valid) == min(5, count(field))
    keys = [_key(field, value) for value in valid]
    assert keys == sorted(set(keys))


def _key(field: Field, value: Any) -> Any:
    match field.type:
        case "decimal":
            return Decimal(value)
        case "datetime":
            return datetime.fromisoformat(value)
        case _:
            return value


@pytest.mark.slow
@given(strings() | patterns())
def test_texts_are_distinct_and_in_order(field: Field) -> None:
    valid = [str(value) for value in samples(field).valid]
    assert valid == sorted(set(valid))
    if field.pattern is None and (field.length or field.max) != 0:
        assert len(valid) == 5


@pytest.mark.slow
@given(valid_field("size", POSTGRESQL) | valid_field("size", SQLITE))
def test_every_field_that_can_be_typed_has_samples(text: str) -> None:
    (field,) = parse([text], database=POSTGRESQL)
    assume(field.type != "ref")
    made = samples(field)
    assert made.valid
    for value in (*made.valid, *made.edges):
        assert taken(field, value), value
    for wrong in made.invalid:
        assert not taken(field, wrong.value), wrong
