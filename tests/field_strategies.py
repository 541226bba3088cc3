"""Random fields as people could type them: good ones, and ones that must be refused."""

import string
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from fastgen.databases import Database
from fastgen.fields import identifiers
from fastgen.fields.clashes import PARAMETERS
from fastgen.fields.grammar import FLAGS, MODIFIERS
from fastgen.fields.model import Field
from fastgen.fields.types import TYPES

TARGETS = ("user",)
# Patterns, each with a character that a text of any length may consist of.
PATTERNS = (("^[A-Z]+$", "Q"), ("^[a-z:]*$", "q"), (r"^[^\s=]*$", "é"), (r"^(?:\d\d?)+$", "7"))
URLS = ("https://example.com/", "http://example.com:8080/a:b?c=d#e", "https://example.com")
EMAILS = ("info@example.com", "A.b+c@Mail.Example.org")
COLORS = ("#1f6feb", "#C0FFEE")
UUIDS = ("00000000-0000-4000-8000-000000000000", "A0EEBC999C0B4EF8BB6D6BB9BD380A11")
JSON = ('{"a": [1, 2.50, true, null]}', "[]", '""', "0", "false", '"x:default=y"')
ITEM_TEXTS = {
    "str": ("red", "a:b", "dark blue"),
    "int": ("1", "-2", "+3"),
    "bigint": ("1", "9007199254740993"),
    "float": ("0.5", "-0.0", "1e18"),
    "bool": ("true", "FALSE"),
    "date": ("2026-01-31", "20240229"),
    "datetime": ("2026-01-31T09:30:00Z", "20260131T093000+0200"),
    "time": ("09:30", "235959.5"),
    "uuid": UUIDS,
    "email": EMAILS,
    "url": URLS[:2],
    "color": COLORS,
}
# What must be refused whatever its name is, on every database.
BROKEN = (
    "", "string", "m2m:tag", "str:0", "str:10001", "str:x", "str:100:max=99", "str:5:min=6",
    "str:501:unique", "str:501:index", "str:501:sort", "text:sort", "url:sort",
    "str:optional:optional", "str:gt=1", "str:optional=yes",
    "str:unique=a,b", "str:unique:default=a", "str:unique:index", "str:pattern=[", "str:min=",
    "str:pattern=(?=a)", "str:3:default=four", "str:pattern=^a$:default=b", "str:default= a",
    "str:readonly", "str:optional:readonly:writeonly", "str:writeonly:filter", "str::optional",
    "text:unique", "text:filter", "int:5", "int:min=a", "int:ge=1:gt=1", "int:gt=1:lt=2",
    "int:ge=2147483648", "int:ge=1:le=3:unique", "int:min=1:ge=1", "int:le=3:default=4",
    "bigint:le=9223372036854775808", "float:ge=nan", "float:le=1e999", "decimal", "decimal:39,0",
    "decimal:2,3", "decimal:4,2:le=100", "decimal:4,2:ge=0.001", "bool:max=3", "bool:unique",
    "date:lt=2099-01-01:default=now", "date:ge=9999-01-01:default=now", "time:default=now",
    "list:date:default=now", "datetime:unique:default=now", "datetime:ge=now",
    "bool:default=yes", "date:ge=2026-02-30", "datetime:ge=20260101T000000", "time:ge=0930Z",
    "time:ge=10:00:le=09:00", "uuid:default=1", "uuid:min=1", "email:min=3", "email:default=me",
    "url:default=ftp://example.com", "color:default=#fff", "color:sort", "color:search",
    "json:default=null", "json:default={",
    'json:default={"a":[-1e300]}', "json:default=[9223372036854775808]", "json:default=1e-300",
    "json:sort", "enum", "enum:a", "enum:a,a", "enum:a-b,a_b", "enum:a,", "enum:a,b:default=c",
    "list:decimal", "list:ref", "list:str:max=0", "list:int:default=1,x",
    "list:float:default=1,1e300", "list:float:default=1e-300", "list:int:unique:default=1,+1",
    "list:str:min=1:default=", "ref", "ref:user:default=1", "ref:user:index", "ref:class",
    "ref:user:ondelete=setnull", "ref:user:ondelete=drop", "int:ge=1\n",
)  # fmt: skip


def names() -> st.SearchStrategy[str]:
    """Names that a field may have, none of which can clash with another."""
    return st.from_regex(r"[a-z]{2,8}(_[a-z0-9]{1,5})?", fullmatch=True).filter(
        lambda name: (
            not identifiers.problem(Field(name, "str"), PARAMETERS)
            and not name.endswith(("_id", "_min", "_max", "_null"))
        )
    )


