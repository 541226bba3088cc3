"""What fields take, what comes out, and that the documentation says the same."""

import json
import re
from datetime import UTC, date, datetime, time
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import AfterValidator, Field, SecretStr, TypeAdapter, ValidationError

from app.schemas.fields import (
    Amount,
    AmountText,
    BigInt,
    Date,
    Document,
    Email,
    Flag,
    Float,
    Id,
    Int,
    Line,
    ListedFloat,
    Moment,
    QueryAmount,
    Reference,
    Text,
    TimeOfDay,
    Url,
    Uuid,
    Whole,
    bytes_at_most,
    distinct,
    encodable,
    places,
)

ID = "12345678-1234-4234-8234-123456789abc"
HUGE = 10**400
PRICE = Annotated[Amount, Field(max_digits=10, decimal_places=2), places(2)]
DEEP: Any = None
for _ in range(32):
    DEEP = [DEEP]


def sent(kind: Any, value: Any) -> Any:
    """Read a value as from a body, and write it as into an answer."""
    adapter = TypeAdapter(kind)
    return json.loads(adapter.dump_json(adapter.validate_python(value)))


def documented(kind: Any) -> dict[str, Any]:
    return TypeAdapter(kind).json_schema()


@pytest.mark.parametrize(
    ("kind", "value", "out"),
    [
        (Line, " \u00e9 \U0001f600\u3000", "\u00e9 \U0001f600"),
        (Line, "", ""),
        (Text, " a\r\n\tb ", "a\r\n\tb"),
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
        (Whole, 5.0, 5),
        (Whole, -(2**63), -(2**63)),
        (Date, "0001-01-01", "0001-01-01"),
        (Date, "2024-02-29", "2024-02-29"),
        (Moment, "2026-01-31T09:30:00+02:00", "2026-01-31T07:30:00Z"),
        (Moment, "2026-01-31t09:30:00.123456000z", "2026-01-31T09:30:00.123456Z"),
        (Moment, "0001-01-01T00:00:00.000001Z", "0001-01-01T00:00:00.000001Z"),
        (Moment, "0001-01-01T00:00:00-00:01", "0001-01-01T00:01:00Z"),
        (Moment, "9999-12-31T23:59:59.999998Z", "9999-12-31T23:59:59.999998Z"),
        (Moment, "9999-12-31T23:59:59.999999+00:01", "9999-12-31T23:58:59.999999Z"),
        (Moment, "9999-12-31T23:59:59+00:01", "9999-12-31T23:58:59Z"),
        (TimeOfDay, "09:30", "09:30:00"),
        (TimeOfDay, "23:59:59.999999", "23:59:59.999999"),
        (TimeOfDay, "09:30:00.1234560", "09:30:00.123456"),
        (Uuid, ID.upper(), ID),
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
        *[(Line, value) for value in (5, "a\x00", "a\nb", "a\n", "\x85a", "\ud800")],
        *[(Text, value) for value in (5, "a\x00b", "\x0b", "\ud800")],
        *[
            (Email, value)
            for value in (
                5, "kim", "kim@", "kim\x00@example.com", "\ud800@example.com", "Kim <kim@example.com>", "kim@localhost", "kim@[127.0.0.1]",
                "kim@shop.TEST", " kim@example.com", f"{'k' * 65}@example.com",
                "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}@example.com",
                f"{'k' * 64}@{'e' * 63}.{'e' * 63}.{'e' * 63}.com", "k" * 10**6 + "@example.com",
            )
        ],
        *[
            (Url, value)
            for value in (
                5, "", "http://", "http:///a", "https:a", "ftp://example.com", "javascript:alert(1)",
                "http://kim:secret@example.com", "http://@/", "http://example.com:0",
                "http://example.com:65536", "http://example.com:", "http://256.0.0.1",
                "http://a..b", "http://-a.com", f"http://{'a' * 64}.com", "http://\u00e9t\u00e9.fr",
                "http://a/ b", "http://a/\n", "http://a/\x00", "http://a\\b", "http://a/%zz",
                "http://a/#b#c", "https://a/" + "a" * 1991, "https://" + "a." * 10**6,
            )
        ],
        *[
            (Whole, value)
            for value in (
                "5", True, None, 5.5, float("nan"), float("inf"), 1e308, 2.0**53, "\u0663", [5],
            )
        ],
        *[(Reference, value) for value in (0, 2**63, HUGE, -HUGE)],
        *[
            (Date, value)
            for value in (
                0, "", "0000-01-01", "2026-02-29", "2026-1-1", "2026-01-01T00:00:00", "20260101",
                "2026-01-01\n", "\u0662\u0660\u0662\u0666-01-01", "2026-W01-1",
            )
        ],
        *[
            (Moment, value)
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
            (Uuid, value)
            for value in (5, "", ID.replace("-", ""), f"{{{ID}}}", f"urn:uuid:{ID}", f"{ID}\n")
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
            for value in ("1.5", True, float("nan"), float("-inf"), 10**18 + 1, 1e308, HUGE, -5e-324)
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
    small = Annotated[Document, bytes_at_most(10)]
    assert sent(small, {"a": "\u00e9"}) == {"a": "\u00e9"}
    with pytest.raises(ValidationError, match="must have at most 10 bytes"):
        TypeAdapter(small).validate_python({"a": "\u00e9\u00e9"})


class TestAmount:
    @pytest.mark.parametrize(
        ("value", "number"),
        [
            ("2.5", "2.50"),
            ("2.500", "2.50"),
            (2.5, "2.50"),
            (2, "2.00"),
            (0.1, "0.10"),
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
            "1_0", "+1", "01", ".5", "1.", " 1", "1\n", "\u0663", "1.005", 1.005, "100000000", 1e8,
            1e308, 5e-324, HUGE, -HUGE, "9" * 10**6, "0." + "1" * 101,
        ],
    )  # fmt: skip
    def test_refuses(self, value: Any) -> None:
        with pytest.raises(ValidationError):
            TypeAdapter(PRICE).validate_python(value)

    def test_keeps_as_text_what_a_number_would_round(self) -> None:
        wide = Annotated[Amount, Field(max_digits=18, decimal_places=2), places(2)]
        exact = TypeAdapter(wide).validate_python("1234567890123456.78")
        assert str(exact) == "1234567890123456.78"
        with pytest.raises(ValidationError, match="send it as text"):
            TypeAdapter(wide).validate_python(1234567890123456.78)

    def test_goes_out_as_text_without_an_exponent(self) -> None:
        tiny = TypeAdapter(AmountText).validate_python("0.00000001")
        assert TypeAdapter(AmountText).dump_json(tiny) == b'"0.00000001"'

    @pytest.mark.parametrize(
        ("limits", "number", "pattern"),
        [
            (
                {"max_digits": 5, "decimal_places": 2},
                {"exclusiveMinimum": -1000, "exclusiveMaximum": 1000, "multipleOf": 0.01},
                r"^-?(0|[1-9][0-9]{0,2})(\.[0-9]{1,2}0*)?$",
            ),
            (
                {"max_digits": 5, "decimal_places": 2, "ge": 0, "le": 10.5},
                {"minimum": 0, "maximum": 10.5, "exclusiveMinimum": -1000, "exclusiveMaximum": 1000,
                 "multipleOf": 0.01},
                r"^([0-9](\.[0-9]{1,2}0*)?|10(\.([0-4][0-9]?|5)0*)?)$",
            ),
            (
                {"max_digits": 2, "decimal_places": 2, "gt": 0},
                {"exclusiveMinimum": 0, "exclusiveMaximum": 1, "multipleOf": 0.01},
                r"^0\.([1-9][0-9]?|0[1-9])0*$",
            ),
            (
                {"max_digits": 3, "decimal_places": 1, "ge": "-0.5", "lt": 5},
                {"exclusiveMinimum": -100, "minimum": -0.5, "exclusiveMaximum": 5, "multipleOf": 0.1},
                r"^(-0(\.[0-5]0*)?|[0-4](\.[0-9]0*)?)$",
            ),
            (
                {"max_digits": 3, "decimal_places": 0},
                {"exclusiveMinimum": -1000, "exclusiveMaximum": 1000},
                r"^-?(0|[1-9][0-9]{0,2})(\.0+)?$",
            ),
        ],
    )  # fmt: skip
    def test_documents_its_limits(
        self, limits: dict[str, Any], number: dict[str, Any], pattern: str
    ) -> None:
        assert documented(Annotated[Amount, Field(**limits), places(2)])["anyOf"] == [
            {"type": "number"} | number,
            {"type": "string", "pattern": pattern},
        ]

    def test_is_only_text_in_a_query(self) -> None:
        price = Annotated[QueryAmount, Field(max_digits=5, decimal_places=2)]
        assert documented(price) == {
            "type": "string",
            "pattern": r"^-?(0|[1-9][0-9]{0,2})(\.[0-9]{1,2}0*)?$",
        }

    def test_without_a_size_is_any_number_or_text(self) -> None:
        assert documented(Amount)["anyOf"] == [{"type": "number"}, {"type": "string"}]

    def test_documents_that_long_numbers_must_be_whole(self) -> None:
        number, integer, _ = documented(Annotated[Amount, Field(max_digits=18, decimal_places=8)])[
            "anyOf"
        ]
        assert number["exclusiveMaximum"] == 10**7
        assert integer == {
            "type": "integer",
            "exclusiveMinimum": -(10**10),
            "exclusiveMaximum": 10**10,
        }


class TestQuery:
    """Parameters come as text, and are spelled as in JSON."""

    @pytest.mark.parametrize(
        ("kind", "value", "out"),
        [
            (Flag, "true", True),
            (Flag, "false", False),
            (Int, "-2147483648", -(2**31)),
            (Int, "5.0", 5),
            (BigInt, "9223372036854775807", 2**63 - 1),
            (Id, "1", 1),
            (Float, "1e+3", 1000),
            (Float, "-0.5", -0.5),
        ],
    )
    def test_takes(self, kind: Any, value: str, out: Any) -> None:
        assert sent(kind, value) == out

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            *[(Flag, value) for value in ("", "1", "0", "yes", "on", "True", " true", "true\n")],
            *[(Int, value) for value in ("", "1_000", " 1", "1\n", "+1", "01", "\u0661", "true")],
            *[(Int, value) for value in ("1.5", "1.", "1e3", "2147483648", "-2147483649")],
            *[(Int, digits * 5000) for digits in ("9", "0")],
            *[(BigInt, value) for value in ("9223372036854775808", "1_0")],
            *[(Id, value) for value in ("0", "9223372036854775808", "1_0")],
            *[
                (Float, value)
                for value in ("", "1_0.5", " 1.5", "+1.5", ".5", "1.", "nan", "Infinity", "1e999")
            ],
        ],
    )
    def test_refuses(self, kind: Any, value: str) -> None:
        with pytest.raises(ValidationError):
            sent(kind, value)

    @pytest.mark.parametrize(
        ("kind", "schema"),
        [
            (Flag, {"type": "boolean"}),
            (Int, {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}),
            (Id, {"type": "integer", "minimum": 1, "exclusiveMaximum": 2**63}),
            (Float, {"type": "number"}),
        ],
    )
    def test_documents_what_the_text_stands_for(self, kind: Any, schema: dict[str, Any]) -> None:
        assert documented(kind) == schema


class TestDistinct:
    def test_keeps_the_order(self) -> None:
        assert distinct(["b", "c", "a"]) == ["b", "c", "a"]

    @pytest.mark.parametrize(
        ("item", "items"),
        [
            (Line, ["a", "b", " a"]),
            (Moment, ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00"]),
            (Uuid, [ID, ID.upper()]),
            (Whole, [1, 2, 1.0]),
        ],
    )
    def test_refuses_what_is_the_same_in_other_words(self, item: Any, items: list[Any]) -> None:
        with pytest.raises(ValidationError, match="must not repeat"):
            sent(Annotated[list[item], AfterValidator(distinct)], items)

    def test_is_quick_although_all_hashes_are_one(self) -> None:
        ids = [str(UUID(int=number * (2**61 - 1))) for number in range(20_000)]
        assert sent(Annotated[list[Uuid], AfterValidator(distinct)], ids) == ids


class TestDocumentation:
    @pytest.mark.parametrize(
        ("kind", "words"),
        [
            (Email, {"format": "email", "maxLength": 254}),
            (Whole, {"type": "integer"}),
            (Annotated[Whole, Field(le=9)], {"type": "integer", "maximum": 9}),
            (Reference, {"type": "integer", "minimum": 1, "exclusiveMaximum": 2**63}),
            (Document, {"type": ["object", "array", "string", "number", "boolean"]}),
            (
                ListedFloat,
                {
                    "type": "number",
                    "minimum": -1e18,
                    "maximum": 1e18,
                    "anyOf": [{"minimum": 1e-18}, {"maximum": -1e-18}, {"const": 0}],
                },
            ),
        ],
    )
    def test_says(self, kind: Any, words: dict[str, Any]) -> None:
        schema = documented(kind)
        assert schema | words == schema

    @pytest.mark.parametrize(
        ("kind", "format_", "good", "bad"),
        [
            (Line, None, ["", " a "], ["a\nb", "\x00", "\x85"]),
            (Annotated[Line, Field(min_length=1)], None, ["a", " a "], ["", " ", "a\x7f"]),
            (Text, None, ["", "a\n\tb"], ["a\x0bb"]),
            (Annotated[Text, Field(min_length=1)], None, ["\na"], ["", "\r\n"]),
            (
                Email,
                "email",
                ["Kim@shop.test.com", "a@xn--t-ruby.fr"],
                ["kim@shop.Test", "kim@shop", "kim@ab--c.com", "kim@shop.c1", f"{'k' * 65}@a.fr"],
            ),
            (Url, "uri", ["https://example.com/"], ["https:///", "https://a b"]),
            (Date, "date", ["2026-12-31"], ["0000-12-31", "2026-13-01"]),
            (
                Moment,
                "date-time",
                ["2026-12-31T00:00:00Z", "0001-01-01T00:00:01+00:00"],
                [
                    "2026-12-31T23:59:60Z",
                    "0001-01-01T00:00:00+01:00",
                    "9999-12-31T23:00:00-01:00",
                    "0001-01-01T00:00:00Z",
                    "9999-12-31T23:59:59.999999Z",
                ],
            ),
            (TimeOfDay, None, ["09:30"], ["09:30Z", "24:00"]),
            (Uuid, "uuid", [ID], [ID.replace("-", "")]),
        ],
    )
    def test_has_the_pattern(
        self, kind: Any, format_: str | None, good: list[str], bad: list[str]
    ) -> None:
        schema = documented(kind)
        assert schema.get("format") == format_
        for value in good:
            assert re.search(schema["pattern"], value)
        for value in bad:
            assert not re.search(schema["pattern"], value)

    def test_has_a_fields_own_pattern_as_well(self) -> None:
        schema = documented(Annotated[Line, Field(max_length=3, pattern="^[A-Z]+$")])
        assert schema["pattern"] == "^[A-Z]+$"
        assert schema["allOf"] == [{"pattern": documented(Line)["pattern"]}]
        assert schema["maxLength"] == 3

    def test_says_what_documents_hold_at_any_depth(self) -> None:
        schema = documented(Document)
        (any_json,) = schema["$defs"].values()
        members, items, text, number, *_ = any_json["anyOf"]
        assert (number["minimum"], number["exclusiveMaximum"]) == (-(2**63), 2**63)
        assert number["anyOf"] == [{"minimum": 1e-18}, {"maximum": -1e-18}, {"const": 0}]
        assert members["additionalProperties"] is False
        assert members["patternProperties"] == {text["pattern"]: items["items"]}
        assert schema["$ref"] == items["items"]["$ref"]

    @pytest.mark.parametrize(
        ("kind", "words", "good", "bad"),
        [
            (
                Annotated[Date, Field(ge=date(2026, 1, 15), lt=date(2027, 1, 1))],
                {"formatMinimum": "2026-01-15", "formatExclusiveMaximum": "2027-01-01"},
                ["2026-01-15", "2026-12-31"],
                ["2026-01-14", "2027-01-01"],
            ),
            (
                Annotated[Date, Field(gt=date(2026, 1, 15), le=date(2027, 1, 1))],
                {"formatExclusiveMinimum": "2026-01-15", "formatMaximum": "2027-01-01"},
                ["2026-01-16", "2027-01-01"],
                ["2026-01-15", "2027-01-02"],
            ),
            (
                Annotated[TimeOfDay, Field(gt=time(9, 30), le=time(18, 15, 30, 500_000))],
                {},
                ["09:30:00.000001", "18:15:30.5"],
                ["09:30", "09:30:00.0", "18:15:30.500001", "18:16"],
            ),
            (
                Annotated[TimeOfDay, Field(ge=time(9, 30), lt=time(18))],
                {},
                ["09:30", "17:59:59.999999"],
                ["09:29:59.999999", "18:00"],
            ),
            (
                Annotated[Moment, Field(ge=datetime(2026, 1, 15, tzinfo=UTC))],
                {"formatMinimum": "2026-01-15T00:00:00Z"},
                ["2026-01-14T23:00:00-01:00"],
                [],
            ),
        ],
    )
    def test_has_the_limits(
        self, kind: Any, words: dict[str, Any], good: list[str], bad: list[str]
    ) -> None:
        schema = documented(kind)
        # None that only Python knows.
        assert set(schema) - {"format"} == {"type", "pattern", *words}
        assert schema | words == schema
        for value in good:
            assert re.search(schema["pattern"], value)
            sent(kind, value)
        for value in bad:
            assert not re.search(schema["pattern"], value)
            with pytest.raises(ValidationError):
                sent(kind, value)


def test_secrets_can_be_encoded() -> None:
    assert encodable(SecretStr("\u00e9")).get_secret_value() == "\u00e9"
    with pytest.raises(ValueError, match="must be text"):
        encodable(SecretStr("\ud800"))
