"""Tables that change, with rows: what is in them before, after, and after going back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from fastgen.databases import BY_NAME
from fastgen.fields.parse import parse
from fastgen.migrating import Difference, difference
from fastgen.names.resource import Names
from fastgen.slices.resource import Resource, World
from fastgen.slices.rights import Access

BOTH = tuple(BY_NAME)
# Others refer to it.
MAKER, TRADER = Names("maker", "makers"), Names("trader", "traders")

Row = Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """A table with rows: its fields before and after, and its values as Python."""

    name: str
    old: str
    new: str
    rows: Sequence[Row]
    after: Sequence[Row]
    # What is there after going back, and after going up again, if it differs.
    back: Sequence[Row] | None = None
    again: Sequence[Row] | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    fill: Mapping[str, str] = field(default_factory=dict)
    access: tuple[Access, Access] = ("shared", "shared")
    renames: str | None = None
    targets: Mapping[str, str] = field(default_factory=dict)
    databases: Sequence[str] = BOTH

    def names(self) -> tuple[Names, Names]:
        """The names of the resource before and after."""
        now = self.renames or self.name
        return Names(self.name, f"{self.name}_rows"), Names(now, f"{now}_rows")

    def resources(self, database: str) -> tuple[Resource, Resource]:
        """The resource before and after."""
        old, new = (
            Resource(names, access, parse(fields.split(), database=BY_NAME[database]))
            for names, access, fields in zip(
                self.names(), self.access, (self.old, self.new), strict=True
            )
        )
        return old, new

    def difference(self, database: str) -> Difference:
        """The migration of the table."""
        old, new = self.resources(database)
        return difference(
            old,
            new,
            *(worlds(database) if self in CASES else (world(database, old), world(database, new))),
            renamed=self.renamed,
            renamed_resources=self.targets,
            fill=self.fill,
        )


def values(name: str, *found: str) -> list[Row]:
    """Return rows with one value each."""
    return [{name: value} for value in found]


def changed(name: str, old: str, new: str, rows: Mapping[str, str], **more: object) -> Case:
    """Return a case in which the type of `value` changes, with its values before and after."""
    given = {"name": name, "old": f"value:{old}", "new": f"value:{new}", **more}
    return Case(
        rows=values("value", *rows),
        after=values("value", *rows.values()),
        **given,  # type: ignore[arg-type]
    )


def others(database: str) -> tuple[Resource, Resource]:
    """The resources that others refer to."""
    fields = parse(["name"], database=BY_NAME[database])
    return Resource(MAKER, "shared", fields), Resource(TRADER, "shared", fields)


def world(database: str, *resources: Resource) -> World:
    """The surroundings of resources."""
    every = (*others(database), *resources)
    return World(BY_NAME[database], {one.names.singular: one for one in every})


@cache
def worlds(database: str) -> tuple[World, World]:
    """The surroundings of all tables, before and after."""
    pairs = [one.resources(database) for one in cases(database)]
    return world(database, *(old for old, _ in pairs)), world(database, *(new for _, new in pairs))


def cases(database: str) -> list[Case]:
    """The tables on a database."""
    return [one for one in CASES if database in one.databases]


RETYPED = [
    changed("str_longer", "str:20", "str:40", {"'x'": "'x'"}),
    changed("str_shorter", "str:40", "str:20:unique", {"'x'": "'x'", "'y'": "'y'"}),
    changed("str_text", "str:20:search", "text:search", {"'x'": "'x'"}),
    changed("text_str", "text", "str:20:filter", {"'x'": "'x'"}),
    changed(
        "str_email",
        "str:60:optional",
        "email:unique:optional",
        {"'A@example.com'": "'a@example.com'", "None": "None"},
        back=values("value", "'a@example.com'", "None"),
    ),
    changed("email_str", "email:unique", "str:300", {"'a@example.com'": "'a@example.com'"}),
    changed("str_url", "str:60", "url", {"'https://example.com/'": "'https://example.com/'"}),
    changed(
        "str_color",
        "str:7:default=#FFFFFF",
        "color:default=#000000",
        {"'#AbCdEf'": "'#abcdef'"},
        back=values("value", "'#abcdef'"),
    ),
    changed("int_bigint", "int:index:default=3", "bigint:index:default=3", {"5": "5", "-7": "-7"}),
    changed("bigint_int", "bigint:index", "int:index", {"5": "5"}),
    changed("int_float", "int:filter", "float:filter", {"5": "5.0"}),
    changed(
        "float_int",
        "float",
        "int",
        {"5.0": "5", "1.7": "2", "-2.5": "-3"},
        back=values("value", "5.0", "2.0", "-3.0"),
    ),
    changed(
        "int_decimal",
        "int:default=2",
        "decimal:10,2:default=2",
        {"5": "Decimal('5.00')", "-1": "Decimal('-1.00')"},
    ),
    changed(
        "bigint_decimal",
        "bigint:unique",
        "decimal:18,3:unique",
        {"5000000000": "Decimal('5000000000.000')"},
    ),
    changed(
        "decimal_int",
        "decimal:10,2",
        "int",
        {"Decimal('1.50')": "2", "Decimal('-1.49')": "-1", "Decimal('7.00')": "7"},
        back=values("value", "Decimal('2.00')", "Decimal('-1.00')", "Decimal('7.00')"),
    ),
    changed(
        "float_decimal",
        "float:optional",
        "decimal:10,2:optional",
        {"1.25": "Decimal('1.25')", "None": "None", "-0.5": "Decimal('-0.50')"},
    ),
    changed("decimal_float", "decimal:10,3", "float", {"Decimal('1.125')": "1.125"}),
    changed(
        "decimal_more",
        "decimal:10,2:index:default=1.50",
        "decimal:12,4:index:default=1.50",
        {"Decimal('1.25')": "Decimal('1.2500')", "Decimal('-3.10')": "Decimal('-3.1000')"},
    ),
    changed(
        "decimal_less",
        "decimal:12,4:optional",
        "decimal:10,2:optional",
        {
            "Decimal('1.2350')": "Decimal('1.24')",
            "Decimal('-1.2350')": "Decimal('-1.24')",
            "None": "None",
        },
        back=values("value", "Decimal('1.2400')", "Decimal('-1.2400')", "None"),
    ),
    changed(
        "decimal_wider", "decimal:10,2", "decimal:12,2", {"Decimal('1.25')": "Decimal('1.25')"}
    ),
    changed(
        "decimal_narrower",
        "decimal:12,2:default=0",
        "decimal:10,2",
        {"Decimal('1.25')": "Decimal('1.25')"},
    ),
    changed("int_str", "int", "str:20", {"5": "'5'"}),
    changed("str_int", "str:20:unique", "int:unique", {"'5'": "5", "'-12'": "-12"}),
    changed(
        "str_bigint",
        "str:20:optional",
        "bigint:optional",
        {"'5000000000'": "5000000000", "None": "None"},
    ),
    changed("float_str", "float", "str:30", {"1.5": "'1.5'"}),
    changed(
        "str_float",
        "str:20",
        "float",
        {"'1.5'": "1.5", "'-2e3'": "-2000.0"},
        back=values("value", "'1.5'", "'-2000.0'"),
        databases=("sqlite",),
    ),
    changed(
        "text_float",
        "text",
        "float",
        {"'1.5'": "1.5", "'-2e3'": "-2000.0"},
        back=values("value", "'1.5'", "'-2000'"),
        databases=("postgresql",),
    ),
    changed(
        "decimal_str",
        "decimal:10,2",
        "str:20",
        {"Decimal('1.50')": "'1.50'", "Decimal('-0.05')": "'-0.05'"},
    ),
    changed(
        "str_decimal",
        "str:12:optional",
        "decimal:10,2:optional",
        {"'1.5'": "Decimal('1.50')", "'-0.05'": "Decimal('-0.05')", "None": "None"},
        back=values("value", "'1.50'", "'-0.05'", "None"),
    ),
    changed(
        "bool_str",
        "bool:default=true",
        "str:20:default=true",
        {"True": "'true'", "False": "'false'"},
    ),
    changed(
        "str_bool",
        "str:20:optional",
        "bool:optional",
        {"'true'": "True", "'No'": "False", "None": "None"},
        back=values("value", "'true'", "'false'", "None"),
    ),
    changed("bool_int", "bool:default=false", "int:default=1", {"True": "1", "False": "0"}),
    changed(
        "int_bool",
        "int:default=7",
        "bool:default=true",
        {"2": "True", "0": "False"},
        back=values("value", "1", "0"),
    ),
    changed(
        "bool_enum",
        "bool:optional:filter",
        "enum:true,false:optional:filter",
        {"True": "Kind('true')", "False": "Kind('false')", "None": "None"},
    ),
    changed(
        "date_datetime",
        "date:sort",
        "datetime:sort",
        {"dt.date(2024, 2, 29)": "dt.datetime(2024, 2, 29, tzinfo=dt.UTC)"},
    ),
    changed(
        "datetime_date",
        "datetime:default=2024-01-02T03:04:05Z",
        "date:default=2024-01-02",
        {"dt.datetime(2024, 2, 29, 23, 59, 59, 7, tzinfo=dt.UTC)": "dt.date(2024, 2, 29)"},
        back=values("value", "dt.datetime(2024, 2, 29, tzinfo=dt.UTC)"),
    ),
    changed(
        "datetime_time",
        "datetime:optional",
        "time:optional",
        {
            "dt.datetime(2024, 2, 29, 23, 59, 59, 7, tzinfo=dt.UTC)": "dt.time(23, 59, 59, 7)",
            "None": "None",
        },
        back=values("value", "None", "None"),
        again=values("value", "None", "None"),
    ),
    changed("date_str", "date", "str:20", {"dt.date(2024, 2, 29)": "'2024-02-29'"}),
    changed(
        "str_date",
        "str:20:optional:index",
        "date:optional:index",
        {"'2024-02-29'": "dt.date(2024, 2, 29)", "None": "None"},
    ),
    changed(
        "datetime_str",
        "datetime",
        "str:40",
        {"dt.datetime(2024, 2, 29, 1, 2, 3, 456789, dt.UTC)": "'2024-02-29T01:02:03.456789Z'"},
    ),
    changed(
        "str_datetime",
        "str:40",
        "datetime",
        {
            "'2024-02-29T01:02:03.456789Z'": "dt.datetime(2024, 2, 29, 1, 2, 3, 456789, dt.UTC)",
            "'2024-02-29 01:02:03+02:00'": "dt.datetime(2024, 2, 28, 23, 2, 3, tzinfo=dt.UTC)",
            "'2024-02-29 01:02'": "dt.datetime(2024, 2, 29, 1, 2, tzinfo=dt.UTC)",
        },
        back=values(
            "value",
            "'2024-02-29T01:02:03.456789Z'",
            "'2024-02-28T23:02:03.000000Z'",
            "'2024-02-29T01:02:00.000000Z'",
        ),
    ),
    changed("time_str", "time", "str:20", {"dt.time(1, 2, 3)": "'01:02:03.000000'"}),
    changed(
        "str_time",
        "str:20",
        "time",
        {"'01:02'": "dt.time(1, 2)", "'01:02:03.5'": "dt.time(1, 2, 3, 500000)"},
        back=values("value", "'01:02:00.000000'", "'01:02:03.500000'"),
    ),
    changed(
        "uuid_str",
        "uuid:unique",
        "str:40:unique",
        {"UUID(int=5)": "'00000000-0000-0000-0000-000000000005'"},
    ),
    changed(
        "str_uuid",
        "str:40:unique",
        "uuid:unique",
        {"'00000000-0000-4000-8000-00000000000A'": "UUID('00000000-0000-4000-8000-00000000000a')"},
        back=values("value", "'00000000-0000-4000-8000-00000000000a'"),
    ),
    changed(
        "enum_str",
        "enum:a,b:default=a:filter",
        "str:40:default=a:filter",
        {"Kind('a')": "'a'", "Kind('b')": "'b'"},
    ),
    changed("str_enum", "str:40:unique", "enum:a,b", {"'a'": "Kind('a')", "'b'": "Kind('b')"}),
    changed("enum_int", "enum:1,2", "int", {"Kind('1')": "1"}),
    changed("json_text", "json", "text", {"{'a': [1, True]}": "'{\"a\": [1, true]}'"}),
    changed(
        "text_json",
        "text:optional",
        "json:optional",
        {"'{\"a\":  1}'": "{'a': 1}", "None": "None"},
        back=values("value", "'{\"a\":  1}'", "None"),
        databases=("sqlite",),
    ),
    changed(
        "text_jsonb",
        "text:optional",
        "json:optional",
        {"'{\"a\":  1}'": "{'a': 1}", "None": "None"},
        back=values("value", "'{\"a\": 1}'", "None"),
        databases=("postgresql",),
    ),
    changed("list_json", "list:str", "json:default=[]", {"['a', 'b']": "['a', 'b']", "[]": "[]"}),
    changed("list_wider", "list:int", "list:bigint", {"[1, 2]": "[1, 2]"}),
    changed(
        "list_text",
        "list:uuid:default=00000000-0000-0000-0000-000000000005",
        "list:str",
        {"[UUID(int=5)]": "['00000000-0000-0000-0000-000000000005']"},
    ),
    changed("int_key", "int:optional", "int:optional:filter:sort", {"5": "5", "None": "None"}),
]

KINDS = [
    Case(
        "enum_wider",
        "kind:enum:a,b:default=a",
        "kind:enum:a,b,c:default=c",
        values("kind", "Kind('a')"),
        values("kind", "Kind('a')"),
    ),
    Case(
        "enum_narrower",
        "kind:enum:a,b,c:filter:optional",
        "kind:enum:a,b:filter:optional",
        values("kind", "Kind('a')", "None"),
        values("kind", "Kind('a')", "None"),
    ),
    Case(
        "enum_shrunk",
        "kind:enum:a,b,c",
        "kind:enum:a,b",
        values("kind", "Kind('a')", "Kind('c')"),
        values("kind", "Kind('a')", "Kind('b')"),
        back=values("kind", "Kind('a')", "Kind('b')"),
        fill={"kind": "b"},
    ),
    Case(
        "enum_renamed",
        "kind:enum:a,b:sort",
        "kind:enum:a,best:sort",
        values("kind", "Kind('a')", "Kind('b')"),
        values("kind", "Kind('a')", "Kind('best')"),
        renamed={"kind.b": "best"},
    ),
    Case(
        "enum_required",
        "kind:enum:a,b:optional",
        "kind:enum:a,b,c",
        values("kind", "Kind('a')", "None"),
        values("kind", "Kind('a')", "Kind('b')"),
        back=values("kind", "Kind('a')", "Kind('b')"),
        fill={"kind": "b"},
    ),
    Case(
        "enum_moved",
        "kind:enum:a,b:default=a",
        "sort_of:enum:a,b:default=a",
        values("kind", "Kind('b')"),
        values("sort_of", "Kind('b')"),
        renamed={"kind": "sort_of"},
    ),
]

REST = [
    Case(
        "required",
        "value:int:optional note:str:20:optional",
        "value:int note:str:20:default=none",
        [{"value": "1", "note": "'x'"}, {"value": "None", "note": "None"}],
        [{"value": "1", "note": "'x'"}, {"value": "9", "note": "'none'"}],
        fill={"value": "9"},
        back=[{"value": "1", "note": "'x'"}, {"value": "9", "note": "'none'"}],
    ),
    Case(
        "optional_now",
        "value:int:default=4 note:str:20",
        "value:int:optional note:str:20:optional",
        [{"value": "1", "note": "'x'"}],
        [{"value": "1", "note": "'x'"}],
    ),
    Case(
        "defaults",
        (
            'a:int:default=1 b:str:20 c:json:default={"a":1} d:bool:default=false '
            "e:datetime:default=2024-01-02T03:04:05Z f:str:20:default=it's"
        ),
        (
            'a:int b:str:20:default=x:y c:json:default={"b":2} d:bool:default=true e:datetime '
            'f:str:20:default="q":z'
        ),
        [
            {
                "a": "1",
                "b": "'x'",
                "c": "{'q': 1}",
                "d": "True",
                "e": "dt.datetime(2024, 1, 2, tzinfo=dt.UTC)",
                "f": "'f'",
            }
        ],
        [
            {
                "a": "1",
                "b": "'x'",
                "c": "{'q': 1}",
                "d": "True",
                "e": "dt.datetime(2024, 1, 2, tzinfo=dt.UTC)",
                "f": "'f'",
            }
        ],
    ),
    Case(
        "flags",
        "a:str:20:unique b:int:index c:int:filter d:str:30:search e:bigint:sort",
        "a:str:20:index b:int:unique c:int:sort d:str:30:filter e:bigint:filter:unique",
        [{"a": "'x'", "b": "1", "c": "2", "d": "'d'", "e": "3"}],
        [{"a": "'x'", "b": "1", "c": "2", "d": "'d'", "e": "3"}],
    ),
    Case(
        "searched",
        "a:str:20:search b:text",
        "a:str:20 b:text:search",
        [{"a": "'x'", "b": "'y'"}],
        [{"a": "'x'", "b": "'y'"}],
    ),
    Case(
        "added",
        "a:int",
        (
            "a:int b:str:20:optional:unique c:int:default=3:filter d:str:20:search e:enum:x,y "
            "f:ref:maker g:list:str h:decimal:10,2 i:datetime:index"
        ),
        values("a", "1", "2"),
        [
            {
                "b": "None",
                "c": "3",
                "d": '"it\'s :new"',
                "e": "Kind('y')",
                "f_id": "1",
                "g": "[]",
                "h": "Decimal('1.50')",
                "i": "dt.datetime(2024, 1, 2, 3, 4, 5, tzinfo=dt.UTC)",
            }
        ]
        * 2,
        fill={"d": "it's :new", "e": "y", "f": "1", "h": "1.5", "i": "2024-01-02T03:04:05Z"},
    ),
    Case(
        "dropped",
        (
            "a:int b:str:20:optional:unique c:int:default=3:filter d:str:20:search "
            "e:enum:x,y:filter f:ref:maker g:list:str h:decimal:10,2 i:datetime:index j:uuid "
            "k:json l:time m:bool n:date o:float"
        ),
        "a:int",
        [
            {
                "a": "1",
                "b": "'b'",
                "c": "5",
                "d": "'d'",
                "e": "Kind('y')",
                "f_id": "2",
                "g": "['g']",
                "h": "Decimal('1.50')",
                "i": "dt.datetime(2024, 1, 2, tzinfo=dt.UTC)",
                "j": "UUID(int=7)",
                "k": "5",
                "l": "dt.time(1)",
                "m": "True",
                "n": "dt.date(2024, 1, 2)",
                "o": "1.5",
            }
        ],
        values("a", "1"),
        back=[
            {
                "a": "1",
                "b": "None",
                "c": "3",
                "d": "''",
                "e": "Kind('x')",
                "f_id": "1",
                "g": "[]",
                "h": "Decimal('0.00')",
                "i": "dt.datetime(1970, 1, 1, tzinfo=dt.UTC)",
                "j": "UUID(int=0)",
                "k": "{}",
                "l": "dt.time(0)",
                "m": "False",
                "n": "dt.date(1970, 1, 1)",
                "o": "0.0",
            }
        ],
    ),
    Case(
        "renamed",
        (
            "a:str:20:unique:search b:int:filter:sort c:enum:x,y:index d:ref:maker:optional:filter "
            "e:decimal:10,2:default=1"
        ),
        (
            "one:str:20:unique:search two:int:filter:sort three:enum:x,y:index "
            "four:ref:maker:optional:filter five:decimal:10,2:default=1"
        ),
        [{"a": "'x'", "b": "1", "c": "Kind('y')", "d_id": "2", "e": "Decimal('2.50')"}],
        [
            {
                "one": "'x'",
                "two": "1",
                "three": "Kind('y')",
                "four_id": "2",
                "five": "Decimal('2.50')",
            }
        ],
        renamed={"a": "one", "b": "two", "c": "three", "d": "four", "e": "five"},
    ),
    Case(
        "moved_on",
        "a:int:unique b:int:unique c:str:20:filter",
        "b:int:unique c:int:filter",
        [{"a": "1", "b": "2", "c": "'3'"}],
        [{"b": "1", "c": "3"}],
        renamed={"a": "b"},
        back=[{"a": "1", "b": "0", "c": "'3'"}],
    ),
    Case(
        "retyped_too",
        "price:int:unique note:str:20",
        "cost:decimal:10,2:unique note:str:20",
        [{"price": "3", "note": "'n'"}],
        [{"cost": "Decimal('3.00')", "note": "'n'"}],
        renamed={"price": "cost"},
    ),
    Case(
        "old_name",
        (
            "a:str:20:unique b:enum:x,y:default=x c:ref:maker:filter d:str:9:search "
            "parent:ref:old_name:optional"
        ),
        (
            "a:str:20:unique b:enum:x,y:default=x c:ref:maker:filter d:str:9:search "
            "parent:ref:new_name:optional"
        ),
        [
            {"a": "'a'", "b": "Kind('y')", "c_id": "1", "d": "'d'", "parent_id": "None"},
            {"a": "'b'", "b": "Kind('x')", "c_id": "2", "d": "'d'", "parent_id": "1"},
        ],
        [
            {"a": "'a'", "b": "Kind('y')", "c_id": "1", "d": "'d'", "parent_id": "None"},
            {"a": "'b'", "b": "Kind('x')", "c_id": "2", "d": "'d'", "parent_id": "1"},
        ],
        renames="new_name",
    ),
    Case(
        "child",
        "up:ref:old_name:filter more:ref:old_name:optional:ondelete=cascade",
        "up:ref:new_name:filter more:ref:new_name:optional:ondelete=cascade",
        [{"up_id": "1", "more_id": "None"}],
        [{"up_id": "1", "more_id": "None"}],
        targets={"old_name": "new_name"},
    ),
    Case(
        "key_of_int",
        "maker_id:bigint:index",
        "maker:ref:maker",
        values("maker_id", "1", "2"),
        values("maker_id", "1", "2"),
    ),
    Case(
        "other_target",
        "at:ref:maker:optional",
        "at:ref:trader",
        values("at_id", "1", "None"),
        values("at_id", "3", "3"),
        fill={"at": "3"},
        back=values("at_id", "None", "None"),
        again=values("at_id", "3", "3"),
    ),
    Case(
        "ondelete",
        "at:ref:maker:ondelete=cascade",
        "at:ref:maker:ondelete=restrict:unique",
        values("at_id", "1", "2"),
        values("at_id", "1", "2"),
    ),
    Case(
        "to_owner",
        "a:str:20:unique:filter b:ref:maker c:int:sort",
        "a:str:20:unique:filter b:ref:maker c:int:sort",
        [{"a": "'x'", "b_id": "1", "c": "1"}],
        [{"a": "'x'", "b_id": "1", "c": "1", "owner_id": "2"}],
        fill={"owner": "bob@example.org"},
        access=("shared", "owner"),
    ),
    Case(
        "from_owner",
        "a:str:20:unique:filter b:ref:maker c:int:sort",
        "a:str:20:unique:filter b:ref:maker c:int:sort",
        [{"a": "'x'", "b_id": "1", "c": "1", "owner_id": "2"}],
        [{"a": "'x'", "b_id": "1", "c": "1"}],
        back=[{"a": "'x'", "b_id": "1", "c": "1", "owner_id": "1"}],
        access=("owner", "public"),
    ),
]

CASES = [*RETYPED, *KINDS, *REST]


def stopped(name: str, old: str, new: str, row: str, **more: object) -> Case:
    """Return a case with a row that does not fit."""
    given = {"name": name, "old": f"value:{old}", "new": f"value:{new}", **more}
    return Case(rows=values("value", row), after=(), **given)  # type: ignore[arg-type]


STOPPED = [
    stopped("too_long", "str:20", "str:5", "'longer than five'"),
    stopped("too_long_text", "text:optional", "email:optional", "'a' * 300"),
    stopped("too_large", "bigint", "int", "2**31"),
    stopped("no_number", "str:20", "int", "'5a'"),
    stopped("no_float", "str:20", "float", "'five'"),
    stopped("no_decimal", "str:20", "decimal:10,2", "'five'"),
    stopped("no_bool", "str:20", "bool", "'maybe'"),
    stopped("no_date", "str:20", "date", "'2024-02-31'"),
    stopped("no_time", "str:20", "time", "'25:00'"),
    stopped("no_datetime", "str:20", "datetime", "'today at noon'"),
    stopped("no_uuid", "str:40", "uuid", "'5'"),
    stopped("no_json", "text", "json", "'{'"),
    stopped("few_digits", "int", "decimal:4,2", "100"),
    stopped("fewer_digits", "decimal:10,2", "decimal:4,1", "Decimal('999.95')"),
    stopped("huge", "float", "bigint", "1e300"),
    stopped("other_value", "enum:a,b", "enum:a,c", "'b'"),
    stopped("no_value", "str:20:optional", "enum:a,b:optional", "'c'"),
    Case("no_key", "maker_id:bigint", "maker:ref:maker", values("maker_id", "99"), ()),
    Case("no_filled", "a:int", "a:int at:ref:maker", values("a", "1"), (), fill={"at": "99"}),
    Case(
        "no_owner",
        "a:int",
        "a:int",
        values("a", "1"),
        (),
        fill={"owner": "eve@example.org"},
        access=("shared", "owner"),
    ),
    Case("same", "a:int", "a:int:unique", values("a", "1", "1"), ()),
]