@st.composite
def valid_field(
    draw: st.DrawFn, name: str, database: Database, targets: Sequence[str] = TARGETS
) -> str:
    """One field text that is right."""
    type_ = draw(st.sampled_from(list(TYPES)))
    parts, width, limits, tail = draw(_SHAPES[type_](type_, database, targets))
    flags = {flag for flag in FLAGS if flag in TYPES[type_].modifiers and draw(st.booleans())}
    has_default = any(part.startswith("default=") for part in tail)
    if type_ != "list" and (has_default or width is not None):
        flags.discard("unique")
    if "unique" in flags or width is not None:
        flags.discard("index")
    if width is not None:
        flags.discard("sort")
    if "optional" not in flags and not has_default:
        flags.discard("readonly")
    if "readonly" in flags:
        flags.discard("writeonly")
    if "writeonly" in flags:
        flags -= {"filter", "sort", "search"}
    if "ondelete=setnull" in limits:
        flags.add("optional")
    middle = draw(st.permutations([*sorted(flags), *limits]))
    return ":".join([name, *parts, *middle, *tail])


@st.composite
def valid_lines(
    draw: st.DrawFn,
    database: Database,
    targets: Sequence[str] = TARGETS,
    max_size: int = 8,
) -> list[str]:
    """The field texts of one resource, all right together."""
    chosen = draw(st.lists(names(), min_size=1, max_size=max_size, unique=True))
    return [draw(valid_field(name, database, targets)) for name in chosen]


@st.composite
def invalid_lines(draw: st.DrawFn, database: Database) -> list[str]:
    """The field texts of one resource, one or more of which must be refused."""
    chosen = draw(st.lists(names(), min_size=2, max_size=6, unique=True))
    broken = draw(st.integers(1, len(chosen)))
    lines = [f"{name}:{draw(st.sampled_from(BROKEN))}" for name in chosen[:broken]]
    lines += [draw(valid_field(name, database)) for name in chosen[broken:]]
    return draw(st.permutations(lines))


def any_text() -> st.SearchStrategy[str]:
    """Anything that can stand in a command line, near the grammar and far from it."""
    pieces = st.sampled_from((*TYPES, *MODIFIERS, "id", "a", "1", "1,2", "=", "=1", "=a", ",", "_"))
    near = st.lists(pieces | st.just(":"), max_size=12).map("".join)
    return st.text(max_size=60) | near | st.lists(pieces, max_size=6).map(":".join)


# What is before the modifiers; a width that is too few or too many to be unique; limits; what
# is last.
Shape = tuple[list[str], int | None, list[str], list[str]]


@st.composite
def _texts(draw: st.DrawFn, type_: str, _database: Database, _targets: Sequence[str]) -> Shape:
    least = draw(st.integers(0, 20))
    most = draw(st.integers(max(1, least), 60) | st.sampled_from((255, 500, 501, 10_000)))
    limits = [f"min={least}"] if draw(st.booleans()) else []
    parts: list[str] = [type_]
    style = draw(st.sampled_from(("argument", "max", "none")))
    if style == "argument" and type_ == "str":
        parts.append(str(most))
    elif style != "none":
        limits.append(f"max={most}")
    else:
        most = 255
    tail, size = [], draw(st.integers(least, min(most, 80)))
    pattern, letter = draw(st.sampled_from(PATTERNS))
    if draw(st.booleans()):
        tail.append(f"pattern={pattern}")
        size = max(size, 1)
    if draw(st.booleans()):
        free = st.text(
            st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=size,
            max_size=min(most, size + 5),
        )  # fmt: skip
        tail.append(f"default={letter * size if tail else draw(free)}")
    return parts, (most if most > 500 and type_ == "str" else None), limits, tail


def _step(type_: str, scale: int) -> tuple[int, int, Callable[[int], str], Callable[[int], str]]:
    """Return the least and the most step, and how a step is typed as a limit and a default."""
    day, epoch, noon = date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1)  # noqa: DTZ001

    def iso(step: int) -> str:
        return (epoch + timedelta(seconds=step)).isoformat()

    def clock(step: int) -> str:
        return (noon + timedelta(seconds=step)).time().isoformat()

    def dated(step: int) -> str:
        return (day + timedelta(days=step)).isoformat()

    def scaled(step: int) -> str:
        return f"{Decimal((int(step < 0), tuple(map(int, str(abs(step)))), -scale)):f}"

    shapes: dict[str, tuple[int, int, Callable[[int], str], Callable[[int], str]]] = {
        "int": (-(2**31), 2**31 - 1, str, str),
        "bigint": (-(2**63), 2**63 - 1, str, str),
        "float": (-(10**6), 10**6, lambda step: repr(step / 4), lambda step: f"{step / 4:e}"),
        "decimal": (0, 0, scaled, scaled),
        "date": (-700_000, 2_900_000, dated, lambda step: dated(step).replace("-", "")),
        "datetime": (
            -(10**9),
            10**9,
            lambda step: iso(step).replace(":", "").replace("-", ""),
            iso,
        ),
        "time": (0, 86_399, lambda step: clock(step).replace(":", ""), clock),
    }
    return shapes[type_]


