"""What types of fields take, what comes out, and what the document says of them.

Run in a project that has all types.
"""

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import pytest
from app.schemas.types.dates import IsoDate
from app.schemas.types.datetimes import ToUtc
from app.schemas.types.decimal_text import DecimalStr
from app.schemas.types.decimals import FixedPoint
from app.schemas.types.documents import Document, max_bytes
from app.schemas.types.listed_floats import ListedFloat
from app.schemas.types.lists import distinct
from app.schemas.types.multi_line import MultiLineStr
from app.schemas.types.patterned import single_line
from app.schemas.types.patterned_text import multi_line
from app.schemas.types.strings import Email, SearchText, SingleLineStr
from app.schemas.types.times import LocalTime
from app.schemas.types.urls import Url
from app.schemas.types.utc_datetime import UtcDatetime
from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    FiniteFloat,
    Strict,
    StrictInt,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

ID = "12345678-1234-4234-8234-123456789abc"
HUGE = 10**400
Date = Annotated[date, IsoDate]
TimeOfDay = Annotated[time, LocalTime]
Whole = Annotated[StrictInt, Field(ge=-(2**63), lt=2**63)]
Float = Annotated[FiniteFloat, Strict()]
Reference = Annotated[StrictInt, Field(ge=1, lt=2**63)]
PRICE = Annotated[Decimal, FixedPoint(10, 2)]
LINE = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(pattern="^[^a-z]*$"),
    AfterValidator(single_line),
]
LINES = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(pattern="^[^a-z]*$"),
    AfterValidator(multi_line),
]
DEEP: Any = None
for _ in range(32):
    DEEP = [DEEP]


def sent(kind: Any, value: Any) -> Any:
    """Read a value as from a body, and write it as into an answer."""
    adapter = TypeAdapter(kind)
    return json.loads(adapter.dump_json(adapter.validate_python(value)))


def documented(kind: Any) -> dict[str, Any]:
    schema = TypeAdapter(kind).json_schema()
    definitions = schema.pop("$defs", {})
    reference = schema.pop("$ref", "").rpartition("/")[2]
    return definitions.get(reference, {}) | schema


