"""Random resources that refer to each other: as many as are wanted, the same for a seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings

from fastgen.databases import Database
from fastgen.fields.parse import parse
from fastgen.names.resource import resolve
from fastgen.slices.resource import Resource
from fastgen.slices.rights import ACCESSES, Access
from fastgen.slices.set_rules import ColumnSet, Kind, mistakes
from field_strategies import valid_lines

# Words of SQL and HTTP, and what the templates call things, are resources of somebody.
NAMES = (
    "order", "group", "data_set", "response_code", "request_log", "page_view", "client", "body",
    "caller", "owner", "document", "value", "sort_key", "account", "app_store", "answer", "row",
    "header", "field_trip", "number", "visible_thing", "category", "wolf", "person", "api_key",
    "hour", "university", "license", "status", "address", "bus", "box", "city", "index",
    "constraint", "trigger", "left_over", "check", "default_rule", "unit", "tag", "invoice",
    "invoice_line_of_a_very_long_named_thing", "x", "ab2", "url", "xml_http_request", "event",
    "engine", "model", "schema_version", "test_case", "limit", "offset", "total", "filter_rule",
    "where_clause", "quota", "parameter", "method", "path", "name", "change", "before",
    "after", "first", "second", "parent", "secret", "whole", "user_profile", "token", "params",
)  # fmt: skip
EARLIER = ("user", "itself", "earlier0", "earlier1", "earlier2", "earlier3")


@dataclass(frozen=True)
class Typed:
    """What a person types to add a resource."""

    name: str
    access: str
    fields: tuple[str, ...]
    # Unique constraints and indexes over several columns.
    unique: tuple[str, ...] = ()
    index: tuple[str, ...] = ()

    @property
    def arguments(self) -> list[str]:
        """The words of the command."""
        sets = [word for one in self.unique for word in ("--unique", one)]
        sets += [word for one in self.index for word in ("--index", one)]
        return ["add", "resource", self.name, *self.fields, "--access", self.access, *sets]


def random_resources(number: int, count: int, database: Database) -> Iterator[Typed]:
    """Yield `count` resources of the seed `number`, each after those that it refers to."""
    random = Random(number)  # noqa: S311 - nobody has to guess it
    names = random.sample(NAMES, k=min(count, len(NAMES)))
    for place, name in enumerate(names):
        texts = _drawn(random.getrandbits(32), database)
        fields = tuple(_resolved(text, names[:place][::-1], name) for text in texts)
        access = random.choice(ACCESSES)
        yield Typed(name, access, fields, *_sets(random, name, access, fields, database))


def _sets(
    random: Random, name: str, access: Access, texts: tuple[str, ...], database: Database
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return random unique constraints and indexes over columns of the fields `texts`."""
    resource = Resource(resolve(name), access, parse(texts, database=database))
    names = [field.name for field in resource.fields]
    found: list[ColumnSet] = []
    kinds: tuple[Kind, ...] = ("unique", "unique", "index", "index")
    for kind in kinds:
        among = names if kind == "unique" else [*names, "created_at"]
        chosen = tuple(random.sample(among, k=min(len(among), random.choice((2, 2, 3)))))
        more = [*found, ColumnSet(kind, chosen)]
        if not any(mistakes(resource, more, ())):
            found = more
    unique, index = (
        tuple(",".join(one.names) for one in found if one.kind == kind)
        for kind in ("unique", "index")
    )
    return unique, index


def _drawn(number: int, database: Database) -> list[str]:
    """Return one random line."""
    lines: list[list[str]] = []

    # The first examples of a run are the simplest.
    @seed(number)
    @settings(
        max_examples=4,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(valid_lines(database, EARLIER))
    def draw(found: list[str]) -> None:
        lines.append(found)

    draw()
    return lines[-1]


def _resolved(text: str, before: list[str], own: str) -> str:
    name, type_, *rest = text.split(":")
    if type_ != "ref":
        return text
    target, *modifiers = rest
    if target == "itself":
        # The first row could not be made.
        target = own if "optional" in modifiers else "user"
    elif target.startswith("earlier"):
        place = int(target.removeprefix("earlier"))
        target = before[place] if place < len(before) else "user"
    return ":".join([name, type_, target, *modifiers])
