"""What a field text means."""

import shlex
import subprocess
import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from fastgen.databases import POSTGRESQL, SQLITE, Database
from fastgen.errors import FastgenError, InvalidField, Several
from fastgen.fields.model import Field
from fastgen.fields.parse import parse, parse_recorded
from fastgen.fields.show import show
from fastgen.fields.types import TYPES, type_of


def one(text: str) -> Field:
    (field,) = parse([text], database=POSTGRESQL)
    return field


def messages(*texts: str, database: Database = POSTGRESQL) -> list[str]:
    with pytest.raises(FastgenError) as caught:
        parse(texts, database=database)
    return [part.message for part in caught.value.parts]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("name", Field("name", "str", length=255)),
        ("name:str:100", Field("name", "str", length=100)),
        ("name:str:max=100:min=0", Field("name", "str", length=100, min=0)),
        ("name:str:100:max=100:min=1", Field("name", "str", length=100, min=1)),
        ("note:text:max=5000:search", Field("note", "text", max=5000, search=True)),
        ("n:int:min=1:max=9", Field("n", "int", ge=1, le=9)),
        ("n:int:gt=-1:default=+7", Field("n", "int", gt=-1, default="7")),
        ("n:bigint:le=9223372036854775807", Field("n", "bigint", le=2**63 - 1)),
        ("n:float:lt=1:default=-0", Field("n", "float", lt=1.0, default="0.0")),
        (
            "price:decimal:10,2:gt=0.5:default=1",
            Field("price", "decimal", precision=10, scale=2, gt=Decimal("0.50"), default="1.00"),
        ),
        ("ok:bool:default=TRUE", Field("ok", "bool", default="true")),
        ("day:date:ge=20260131", Field("day", "date", ge=date(2026, 1, 31))),
        (
            "at:datetime:ge=20260131T093000+0200",
            Field("at", "datetime", ge=datetime(2026, 1, 31, 7, 30, tzinfo=UTC)),
        ),
        (
            "at:datetime:lt=2026-01-31T09:30:00Z:default=2026-01-31T09:30:00+02:00",
            Field(
                "at",
                "datetime",
                lt=datetime(2026, 1, 31, 9, 30, tzinfo=UTC),
                default="2026-01-31T07:30:00Z",
            ),
        ),
        (
            "at:time:ge=09:30:lt=1800:optional",
            Field("at", "time", ge=time(9, 30), lt=time(18), optional=True),
        ),
        (
            "key:uuid:default=A0EEBC999C0B4EF8BB6D6BB9BD380A11",
            Field("key", "uuid", default="a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        ),
        ("mail:email:default=A@Example.COM", Field("mail", "email", default="A@example.com")),
        ("site:url:default=https://a.io", Field("site", "url", default="https://a.io/")),
        ("paint:color:default=#1F6FEB", Field("paint", "color", default="#1f6feb")),
        ('meta:json:default={"a": 1}', Field("meta", "json", max=65536, default='{"a":1}')),
        ("meta:json:max=1000", Field("meta", "json", max=1000)),
        ("at:datetime:default=now:sort", Field("at", "datetime", default="now", sort=True)),
        ("on:date:default=now", Field("on", "date", default="now")),
        ("note:text", Field("note", "text", max=20_000)),
        ("note:text:max=1000000", Field("note", "text", max=1_000_000)),
        (
            "state:enum:draft,in-progress,2x:default=draft",
            Field("state", "enum", values=("draft", "in-progress", "2x"), default="draft"),
        ),
        ("tags:list:max=10:unique", Field("tags", "list", item="str", max=10, unique=True)),
        ("tags:list:int:default=1, 02", Field("tags", "list", item="int", default="1,2")),
        ("tags:list:default=", Field("tags", "list", item="str", default="")),
        ("author:ref:user", Field("author", "ref", target="user", ondelete="restrict")),
        (
            "author_id:ref:Users:optional",
            Field("author", "ref", target="user", ondelete="setnull", optional=True),
        ),
        (
            "parent:ref:order-items:ondelete=cascade:unique",
            Field("parent", "ref", target="order_item", ondelete="cascade", unique=True),
        ),
        ("x:ref:Index", Field("x", "ref", target="index", ondelete="restrict")),
        (
            "sku:str:32:unique:pattern=^[A-Z]+:[0-9]$",
            Field("sku", "str", length=32, unique=True, pattern="^[A-Z]+:[0-9]$"),
        ),
        ("a:str:default=b:optional", Field("a", "str", length=255, default="b:optional")),
        (
            "note:str:50:default=n/a:search",
            Field("note", "str", length=50, default="n/a:search"),
        ),
        (
            "state:enum:draft,live:default=draft:filter:sort",
            Field(
                "state", "enum", values=("draft", "live"), default="draft", filter=True, sort=True
            ),
        ),
        ("n:int:default=0:ge=0", Field("n", "int", ge=0, default="0")),
        (
            "at:time:default=09:30:le=18:00:optional",
            Field("at", "time", le=time(18), default="09:30:00", optional=True),
        ),
        (
            "at:datetime:default=2026-01-31T09:30:00Z:filter",
            Field("at", "datetime", default="2026-01-31T09:30:00Z", filter=True),
        ),
        (
            "site:url:default=https://a.io:8080/b:optional",
            Field("site", "url", default="https://a.io:8080/b", optional=True),
        ),
        (
            "mail:email:default=a@example.com:search",
            Field("mail", "email", default="a@example.com", search=True),
        ),
        (
            "tags:list:str:default=a,b:optional",
            Field("tags", "list", item="str", default="a,b", optional=True),
        ),
        ("tags:list:str:default=a:b", Field("tags", "list", item="str", default="a:b")),
        (
            'meta:json:default={"a":"x:optional"}:optional',
            Field("meta", "json", max=65536, default='{"a":"x:optional"}', optional=True),
        ),
        ("ok:bool:default=true:filter", Field("ok", "bool", default="true", filter=True)),
        ("a:str:default=", Field("a", "str", length=255, default="")),
    ],
)
def test_resolves(text: str, field: Field) -> None:
    assert one(text) == field


