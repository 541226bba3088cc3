import os
import subprocess
import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from fastgen.errors import InvalidField
from fastgen.fields.model import Field
from fastgen.fields.samples.model import Samples
from fastgen.fields.types import type_of
from generated.pythons import pythons
from support import SOURCE

PRICE = Field(name="price", type="decimal", precision=10, scale=2, gt=Decimal(0))
QUANTITY = Field(name="quantity", type="int", ge=0, le=10000)


def samples(field: Field) -> Samples:
    return type_of(field).samples(field)


def rules(field: Field) -> dict[str, Any]:
    return {wrong.rule: wrong.value for wrong in samples(field).invalid}


@pytest.mark.parametrize(
    ("field", "valid"),
    [
        (Field("full_name", "str", length=100), ("Amber", "Basil")),
        (Field("code", "str", length=1), ("a", "b", "c", "d", "e")),
        (Field("code", "str", length=12, min=12), ("A100 A100 A1",)),
        (Field("note", "text"), ("A first thought.", "Better than expected.")),
        (QUANTITY, (10, 20, 30, 40, 50)),
        (Field("stars", "int", ge=1, le=5), (1, 2, 3, 4, 5)),
        (Field("depth", "int", lt=0), (-50, -40, -30, -20, -10)),
        (Field("year", "int", gt=2000), (2010, 2020, 2030, 2040, 2050)),
        (Field("weight", "float"), (1.5, 2.5, 3.5, 4.5, 5.5)),
        (Field("share", "float", ge=0.0, le=1.0), (0.1, 0.2, 0.3, 0.4, 0.5)),
        (PRICE, ("9.99", "19.99", "29.99", "39.99", "49.99")),
        (Field("whole", "decimal", precision=5, scale=0), ("10", "20", "30", "40", "50")),
        (Field("part", "decimal", precision=2, scale=2), ("0.10", "0.20", "0.30", "0.40", "0.50")),
        (Field("done", "bool"), (False, True)),
        (Field("day", "date"), ("2026-01-02", "2026-01-03")),
        (Field("at", "datetime"), ("2026-01-02T10:00:00Z", "2026-01-03T10:00:00Z")),
        (Field("opens", "time"), ("09:30:00", "10:30:00")),
        (Field("key", "uuid"), ("00000001-0000-4000-8000-000000000001",)),
        (Field("mail", "email"), ("amber@example.com", "basil@example.com")),
        (Field("page", "url"), ("https://example.com/amber",)),
        (Field("paint", "color"), ("#1f6feb", "#4c5988")),
        (Field("state", "enum", values=("open", "closed")), ("closed", "open")),
        (Field("extra", "json"), ({"key": "amber"}, {"key": "basil"})),
        (Field("tags", "list", item="str"), (["amber", "basil"], ["basil", "clover"])),
        (Field("tags", "list", item="str", max=0), ([],)),
        (Field("sku", "str", length=32, pattern=r"^[A-Z]{3}-\d{4}$"), ("AAA-0000", "BBB-1111")),
        (Field("hue", "str", length=9, pattern="^(red|green)$"), ("green", "red")),
        (Field("word", "text", pattern="^[а-я]+$"), ("ааа", "ббб")),
    ],
    ids=lambda value: value.type if isinstance(value, Field) else "",
)
def test_valid_values_look_like_what_a_person_writes(field: Field, valid: tuple[Any, ...]) -> None:
    assert samples(field).valid[: len(valid)] == valid


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        (QUANTITY, {"below-minimum": -1, "above-maximum": 10001, "text": "10", "bool": True}),
        (PRICE, {"at-minimum": "0.00", "too-many-places": "0.011", "nan": "NaN"}),
        (PRICE, {"too-many-digits": "100000000.00", "not-a-number": "x"}),
        (Field("n", "int"), {"too-large": 2**31, "too-small": -(2**31) - 1, "fraction": 1.5}),
        (Field("n", "bigint"), {"too-large": 2**63, "too-small": -(2**63) - 1}),
        (Field("x", "float", gt=0.0, le=1e300), {"at-minimum": 0.0, "text": "1.5"}),
        (Field("name", "str", length=5, min=2), {"too-short": "x", "too-long": "xxxxxx"}),
        (Field("name", "str", length=5, min=2), {"blank": "   ", "not-text": 7}),
        (Field("name", "str", length=5), {"control-character": "am\0er", "line-break": "am\ner"}),
        (Field("code", "str", length=3, pattern="^[A-Z]+$"), {"too-long": "AAAA", "pattern": "!"}),
        (Field("done", "bool"), {"number": 1, "text": "true"}),
        (Field("day", "date", le=date(2020, 1, 1)), {"above-maximum": "2020-01-02"}),
        (Field("day", "date"), {"moment": "2026-01-02T00:00:00", "number": 1767312000}),
        (Field("at", "datetime"), {"no-time-zone": "2026-01-02T10:00:00"}),
        (
            Field("at", "datetime", ge=datetime(2026, 1, 2, tzinfo=UTC)),
            {"below-minimum": "2026-01-01T23:59:59Z"},
        ),
        (Field("t", "time", lt=time(8)), {"at-maximum": "08:00:00", "time-zone": "03:00:00Z"}),
        (Field("key", "uuid"), {"not-a-uuid": "not-a-uuid"}),
        (Field("mail", "email"), {"no-address": "no-address"}),
        (Field("page", "url"), {"wrong-scheme": "ftp://example.com"}),
        (Field("paint", "color"), {"not-a-color": "blue"}),
        (Field("state", "enum", values=("open", "unknown")), {"unknown-value": "unknown-value"}),
        (Field("extra", "json"), {"null": None}),
        (Field("tags", "list", item="str", unique=True), {"repeated-item": ["amber", "amber"]}),
        (Field("ids", "list", item="int", min=1, max=2), {"too-few": [], "bad-item": [1.5]}),
        (Field("ids", "list", item="int", max=2), {"too-many": [10, 20, 30], "not-a-list": "x"}),
    ],
    ids=lambda value: value.type if isinstance(value, Field) else "-".join(value),
)
def test_each_rule_is_broken_by_the_nearest_value(field: Field, wrong: dict[str, Any]) -> None:
    assert wrong.items() <= rules(field).items()