@st.composite
def _ordered(draw: st.DrawFn, type_: str, database: Database, _targets: Sequence[str]) -> Shape:
    precision = draw(st.integers(1, database.most_digits))
    scale = draw(st.integers(0, precision))
    least, most, limit, default = _step(type_, scale)
    parts: list[str] = [type_]
    if type_ == "decimal":
        parts.append(f"{precision},{scale}")
        least, most = -(10**precision) + 1, 10**precision - 1
    low = draw(st.integers(least, most - 2))
    high = draw(st.integers(low + 2, most))
    below, above = (
        draw(st.sampled_from((None, *words)))
        for words in (("gt", "ge", "min"), ("lt", "le", "max"))
    )
    limits = [f"{below}={limit(low)}"] if below else []
    limits += [f"{above}={limit(high)}"] if above else []
    inner = draw(st.integers(low + 1, high - 1))
    tail = [f"default={default(inner)}"] if draw(st.booleans()) else []
    if type_ in {"date", "datetime"} and not limits and draw(st.booleans()):
        tail = ["default=now"]
    # One that has few values cannot be unique.
    return parts, (None if high - low > 11 else 1), limits, tail


@st.composite
def _listed(draw: st.DrawFn, _type: str, _database: Database, _targets: Sequence[str]) -> Shape:
    item = draw(st.sampled_from(sorted(ITEM_TEXTS)))
    parts = ["list", item] if item != "str" or draw(st.booleans()) else ["list"]
    values = draw(st.lists(st.sampled_from(ITEM_TEXTS[item]), unique=True, max_size=3))
    limits = [f"min={draw(st.integers(0, len(values)))}"] if draw(st.booleans()) else []
    most = draw(st.integers(max(1, len(values)), 10_000))
    limits += [f"max={most}"] if draw(st.booleans()) else []
    return parts, None, limits, [f"default={','.join(values)}"] if draw(st.booleans()) else []


@st.composite
def _chosen(draw: st.DrawFn, _type: str, _database: Database, _targets: Sequence[str]) -> Shape:
    value = st.from_regex(r"[a-z][A-Za-z0-9]{0,8}([.-][a-z]{1,4})?|[0-9]{1,4}", fullmatch=True)
    values = draw(st.lists(value, min_size=2, max_size=6, unique_by=_constant_like))
    tail = [f"default={draw(st.sampled_from(values))}"] if draw(st.booleans()) else []
    return ["enum", ",".join(values)], None, [], tail


def _constant_like(value: str) -> str:
    return "".join(c if c in string.ascii_letters + string.digits else "_" for c in value).upper()


@st.composite
def _referring(draw: st.DrawFn, _type: str, _database: Database, targets: Sequence[str]) -> Shape:
    rule = draw(st.sampled_from((None, "cascade", "restrict", "setnull")))
    limits = [f"ondelete={rule}"] if rule else []
    return ["ref", draw(st.sampled_from(targets))], None, limits, []


@st.composite
def _plain(draw: st.DrawFn, type_: str, _database: Database, _targets: Sequence[str]) -> Shape:
    defaults = {
        "url": URLS,
        "email": EMAILS,
        "uuid": UUIDS,
        "color": COLORS,
        "json": JSON,
        "bool": ("true", "False"),
    }
    tail = [f"default={draw(st.sampled_from(defaults[type_]))}"] if draw(st.booleans()) else []
    limits = [f"max={draw(st.integers(100, 1_000_000))}"] if type_ == "json" else []
    return [type_], None, limits if draw(st.booleans()) else [], tail


_SHAPES: dict[str, Callable[[str, Database, Sequence[str]], st.SearchStrategy[Shape]]] = {
    "str": _texts, "text": _texts, "int": _ordered, "bigint": _ordered, "float": _ordered,
    "decimal": _ordered, "date": _ordered, "datetime": _ordered, "time": _ordered,
    "bool": _plain, "uuid": _plain, "email": _plain, "url": _plain, "color": _plain,
    "json": _plain, "enum": _chosen, "list": _listed, "ref": _referring,
}  # fmt: skip