@pytest.mark.parametrize(
    ("kind", "value", "out"),
    [
        (SingleLineStr, " \u00e9 \U0001f600\u3000", "\u00e9 \U0001f600"),
        (SingleLineStr, "", ""),
        (SingleLineStr, "\n a\t", "a"),
        (SearchText, " \u00e9 ", " \u00e9 "),
        (LINE, " A-1 ", "A-1"),
        (LINES, "A\n\t1", "A\n\t1"),
        (MultiLineStr, " a\r\n\tb ", "a\r\n\tb"),
        (Email, "Kim@Example.COM", "kim@example.com"),
        (Email, "\N{KELVIN SIGN}im@E\u0301te\u0301.\uff26R", "kim@\u00e9t\u00e9.fr"),
        (Email, "Stra\u00dfe@Fa\u00df.de", "strasse@fa\u00df.de"),
        (Email, "kim@XN--fa-hia.de", "kim@fa\u00df.de"),
        (Email, "kim@fass.de", "kim@fass.de"),
        (Email, "\u0392\u03cc\u03bb\u03bf\u03c2@\u0392\u03cc\u03bb\u03bf\u03c2.com", "\u03b2\u03cc\u03bb\u03bf\u03c3@\u03b2\u03cc\u03bb\u03bf\u03c2.com"),
        (Email, "kim@xn--nxasmm1c.com", "kim@\u03b2\u03cc\u03bb\u03bf\u03c2.com"),
        (Email, "kim@\u00e9t\u00e9.fr", "kim@\u00e9t\u00e9.fr"),
        (Url, "https://example.com", "https://example.com"),
        (Url, "http://10.0.0.255:65535/%C3%A9?q=a@b#top", "http://10.0.0.255:65535/%C3%A9?q=a@b#top"),
        (Whole, 5, 5),
        (Float, 5, 5.0),
        (Whole, -(2**63), -(2**63)),
        (Date, "0001-01-01", "0001-01-01"),
        (Date, "2024-02-29", "2024-02-29"),
        (UtcDatetime, "2026-01-31T09:30:00+02:00", "2026-01-31T07:30:00Z"),
        (UtcDatetime, "2026-01-31t09:30:00.123456000z", "2026-01-31T09:30:00.123456Z"),
        (UtcDatetime, "0001-01-01T00:00:00.000001Z", "0001-01-01T00:00:00.000001Z"),
        (UtcDatetime, "0001-01-01T00:00:00-00:01", "0001-01-01T00:01:00Z"),
        (UtcDatetime, "9999-12-31T23:59:59.999998Z", "9999-12-31T23:59:59.999998Z"),
        (UtcDatetime, "9999-12-31T23:59:59.999999+00:01", "9999-12-31T23:58:59.999999Z"),
        (UtcDatetime, "9999-12-31T23:59:59+00:01", "9999-12-31T23:58:59Z"),
        (TimeOfDay, "09:30", "09:30:00"),
        (TimeOfDay, "23:59:59.999999", "23:59:59.999999"),
        (TimeOfDay, "09:30:00.1234560", "09:30:00.123456"),
        (UUID, ID.upper(), ID),
        (Document, {"a": [1, 2.5, None, True, {"b": "\u00e9"}]}, {"a": [1, 2.5, None, True, {"b": "\u00e9"}]}),
        (Document, DEEP[0], DEEP[0]),
        (Document, [2**63 - 1, {"a": -(2**63)}, 9e18], [2**63 - 1, {"a": -(2**63)}, 9e18]),
        (Document, [1e-18, -1e-18, 0, -0.0], [1e-18, -1e-18, 0, -0.0]),
        (ListedFloat, 10**18, 1e18),
        (ListedFloat, -1e-18, -1e-18),
        (ListedFloat, 0, 0.0),
    ],
)  # fmt: skip
def test_takes(kind: Any, value: Any, out: Any) -> None:
    assert sent(kind, value) == out
    assert sent(kind, out) == out


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *[(SingleLineStr, value) for value in (5, "a\x00", "a\nb", "\x1fa", "a\x85b", "\ud800")],
        *[(SearchText, value) for value in (5, "ab", "abc\x00", "a\nbc", "abc\x85", "\ud800abc")],
        *[(MultiLineStr, value) for value in (5, "a\x00b", "a\x1b", "a\x80", "\ud800")],
        *[(LINE, value) for value in (5, "a", "A\x00", "A\nB", "\ud800")],
        *[(LINES, value) for value in (5, "a", "A\x00", "A\x0bB", "\ud800")],
        *[
            (Email, value)
            for value in (
                5, "kim", "kim@", "kim\x00@example.com", "\ud800@example.com", "Kim <kim@example.com>", "kim@localhost", "kim@[127.0.0.1]",
                "kim@shop.TEST",
                "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}@example.com",
                f"{'k' * 64}@{'e' * 63}.{'e' * 63}.{'e' * 63}.com", "k" * 10**6 + "@example.com",
            )
        ],
        *[
            (Url, value)
            for value in (
                5, "", "http://", "http:///a", "https:a", "ftp://example.com", "javascript:alert(1)",
                "http://kim:secret@example.com", "http://@/",
                "http://example.com:65536", "http://example.com:", "http://256.0.0.1",
                "http://a..b", "http://\u00e9t\u00e9.fr", "http://a/ b", "http://a/\n",
                "http://a/\x00", "http://a\\b", "http://a/<b>", "http://[::1]/", "http://a/%zz", "http://a/#b#c",
                "https://a/" + "a" * 1991, "https://" + "a." * 10**6,
            )
        ],
        *[
            (Whole, value)
            for value in (
                "5", True, None, 5.5, 5.0, float("nan"), float("inf"), 1e308, 2**63, "\u0663", [5],
            )
        ],
        *[(Float, value) for value in ("5", True, None, float("nan"), float("inf"), HUGE)],
        *[(Reference, value) for value in (0, 2**63, HUGE, -HUGE)],
        *[
            (Date, value)
            for value in (
                0, "", "0000-01-01", "2026-02-29", "2026-1-1", "2026-01-01T00:00:00", "20260101",
                "2026-01-01\n", "\u0662\u0660\u0662\u0666-01-01", "2026-W01-1",
            )
        ],
        *[
            (UtcDatetime, value)
            for value in (
                1767312000, "1767312000", "", "2026-01-31T09:30:00", "2026-01-31T09:30Z",
                "2026-01-31 09:30:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00",
                "9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000-00:00",
                "9999-12-31T23:59:59.999999Z", "9999-12-31t23:59:59.9999990+00:00", "2026-02-30T00:00:00Z", "2026-01-31T24:00:00Z",
                "2016-12-31T23:59:60Z", "2026-01-31T09:30:00.1234567Z", "2026-01-31T09:30:00,5Z",
                "2026-01-31T09:30:00+24:00", "2026-01-31T09:30:00+23:59:59",
                "2026-01-31T09:30:00+0200", "2026-01-31T09:30:00\u221202:00",
            )
        ],
        *[
            (TimeOfDay, value)
            for value in (
                34200, "", "24:00", "23:59:60", "9:30", "09:30Z", "09:30+02:00",
                "09:30:00.1234567", "\u0660\u0669:30",
            )
        ],
        *[
            (UUID, value)
            for value in (5, "", ID[:-1], f"{ID}0", f"{ID}\n", ID.replace("a", "g"))
        ],
        *[
            (Document, value)
            for value in (
                None, float("nan"), [float("inf")], {"a": -float("inf")}, "\x00", {"a\x00": 1},
                ["\ud800"], {"\ud800": 1}, [DEEP], 2**63, -(2**63) - 1, HUGE, 1e308, 1e-300,
                {"a": 2**63}, [-(2**63) - 1], [{"a": HUGE}], [[-1e308]], {"a": [9.9e-19]},
            )
        ],
        *[
            (ListedFloat, value)
            for value in ("1.5", True, float("nan"), float("-inf"), 1.1e18, 1e308, HUGE, -5e-324)
        ],
    ],
)  # fmt: skip
def test_refuses(kind: Any, value: Any) -> None:
    with pytest.raises(ValidationError):
        sent(kind, value)