def test_the_last_default_after_a_pattern_is_the_default() -> None:
    field = one("sku:str:pattern=^(a|:default=)+$:default=a")
    assert (field.pattern, field.default) == ("^(a|:default=)+$", "a")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("name", "name:str"),
        ("name:str:max=9:search:optional:min=0", "name:str:9:optional:search"),
        ("n:int:max=9:min=1", "n:int:ge=1:le=9"),
        ("p:decimal:4,2:gt=0:default=1", "p:decimal:4,2:gt=0.00:default=1.00"),
        ("at:datetime:ge=2026-01-31T09:30:00+02:00", "at:datetime:ge=20260131T073000Z"),
        ("at:datetime:default=20260131T093000Z", "at:datetime:default=2026-01-31T09:30:00Z"),
        ("at:time:ge=09:30", "at:time:ge=093000"),
        ("author_id:ref:users", "author:ref:user:ondelete=restrict"),
        ("x:ref:Index:optional", "x:ref:Index:optional:ondelete=setnull"),
        ("tags:list", "tags:list:str"),
        ("s:enum:a,b:filter:default=a", "s:enum:a,b:filter:default=a"),
    ],
)
def test_prints_the_canonical_text(typed: str, printed: str) -> None:
    assert show(one(typed)) == printed


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("price:decimel:10,2", ["'decimel' is not a type", "did you mean decimal?"]),
        ("name:string", ["did you mean str?"]),
        ("name:optional", ["modifiers go after the type"]),
        ("tags:m2m:tag", ["many-to-many is not supported", "two refs"]),
        ("thing:polymorphic", ["several resources is not supported"]),
        ("sku:str:unique=sku,shop", ["unique takes no value", "--unique NAME,NAME"]),
        ("n:int:optinal", ["'optinal' is not a modifier", "did you mean optional?", "gt="]),
        ("name:str:optinal", ["not a length", "did you mean the modifier optional?"]),
        ("ok:bool:max=3", ["bool does not take max", "it takes optional, index, filter, sort"]),
        ("name:str:10001", ["use 1 to 10000", "text"]),
        ("name:str:5:max=6", ["the length 5 and max=6 differ"]),
        ("name:str:min=300", ["min=300 is more than the maximum", "255"]),
        ("n:int:5", ["'5' is not a modifier"]),
        ("n:int:ge=1.5", ["a whole number from -2147483648 to 2147483647"]),
        ("n:int:gt=1:lt=2", ["no value of int is within gt=1 and lt=2"]),
        ("n:int:gt=2147483647", ["no value of int is within gt=2147483647"]),
        ("n:int:gt=1:ge=1", ["gt and ge contradict"]),
        ("n:int:min=1:ge=1", ["min and ge set the same limit"]),
        ("n:int:optional:optional", ["optional is given twice"]),
        ("n:int:optional=1", ["optional takes no value"]),
        ("n:int:ge", ["ge needs a value"]),
        ("n:int:ge=1:le=3:unique", ["unique with 3 possible values"]),
        ("n:int:ge=0:default=-1", ["outside of the field's own limits"]),
        ("n:int:default=-1:ge=0", ["the default '-1' is not a value", "outside of the field's"]),
        ("s:enum:a,b:default=a:fliter", ["'fliter' is not a modifier", "did you mean filter?"]),
        ("s:enum:a,b:default=c:filter", ["the default 'c' is not a value", "use one of a, b"]),
        ("n:int:default=x:y", ["'x:y' is not a value"]),
        ("a:str:3:default=b:min=1", ["use 0 to 3", "default= includes all of the text after it"]),
        ("m:json:max=99", ["max=99 is not a number of bytes: use 100 to 1000000"]),
        (f'm:json:max=100:default="{"x" * 99}"', ["it has 101 bytes: use at most 100"]),
        ("t:text:min=20001", ["more than the maximum, 20000"]),
        ("p:decimal", ["a decimal needs a precision and a scale", "1 to 38"]),
        ("p:decimal:4,2:le=100", ["at most 2 digits before the point and 2 after"]),
        ("at:datetime:ge=20260131T093000", ["needs a time zone"]),
        ("at:datetime:le=9999-12-31T23:59:59.999999Z", ["the first or the last possible moment"]),
        ("at:datetime:default=0001-01-01T00:00:00Z", ["the first or the last possible moment"]),
        (
            "at:list:datetime:default=0001-01-01T00:00:00Z",
            ["the first or the last possible moment"],
        ),
        ("at:datetime:gt=99991231T235959.999998Z", ["no value of datetime is within"]),
        ("at:time:ge=0930Z", ["without a zone"]),
        ("day:date:ge=2026-02-30", ["date of the calendar"]),
        ("s:enum:a-b,a_b", ["a-b and a_b are the same name in Python, A_B"]),
        ("s:enum:2,value_2", ["VALUE_2"]),
        ("s:enum:I,value_i", ["VALUE_I"]),
        ("s:enum:a", ["2 to 100 values"]),
        ("s:enum:" + ",".join(f"v{i}" for i in range(101)), ["2 to 100 values"]),
        ("s:enum:a b,c", ["'a b' cannot be a value"]),
        ("t:list:ref", ["many-to-many is not supported", "it takes str, int"]),
        ("t:list:string", ["did you mean str?"]),
        ("t:list:max=0", ["use 1 to 10000"]),
        ("t:list:unique:default=a,a", ["an item occurs twice"]),
        ("a:ref", ["needs the resource"]),
        ("a:ref:user:default=1", ["no row is sure to exist"]),
        ("a:ref:user:index", ["it always has an index"]),
        ("a:ref:user:ondelete=setnull", ["needs optional"]),
        ("a:ref:user:ondelete=drop", ["use cascade, restrict, setnull"]),
        ("a:str:unique:default=x", ["second row"]),
        ("a:str:unique:index", ["leave index out"]),
        ("a:str:501:unique", ["at most 500 characters"]),
        ("a:str:501:index", ["at most 500 characters"]),
        ("a:str:501:sort", ["sort needs a length of at most 500 characters"]),
        ("a:text:sort", ["text does not take sort: it is too long for an index; use str"]),
        ("a:url:sort", ["url does not take sort", "too long for an index"]),
        ("a_null:bool:filter", ["parameters of lists that end in _null filter for null"]),
        ("a_null:int:filter", ["parameters of lists that end in _null filter for null"]),
        ("a_null:ref:user:filter", ["parameters of lists that end in _null filter for null"]),
        ("a:ref:user:filter:optional:sort:min=1", ["ref does not take min"]),
        ("a:str:readonly", ["readonly needs optional or a default"]),
        ("a:str:optional:readonly:writeonly", ["readonly and writeonly"]),
        ("a:str:writeonly:filter:search", ["filter and search would reveal"]),
        ("a:str:pattern=[[a]", ["Python cannot read it"]),
        ("a:str:pattern=(?=a)", ["Pydantic cannot read it", "look-around"]),
        ("a:str:pattern=(?i)^a$", ["cannot read groups"]),
        ("a:str:pattern=(?P<n>a)", ["cannot read groups"]),
        (f"a:str:pattern=^{'a' * 78}$", ["has 80 characters"]),
        ("a:str:pattern=^a$:default=b", ["does not match"]),
        ("a:str:3:default=four", ["use 0 to 3 characters"]),
        ("a:json:default=null", ["it is null"]),
        ("a:json:default=NaN", ["JSON value"]),
        ('a:json:default="\\u0000"', ["cannot keep"]),
        ("a:json:default=[1e300]", ["from -9223372036854775808 to 9223372036854775807"]),
        (f"a:json:default={'[' * 32}1{']' * 32}", ["nested deeper than 32"]),
        ("a:list:float:default=1e-300", ["not nearer to 0 than 1e-18"]),
        ('a:json:default="\\ud800"', ["JSON value"]),
        ("a:email:default=a@b.test", ["no mail reaches"]),
        ("a:str::optional", ["nothing between two colons"]),
        ("a:str:default=\x1b", ["control character", "\\x1b"]),
        ("a:str:default=\udcff", ["control character"]),
        ("a:str:default=a\u2028b", ["control character"]),
    ],
)
def test_refuses_with_the_reason(text: str, parts: list[str]) -> None:
    (message,) = messages(text)
    for part in parts:
        assert part in message
    assert message.startswith("field '")


