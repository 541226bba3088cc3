"""How SQLite makes values of one type from values of another, in SQLite itself."""

import itertools
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import pytest

from fastgen.databases import BY_NAME, POSTGRESQL, SQLITE
from fastgen.fields.model import Field
from fastgen.fields.parse import parse
from fastgen.fields.types import TYPES, type_of
from fastgen.migrating import conversions

# What is stored, and what it becomes; None if it is refused.
VALUES: Mapping[tuple[str, str], Mapping[Any, Any]] = {
    ("str:20", "int"): {
        "7": 7, "-7": -7, "07": None, "7.0": None, "": None, "x": None, "2147483648": None,
    },
    ("str:20", "bigint"): {"2147483648": 2147483648, "9223372036854775808": None},
    ("str:20", "float"): {"1.5": 1.5, "-2e3": -2000.0, "1.": None, "[1]": None, "nan": None},
    ("str:20", "decimal:5,2"): {
        "1.5": 150, "-0.05": -5, "7": 700, "1.555": None, "1e2": None, "1000": None,
    },
    ("str:20", "bool"): {"TRUE": 1, "no": 0, "1": 1, "2": None, "": None},
    ("str:20", "date"): {"2024-02-29": "2024-02-29", "2023-02-29": None, "24-02-03": None},
    ("str:40", "datetime"): {
        "2024-02-29T01:02:03.456789Z": "2024-02-29 01:02:03.456789",
        "2024-02-29 01:02:03+02:00": "2024-02-28 23:02:03.000000",
        "2024-02-29": "2024-02-29 00:00:00.000000",
        "2023-02-29T01:02:03Z": None,
        "01:02": None,
    },
    ("str:20", "time"): {
        "01:02": "01:02:00.000000", "01:02:03.5": "01:02:03.500000", "24:00": None, "1:2": None,
    },
    ("str:40", "uuid"): {
        "00000000-0000-4000-8000-00000000000A": "0000000000004000800000000000000a", "5": None,
    },
    ("text", "json"): {'{"a": 1}': '{"a": 1}', "{": None},
    ("float", "int"): {1.5: 2, -1.5: -2, 2.4: 2, 1e10: None},
    ("decimal:10,2", "int"): {150: 2, -150: -2, 149: 1},
    ("decimal:10,2", "decimal:10,4"): {150: 15000, 99999999: 9999999900, 100000000: None},
    ("decimal:10,4", "decimal:10,2"): {12350: 124, -12350: -124, 12349: 123},
    ("decimal:10,2", "str:20"): {150: "1.50", -5: "-0.05", 0: "0.00"},
    ("decimal:10,2", "float"): {150: 1.5},
    ("int", "decimal:5,2"): {999: 99900, 1000: None},
    ("bigint", "int"): {2147483647: 2147483647, 2147483648: None, -2147483649: None},
    ("bool", "str:20"): {1: "true", 0: "false"},
    ("enum:a,b", "enum:a,c"): {"a": "a", "b": None},
    ("str:20", "str:3"): {"abc": "abc", "abcd": None},
    ("datetime", "time"): {"2024-02-29 01:02:03.000004": "01:02:03.000004"},
    ("uuid", "str:40"): {
        "0000000000004000800000000000000a": "00000000-0000-4000-8000-00000000000a",
    },
}  # fmt: skip


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        yield connection


def field(text: str) -> Field:
    [found] = parse([f"value:{text}"], database=SQLITE)
    return found


@pytest.mark.parametrize("pair", VALUES, ids=" to ".join)
def test_values_become_others_or_are_refused(
    pair: tuple[str, str], database: sqlite3.Connection
) -> None:
    old, new = map(field, pair)
    found = conversions.find(old, new, SQLITE, down=False)
    assert found
    expression, breaks = found.expression or "{c}", found.breaks or "false"
    for stored, wanted in VALUES[pair].items():
        query = f"SELECT {breaks}, {expression}".replace("{c}", "value")
        row = database.execute(f"{query} FROM (SELECT ? AS value)", [stored]).fetchone()
        assert (None if row[0] else row[1]) == wanted, stored


def test_all_databases_know_the_same_pairs() -> None:
    assert conversions.DIALECTS.keys() == BY_NAME.keys()
    pairs = {frozenset(one.expressions) for one in conversions.DIALECTS.values()}
    assert len(pairs) == 1


def test_every_pair_of_types_has_an_expression_or_is_refused(
    database: sqlite3.Connection,
) -> None:
    fields = [field(type_.example) for type_ in TYPES.values() if not type_.refers]
    for old, new in itertools.product(fields, fields):
        for on, down in itertools.product((SQLITE, POSTGRESQL), (True, False)):
            found = conversions.find(old, new, on, down=down)
            if old.type == new.type:
                assert found == conversions.Conversion()
            alike = {type_.storage for type_ in map(type_of, (old, new))}
            known = (type_of(old).storage, type_of(new).storage) in conversions.DIALECTS[
                on.name
            ].expressions
            lists = alike == {"list", "json"}
            wanted = len(alike) == 1 or known or (lists and bool(old.item or down))
            assert bool(found) == wanted
            if found and on is SQLITE:
                used = f"{found.expression or '{c}'}, {found.breaks or 'true'}"
                query = used.replace("{c}", "value")
                database.execute(f"SELECT {query} FROM (SELECT 1 AS value)")  # noqa: S608


@pytest.mark.parametrize(
    ("old", "new"),
    [("date", "time"), ("uuid", "int"), ("json", "list:str"), ("list:str", "list:int")],
)
def test_a_pair_that_nobody_knows_is_refused(old: str, new: str) -> None:
    assert conversions.find(field(old), field(new), SQLITE, down=False) is None