def test_takes_documents_that_are_wide_and_refuses_bottomless_ones() -> None:
    wide = {str(number): [number] for number in range(10**4)}
    assert sent(Document, wide) == wide

    bottomless: Any = 1
    for _ in range(10**4):
        bottomless = [bottomless]
    with pytest.raises(ValidationError, match="nested deeper than 32"):
        TypeAdapter(Document).validate_python(bottomless)


def test_counts_the_bytes_of_a_document() -> None:
    small = Annotated[Document, max_bytes(10)]
    assert sent(small, {"a": "\u00e9"}) == {"a": "\u00e9"}
    with pytest.raises(ValidationError, match="must have at most 10 bytes"):
        TypeAdapter(small).validate_python({"a": "\u00e9\u00e9"})


class TestDecimal:
    @pytest.mark.parametrize(
        ("value", "number"),
        [
            ("2.5", "2.50"),
            ("2.500", "2.50"),
            ("01", "1.00"),
            (2.5, "2.50"),
            (2, "2.00"),
            (0.1, "0.10"),
            (4.35, "4.35"),
            (19.99, "19.99"),
            (0.07, "0.07"),
            ("-99999999.99", "-99999999.99"),
            (99999999.99, "99999999.99"),
            ("-0.00", "0.00"),
            (-0.0, "0.00"),
        ],
    )
    def test_has_all_its_places(self, value: Any, number: str) -> None:
        assert str(TypeAdapter(PRICE).validate_python(value)) == number

    @pytest.mark.parametrize(
        "value",
        [
            None, True, [], "", "x", "NaN", float("nan"), float("inf"), "Infinity", "1e2", "1e999999",
            "1_0", "+1", ".5", "1.", " 1", "1\n", "\u0663", "1.005", 1.005, "100000000", 1e8,
            1e308, 5e-324, HUGE, -HUGE, "9" * 10**6, "0." + "1" * 101,
        ],
    )  # fmt: skip
    def test_refuses(self, value: Any) -> None:
        with pytest.raises(ValidationError):
            TypeAdapter(PRICE).validate_python(value)

    @pytest.mark.parametrize("value", [0, "0", "0.00", -1, "10.51", 10.51])
    def test_keeps_its_limits(self, value: Any) -> None:
        limited = Annotated[Decimal, Field(gt=0, le=Decimal("10.5")), FixedPoint(5, 2)]
        assert str(TypeAdapter(limited).validate_python("10.5")) == "10.50"
        with pytest.raises(ValidationError):
            TypeAdapter(limited).validate_python(value)

    def test_has_up_to_as_many_digits_as_databases(self) -> None:
        widest = Annotated[Decimal, FixedPoint(38, 19)]
        number = f"{'9' * 19}.{'9' * 19}"
        assert str(TypeAdapter(widest).validate_python(number)) == number

    def test_keeps_as_text_what_a_number_would_round(self) -> None:
        wide = Annotated[Decimal, FixedPoint(18, 2)]
        exact = TypeAdapter(wide).validate_python("1234567890123456.78")
        assert str(exact) == "1234567890123456.78"
        with pytest.raises(ValidationError, match="send it as text"):
            TypeAdapter(wide).validate_python(1234567890123456.78)

    def test_goes_out_as_text_without_an_exponent(self) -> None:
        tiny = TypeAdapter(DecimalStr).validate_python("0.00000001")
        assert TypeAdapter(DecimalStr).dump_json(tiny) == b'"0.00000001"'
        assert TypeAdapter(DecimalStr).json_schema(mode="serialization")["format"] == "decimal"

    @pytest.mark.parametrize(
        ("limits", "size", "number", "pattern"),
        [
            ({}, (5, 2), {}, r"^-?0*[0-9]{1,3}(\.[0-9]{1,2}0*)?$"),
            (
                {"gt": 0, "le": Decimal("10.5")},
                (5, 2),
                {"exclusiveMinimum": 0, "maximum": 10.5},
                r"^-?0*[0-9]{1,3}(\.[0-9]{1,2}0*)?$",
            ),
            ({}, (2, 2), {}, r"^-?0*[0-9]{1,1}(\.[0-9]{1,2}0*)?$"),
            ({}, (3, 0), {}, r"^-?0*[0-9]{1,3}(\.0+)?$"),
        ],
    )
    def test_documents_its_limits(
        self, limits: dict[str, Any], size: tuple[int, int], number: dict[str, Any], pattern: str
    ) -> None:
        assert documented(Annotated[Decimal, Field(**limits), FixedPoint(*size)])["anyOf"] == [
            {"type": "number"} | number,
            {"type": "string", "format": "decimal", "pattern": pattern},
        ]