def test_sqlite_keeps_decimals_as_whole_numbers() -> None:
    assert "64 bits" in messages("p:decimal:19,2", database=SQLITE)[0]
    parse(["p:decimal:18,2"], database=SQLITE)
    parse(["p:decimal:38,38:le=0.5"], database=POSTGRESQL)


def test_every_mistake_of_the_line_is_told_at_once() -> None:
    with pytest.raises(Several) as caught:
        parse(
            ["Name:str:0:gt=1:min=x", "ok:bool:max=1", "id:int", "good:int", "good:text"],
            database=SQLITE,
        )
    told = [(part.message.split("'")[1], part.hint) for part in caught.value.parts]
    assert told == [
        *[("Name:str:0:gt=1:min=x", "name:str:100")] * 4,
        ("ok:bool:max=1", "ok:bool"),
        ("id:int", "id_value:int"),
        ("good:text", "good_2:text"),
    ]


def test_a_hint_can_be_pasted_into_a_shell() -> None:
    with pytest.raises(InvalidField) as caught:
        parse(["a:str:min=x:pattern=^[a-z]+$"], database=SQLITE)
    assert caught.value.hint == "'a:str:pattern=^[a-z]+$'"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("n:int:optinal", "n:int:optional"),
        ("n:int:default=x:ge=0", "n:int:ge=0"),
        ("n:time:ge=x:sort", "n:time:sort"),
        ("n:decimel:1", "n:decimal:10,2"),
        ("n:decimel:8,3:filter", "n:decimal:8,3:filter"),
        ("n:string:20", "n:str:20"),
        ("n:optional", "n:str:optional"),
        ("n:str:20000", "n:text:max=20000"),
        ("a:ref:user:ondelete=casade", "a:ref:user:ondelete=cascade"),
        ("a:ref:user:ondelete=setnull", "a:ref:user:optional:ondelete=setnull"),
        ("s:enum:draft,live:default=gone", "s:enum:draft,live:default=draft"),
        ("s:enum:draft,live:default=drft:filter", "s:enum:draft,live:filter:default=draft"),
        ("s:enum:in progress,done", "s:enum:in-progress,done"),
        ("Class:int:ge=0", "class:int:ge=0"),
        ("s:str:readonly:search", "s:str:optional:readonly:search"),
        ("s:str::min=1:min=2", "s:str:min=1"),
        ("t:text:min=30000", "t:text:min=30000:max=30000"),
        ("a_null:bool:filter:index", "a_null:bool:index"),
        ("s:text:sort:search", "s:text:search"),
        ("c:colour:sort", "c:color"),
        ("c:color:default=blue:filter", "c:color:filter"),
    ],
)
def test_a_hint_is_what_was_typed_put_right(text: str, hint: str) -> None:
    with pytest.raises(FastgenError) as caught:
        parse([text], database=SQLITE)
    assert {shlex.split(part.hint or "")[0] for part in caught.value.parts} == {hint}