@pytest.mark.parametrize(
    ("field", "edges"),
    [
        (QUANTITY, (0, 10000)),
        (PRICE, ("0.01",)),
        (Field("n", "int"), ()),
        (Field("name", "str", length=3, min=1), ("x", "xxx")),
        (Field("t", "time", lt=time(8)), ("07:59:59",)),
        (Field("ids", "list", item="int", min=1, max=2), ([10], [10, 20])),
    ],
    ids=lambda value: value.type if isinstance(value, Field) else "",
)
def test_edges_are_the_last_values_that_a_limit_takes(field: Field, edges: tuple[Any, ...]) -> None:
    assert samples(field).edges == edges


@pytest.mark.parametrize(
    ("field", "valid"),
    [
        (Field("n", "int", ge=7, le=7), (7,)),
        (Field("n", "int", gt=-2, lt=2), (-1, 0, 1)),
        (Field("n", "float", ge=2.5, le=2.5), (2.5,)),
        (Field("n", "float", gt=0.0, le=5e-324), (5e-324,)),
        (Field("n", "decimal", precision=1, scale=1, ge=Decimal("0.8")), ("0.8", "0.9")),
        (Field("d", "date", gt=date(9999, 12, 30)), ("9999-12-31",)),
        (Field("s", "str", length=1, pattern="^[xy]$"), ("x", "y")),
        (Field("s", "str", length=9, pattern="^$"), ("",)),
        (Field("s", "enum", values=("only",)), ("only",)),
        (
            Field("l", "list", item="bool", unique=True),
            ([False, True], [True, False], [False], [True], []),
        ),
    ],
    ids=lambda value: value.type if isinstance(value, Field) else "",
)
def test_a_tiny_domain_gives_what_there_is(field: Field, valid: tuple[Any, ...]) -> None:
    assert samples(field).valid == valid


def test_nothing_breaks_a_rule_that_cannot_be_broken() -> None:
    assert samples(Field("extra", "json", optional=True)).invalid == ()
    assert samples(Field("d", "date", ge=date.min)).invalid == samples(Field("d", "date")).invalid


def test_texts_that_collations_sort_otherwise_are_passed_over() -> None:
    found = samples(Field("s", "str", length=9, pattern="^[a-zA-Z]$")).valid
    assert [str(text).lower() for text in found] == sorted(str(text).lower() for text in found)


def test_a_default_is_an_example_of_a_pattern_that_is_not_understood() -> None:
    hard = Field("s", "str", length=20, pattern=r"^(\d{6})-\1$")
    with pytest.raises(InvalidField) as refused:
        samples(hard)
    assert "'s'" in refused.value.message
    assert str(hard.pattern) in refused.value.message
    assert "default=" in refused.value.message
    assert refused.value.hint == "s:str:20"
    easy = Field("s", "str", length=20, pattern=hard.pattern, default="123456-123456")
    assert "123456-123456" in samples(easy).valid


def test_a_reference_has_no_samples_of_its_own() -> None:
    with pytest.raises(ValueError, match="ref"):
        samples(Field("owner", "ref", target="user"))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["str", pytest.param("text", marks=pytest.mark.nightly)])
def test_a_long_pattern_does_not_keep_anybody_waiting(kind: str) -> None:
    field = Field("s", kind, length=10000, min=5000, pattern=r"^(a+)+-\w*$")
    begun = os.times()
    assert samples(field).valid
    assert os.times().user - begun.user < 5


EVERYTHING = """
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fastgen.fields.model import Field
from fastgen.fields.types import type_of
fields = [
    *(Field("x", kind) for kind in "str text int bigint float bool date datetime time".split()),
    *(Field("x", kind) for kind in "uuid email url color json".split()),
    *(Field("x", "list", item=kind, unique=True, max=9) for kind in ("str", "bool", "uuid")),
    Field("x", "decimal", precision=30, scale=7, gt=Decimal("-1.5")),
    Field("x", "float", gt=-0.1, lt=0.3),
    Field("x", "enum", values=("b", "a", "C")),
    *(
        Field("x", "str", length=40, pattern=pattern)
        for pattern in (r"[^a-z]{2,}\\S", r"^(a|bc|[d-f]+)\\d*$", r"^[A-Z]?.\\w{3}$", "(?i)ab+|abc")
    ),
]
print([type_of(field).samples(field) for field in fields])
"""


@pytest.mark.slow
def test_samples_are_the_same_on_every_python() -> None:
    told = set()
    for python in (sys.executable, *pythons().values()):
        for seed in ("1", "2"):
            done = subprocess.run(
                [python, "-c", EVERYTHING],
                env={"PYTHONPATH": str(SOURCE.parent), "PYTHONHASHSEED": seed},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            told.add(done.stdout)
    assert len(told) == 1