class TestQuery:
    """Parameters come as text."""

    @pytest.mark.parametrize(
        ("kind", "value", "out"),
        [
            (bool, "true", True),
            (bool, "false", False),
            (Annotated[int, Field(ge=-(2**31), lt=2**31)], "-2147483648", -(2**31)),
            (Annotated[int, Field(ge=-(2**63), lt=2**63)], "9223372036854775807", 2**63 - 1),
            (FiniteFloat, "1e+3", 1000),
            (PRICE, "4.35", "4.35"),
        ],
    )
    def test_takes(self, kind: Any, value: str, out: Any) -> None:
        assert sent(kind, value) == out

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            *[(bool, value) for value in ("", "2", " true", "true\n", "None")],
            *[
                (Annotated[int, Field(ge=-(2**63), lt=2**63)], value)
                for value in ("", "1.5", "1e3", "\u0661", "true", "9223372036854775808", "9" * 5000)
            ],
            *[(FiniteFloat, value) for value in ("", "nan", "Infinity", "1e999", "0x1", "1.5\x00")],
        ],
    )
    def test_refuses(self, kind: Any, value: str) -> None:
        with pytest.raises(ValidationError):
            sent(kind, value)


class TestDistinct:
    def test_keeps_the_order(self) -> None:
        assert distinct(["b", "c", "a"]) == ["b", "c", "a"]

    @pytest.mark.parametrize(
        ("item", "items"),
        [
            (SingleLineStr, ["a", "b", " a"]),
            (UtcDatetime, ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00"]),
            (UUID, [ID, ID.upper()]),
            (Whole, [1, 2, 1]),
        ],
    )
    def test_refuses_what_is_the_same_in_other_words(self, item: Any, items: list[Any]) -> None:
        with pytest.raises(ValidationError, match="must not repeat"):
            sent(Annotated[list[item], AfterValidator(distinct)], items)

    def test_is_quick_although_all_hashes_are_one(self) -> None:
        ids = [str(UUID(int=number * (2**61 - 1))) for number in range(20_000)]
        assert sent(Annotated[list[UUID], AfterValidator(distinct)], ids) == ids


class TestDocumentation:
    @pytest.mark.parametrize(
        ("kind", "schema"),
        [
            (UtcDatetime, {"type": "string", "format": "date-time"}),
            (Date, {"type": "string", "format": "date"}),
            (UUID, {"type": "string", "format": "uuid"}),
            (Reference, {"type": "integer", "minimum": 1, "exclusiveMaximum": 2**63}),
            (ListedFloat, {"type": "number", "minimum": -1e18, "maximum": 1e18}),
            (Document, {}),
            # Limits that only Python knows are told in descriptions.
            (Annotated[date, Field(ge=date(2026, 1, 15)), IsoDate], {"type": "string", "format": "date"}),
            (
                Annotated[datetime, Field(lt=datetime(2026, 1, 15, tzinfo=UTC)), ToUtc],
                {"type": "string", "format": "date-time"},
            ),
        ],
    )  # fmt: skip
    def test_says(self, kind: Any, schema: dict[str, Any]) -> None:
        assert documented(kind) == schema

    @pytest.mark.parametrize(
        ("kind", "name", "format_"),
        [(Email, "Email", "email"), (Url, "Url", "uri"), (UtcDatetime, "UtcDatetime", "date-time")],
    )
    def test_names_the_component(self, kind: Any, name: str, format_: str) -> None:
        class Model(BaseModel):
            value: kind

        schema = Model.model_json_schema()
        assert schema["properties"]["value"] == {"$ref": f"#/$defs/{name}"}
        assert schema["$defs"][name]["format"] == format_

    @pytest.mark.parametrize("kind", [SingleLineStr, MultiLineStr, Email, Url, TimeOfDay, PRICE])
    def test_has_patterns_that_every_engine_takes(self, kind: Any) -> None:
        schema = documented(kind)
        for pattern in (part.get("pattern", "") for part in schema.get("anyOf", [schema])):
            assert len(pattern) < 80
            assert "(?" not in pattern

    @pytest.mark.parametrize(
        ("kind", "good", "bad"),
        [
            (
                Annotated[date, Field(ge=date(2026, 1, 15), lt=date(2027, 1, 1)), IsoDate],
                ["2026-01-15", "2026-12-31"],
                ["2026-01-14", "2027-01-01"],
            ),
            (
                Annotated[time, Field(gt=time(9, 30), le=time(18, 15, 30, 500_000)), LocalTime],
                ["09:30:00.000001", "18:15:30.5"],
                ["09:30", "09:30:00.0", "18:15:30.500001", "18:16"],
            ),
            (
                Annotated[datetime, Field(ge=datetime(2026, 1, 15, tzinfo=UTC)), ToUtc],
                ["2026-01-15T01:00:00+01:00"],
                ["2026-01-15T00:30:00+01:00"],
            ),
        ],
    )
    def test_limits_are_kept(self, kind: Any, good: list[str], bad: list[str]) -> None:
        for value in good:
            sent(kind, value)
        for value in bad:
            with pytest.raises(ValidationError):
                sent(kind, value)
