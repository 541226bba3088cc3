"""What is made of a resource's name or a field's is called like nothing else in its module.

The rendered templates are read for what they import and call things, so that these tests, and not
somebody's memory, find the names that `names`, `variables` and `identifiers` lack.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle

import pytest

from fastgen.databases import ALL, SQLITE, Database
from fastgen.errors import FastgenError, InvalidField, InvalidName
from fastgen.fields.grammar import FLAGS
from fastgen.fields.model import Field
from fastgen.fields.parse import parse
from fastgen.names.resource import SNAKE, SUFFIXES, Names, resolve, snake
from fastgen.slices import clashes, class_names, variables
from fastgen.slices.render import Renderer, paths
from fastgen.slices.resource import Resource, World
from fastgen.slices.rights import ACCESSES, Access
from fastgen.template import unrendered
from generated import variants
from generated.projects import Project, Workshop
from support import ROOT

# No other name in a template has these words in it.
OWN = ("zebra", "yak")
FIELDS = (
    "a:str:9:search:filter:sort", "b:text:optional:search", "c:bool:filter:default=true",
    "d:decimal:9,2:optional:filter:default=1.00", "e:date:optional:filter:default=2026-01-01",
    "f:datetime:optional:default=2026-01-01T00:00:00Z", "g:time:optional:default=10:00",
    "h:enum:x,y:optional:filter:default=x", "i:json:optional:writeonly", "j:list:str:min=1:unique",
    "k:uuid:optional", "l:email:unique", "m:url:readonly:optional", "n:float:filter", "o:bigint",
    "p:ref:yak:filter:unique", "q:ref:user:optional", "r:ref:zebra:optional:ondelete=cascade",
    "s:text:default=it's",
)  # fmt: skip
# What pytest takes for tests, and SQLAlchemy for types.
ODD = (
    "test",
    "test_case",
    "test_result",
    "test_run",
    "testimonial",
    "boolean",
    "date",
    "integer",
    "property",
    "object",
    "list",
    "var",
    "filter",
)
# Its tests would be `test_fields.py`, which every project has.
THERE = {"field"}
SHAPES = (
    "name:str:50:search",
    "body:text:optional state:enum:a,b:filter day:date:optional:default=2026-01-01",
    "name:str:50:unique above:ref:{above} account:ref:user:optional",
)
CHECKS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy",),
    ("pytest", "-n", "auto", "-q"),
)
# Whose classes are resources, or the account.
MODELS = {"app.models", "app.models.user"}
USER = "template/project/src/app/models/user.py.jinja"


@dataclass(frozen=True)
class Module:
    """A module of a slice: what it imports, and what it is made of."""

    tree: ast.Module

    @property
    def imported(self) -> set[str]:
        """The names that it imports, without models: two of a name are found as a clash."""
        return {
            name
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Import)
            or (isinstance(node, ast.ImportFrom) and node.module not in MODELS)
            for alias in node.names
            if not _is_own(name := alias.asname or alias.name)
        }

    @property
    def constants(self) -> set[str]:
        """The names that it gives to things of its own."""
        return {
            target.id
            for node in self.tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name) and not _is_own(target.id)
        }

    @property
    def beside_rows(self) -> set[str]:
        """The names in the functions where rows of a resource are called something."""
        return {name for names in self._functions() if any(map(_is_own, names)) for name in names}

    def _functions(self) -> Iterator[set[str]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                parts = list(ast.walk(node))
                yield {
                    *(part.id for part in parts if isinstance(part, ast.Name)),
                    *(part.arg for part in parts if isinstance(part, ast.arg)),
                }

    @property
    def used_in_classes(self) -> set[str]:
        """The names that bodies of classes use, other than in their methods."""
        return {
            part.id
            for node in self.tree.body
            if isinstance(node, ast.ClassDef)
            for statement in node.body
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
            for part in ast.walk(statement)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
        }


def _is_own(name: str) -> bool:
    return any(word in name.lower() for word in OWN)


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Module]]:
    """The modules of a slice, each as every kind of access and database has it."""
    renderer = Renderer(tmp_path_factory.mktemp("project"))
    found: dict[str, list[Module]] = {}
    for database in ALL:
        for access in ACCESSES:
            yak = Resource(Names("yak", "yaks"), "owner", parse(["a"], database=database))
            fields = parse(FIELDS, database=database)
            zebra = Resource(Names("zebra", "zebras"), access, fields)
            world = World(database, {"yak": yak, "zebra": zebra})
            for path, text in renderer.files(zebra, world).items():
                found.setdefault(paths(zebra)[path], []).append(Module(ast.parse(text)))
    return found


def _named(modules: Mapping[str, list[Module]], *kinds: str) -> set[str]:
    chosen = [one for kind in kinds for one in modules[kind]]
    return {name for one in chosen for name in one.imported | one.constants}


def _refused(name: str, plural: str | None) -> bool:
    """Whether a resource cannot be called that, with fields of all types and any access."""
    try:
        names = resolve(name, plural)
    except InvalidName:
        return True
    return any(_clashes(names, access, FIELDS) for access in ACCESSES)


def _clashes(
    names: Names, access: Access, texts: Sequence[str], database: Database = SQLITE
) -> list[FastgenError]:
    fields = tuple(
        replace(field, target=names.singular) if field.target == "zebra" else field
        for field in parse(texts, database=database)
    )
    yak = Resource(Names("yak", "yaks"), "owner", parse(["a"], database=database))
    resource = Resource(names, access, fields)
    world = World(database, {"yak": yak, names.singular: resource})
    renderer = Renderer(ROOT / "nothing")
    rendered = renderer.files(resource, world)
    typed = clashes.Typed(names.singular, list(zip(texts, fields, strict=True)))
    return clashes.find(renderer, resource, world, rendered, typed)


@pytest.mark.slow
def test_a_class_has_no_imported_name(modules: Mapping[str, list[Module]]) -> None:
    # A resource's class is in its model and service, and in the models that it refers to.
    user = Module(ast.parse(unrendered.plain((ROOT / USER).read_text())))
    names = _named(modules, "model.py", "service.py") | user.imported
    assert {"Mapped", "AsyncSession", "Pages"} <= names
    assert not [
        name
        for name in names
        if Names(snake(name), "zebras").cls == name and not _refused(snake(name), "zebras")
    ]


def test_what_begins_with_a_class_has_no_imported_name(
    modules: Mapping[str, list[Module]],
) -> None:
    names = _named(modules, "schema.py", "service.py", "endpoints.py")
    for suffix in SUFFIXES:
        for name in names:
            stem = snake(name.removesuffix(suffix))
            if name.endswith(suffix) and stem and Names(stem, "zebras").cls + suffix == name:
                assert _refused(stem, "zebras"), name


def test_endpoints_have_no_imported_name(modules: Mapping[str, list[Module]]) -> None:
    names = _named(modules, "endpoints.py")
    assert {"Depends", "get_caller"} <= names
    for name in names:
        verb, _, rest = name.partition("_")
        if verb == "list":
            assert _refused("zebra", rest), name
        if verb in {"create", "read", "update", "delete"}:
            assert _refused(rest, "zebras"), name


def test_rows_are_called_like_nothing_beside_them(modules: Mapping[str, list[Module]]) -> None:
    names = {name for module in modules.values() for one in module for name in one.beside_rows}
    # A constant is called like the variable of several rows, in capitals.
    named = _named(modules, "service.py", "endpoints.py", "tests.py")
    names |= {name.lower() if name.isupper() else name for name in named}
    assert {"response", "select", "models", "session"} <= names
    assert not [
        name
        for name in names
        if SNAKE.fullmatch(name)
        and not _is_own(name)
        and name in {variables.one(Names(name, "zebras")), variables.many(Names("zebra", name))}
    ]


def test_types_of_fields_have_no_imported_name(modules: Mapping[str, list[Module]]) -> None:
    for name in _named(modules, "model.py", "schema.py"):
        words = snake(name).split("_")
        for cut in range(1, len(words)):
            names = Names("_".join(words[:cut]), "zebras")
            field = Field("_".join(words[cut:]), "enum", values=("x",))
            resource = Resource(names, "shared", (field,))
            assert class_names.enum_name(field, resource) != name
            assert class_names.alias_name(field, resource) != name


def test_an_enum_has_no_name_of_what_is_referred_to() -> None:
    fields = parse(["item:enum:a,b", "last:ref:order_item:optional"], database=SQLITE)
    order = Resource(Names("order", "orders"), "shared", fields)
    assert class_names.enum_name(fields[0], order) == "OrderItemValue"


@pytest.mark.slow
def test_fields_hide_nothing_that_their_class_uses(modules: Mapping[str, list[Module]]) -> None:
    names = {
        name
        for kind in ("model.py", "schema.py")
        for one in modules[kind]
        for name in one.used_in_classes
    }
    assert {"mapped_column", "omittable", "sa"} <= names
    for name in names:
        if name.islower():
            assert _hides(name), name


def _hides(name: str) -> bool:
    """Whether a field of that name is refused beside fields of all types, on some database."""
    zebra, texts = Names("zebra", "zebras"), [*FIELDS, f"{name}:int"]
    try:
        return any(_clashes(zebra, "owner", texts, database) for database in ALL)
    except InvalidField:
        return True


@pytest.fixture(scope="module")
def project(workshop: Workshop, modules: Mapping[str, list[Module]]) -> Project:
    """A project with resources called as is taken somewhere and not refused."""
    typed = {*ODD, *map(snake, _named(modules, *modules))} - {"", *THERE}
    names = sorted({resolve(name).singular for name in typed if not _refused(name, None)})
    assert {"delete", "mapping", "request", "test_run"} <= set(names)
    lines = [
        # A reference to a resource called like a modifier cannot be typed.
        f"{name} {fields.format(above='user' if above in FLAGS else above)} --access {access}"
        for name, above, fields, access in zip(
            names, ["user", *names], cycle(SHAPES), cycle(ACCESSES), strict=False
        )
    ]
    return workshop.project("odd-names", variants.default(), resources=lines)


@pytest.mark.slow
@pytest.mark.nightly
@pytest.mark.parametrize("command", CHECKS, ids=" ".join)
def test_names_that_are_not_refused_are_good(project: Project, command: tuple[str, ...]) -> None:
    project.uv_run(*command).must_succeed()