@pytest.mark.parametrize(
    "example",
    [
        example
        for type_ in TYPES.values()
        for example in (type_.example, type_.default_example, type_.bound_example)
        if example
    ],
)
def test_the_examples_are_right_everywhere(example: str) -> None:
    parse([f"a:{example}"], database=SQLITE)
    parse([f"a:{example}"], database=POSTGRESQL)


def test_pydantic_is_not_imported_for_nothing() -> None:
    program = (
        "import sys; from fastgen.databases import SQLITE; from fastgen.fields.parse import parse;"
        "parse(['a:int:default=0', 'b:str:min=1', 'c:ref:user'], database=SQLITE);"
        "sys.exit('pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_resource_has_at_most_100_fields() -> None:
    texts = [f"f{number}:int" for number in range(101)]
    assert len(parse(texts[:100], database=SQLITE)) == 100
    assert "at most 100" in messages(*texts)[0]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["a:int", "a:text"], "the name 'a' is taken by the field 'a'"),
        (["author:ref:user", "author_id:int"], "the name 'author_id' is taken"),
        (["author:str", "author_id:ref:user"], "the name 'author' is taken"),
        (["limit:str:filter"], "the query parameter 'limit' is taken by every list"),
        (["limit:int:filter"], "the query parameter 'limit' is taken by every list"),
        (["total:decimal:8,2:filter"], "the query parameter 'total' is taken by every list"),
        (["limit:ref:category:filter"], "the query parameter 'limit' is taken by every list"),
        (["cursor:str:filter"], "the query parameter 'cursor' is taken by every list"),
        (["total:bool:filter"], "the query parameter 'total' is taken by every list"),
        (["sort:bool:filter"], "the query parameter 'sort' is taken by every list"),
        (["search:str:filter"], "the query parameter 'search' is taken by every list"),
        (
            ["price:int:filter", "price_min:bool:filter"],
            "the query parameter 'price_min' is taken by the field 'price'",
        ),
    ],
)
def test_fields_that_clash(texts: list[str], message: str) -> None:
    (told,) = messages(*texts)
    assert message in told


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("price:int:filter", ("price_min", "price_max")),
        ("at:datetime:filter", ("at_min", "at_max")),
        ("ok:bool:filter", ("ok",)),
        ("ok:bool:filter:optional", ("ok", "ok_null")),
        ("price:int:filter:optional", ("price_min", "price_max", "price_null")),
        ("ok_null:bool", ()),
        ("total:str:sort:search", ()),
        ("author:ref:user:filter", ("author_id",)),
        ("limit:int", ()),
    ],
)
def test_the_parameters_of_a_filter(text: str, parameters: tuple[str, ...]) -> None:
    field = one(text)
    assert type_of(field).parameters(field) == parameters


def test_what_an_older_fastgen_recorded_has_no_limits_but_its_own() -> None:
    """A default that looks like modifiers was one text for it, whatever the type."""
    texts = ["note:text", "meta:json", "tags:list:str:default=a:optional", "body:text:max=5"]
    fields = parse_recorded(texts, database=SQLITE)

    assert [field.max for field in fields] == [None, None, None, 5]
    assert fields[2].default == "a:optional"
    assert [show(field) for field in fields] == texts


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "day:date:lt=2099-01-01:default=now",
            "the current time will pass every upper limit",
        ),
        ("day:date:ge=9999-01-01:default=now", "outside of the field's own limits"),
        ("at:time:default=now", "use an ISO time"),
        ("days:list:date:default=now", "use an ISO date"),
        ("at:datetime:ge=now", "use an ISO date and time"),
    ],
)
def test_now_is_the_default_of_a_moment_only(text: str, reason: str) -> None:
    with pytest.raises(InvalidField, match=reason):
        parse([text], database=SQLITE)
