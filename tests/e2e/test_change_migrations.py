"""Migrations of changed tables that have rows, in a real database: up, down, and up again."""

import datetime as dt
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from fastgen.databases import BY_NAME
from fastgen.migrating import Difference, difference, render
from fastgen.names import layout
from fastgen.rendering.formatting import formatted
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Resource
from fastgen.slices.type_modules import FOR_MIGRATIONS, needed
from generated.changed_tables import CASES, STOPPED, Case, Row, cases, others, world
from generated.projects import Done, Project
from generated.service import production
from generated.services import NewDatabase
from generated.sql import EXECUTE, SQLITE
from living import MODELS, VERSIONS
from support import ROOT

pytestmark = pytest.mark.slow

FIRST = "8c41d07e5b92"
# Each command of Alembic in one process: its output, and whether it did what was asked.
EACH = """
import json, sys
from alembic.config import main
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from traceback import print_exc
found = []
for line in json.loads(sys.argv[1]):
    with StringIO() as out, redirect_stdout(out), redirect_stderr(out):
        code = 0
        try:
            main(argv=line)
        except BaseException:
            print_exc()
            code = 1
        found.append((code, out.getvalue()))
print("", json.dumps(found), sep="\\n")
"""
PROGRAM = ROOT / "tests/in_project/table_rows.py"
BEFORE = {
    "users": [
        {
            "email": repr(f"{name}@example.org"),
            "hashed_password": "'x'",
            "is_active": "True",
            "is_admin": "False",
        }
        for name in ("ada", "bob")
    ],
    "makers": [{"name": "'m'"}] * 3,
    "traders": [{"name": "'t'"}] * 3,
}


@dataclass(frozen=True)
class Kind:
    """A value of an enum."""

    value: str

    def __repr__(self) -> str:
        """Write it as the program does."""
        return f"Kind({self.value!r})"


NAMES = {"dt": dt, "Decimal": Decimal, "UUID": UUID, "Kind": Kind}


@dataclass
class Code:
    """The code of a project at one time: its models, and its migrations."""

    project: Project
    root: Path
    database: str

    @classmethod
    def of(
        cls, project: Project, root: Path, database: str, resources: Sequence[Resource]
    ) -> "Code":
        """Copy the sources of a project, with the models of resources."""
        shutil.copytree(project.path / "src", root / "src")
        shutil.copy(project.path / "pyproject.toml", root)
        code = cls(project, root, database)
        renderer = Renderer(root)
        files = {}
        for one in resources:
            path = layout.model(one.names)
            files[path] = renderer.files(one, world(database, *resources))[path]
        files = {path: text.decode() for path, text in formatted(files, root).items()}
        for module in (*FOR_MIGRATIONS, *needed(files.values(), BY_NAME[database])):
            made = renderer.type_module(module, BY_NAME[database])
            files |= {path: text for path, text in made.items() if path.startswith("src/")}
        imports = [f"import {layout.model_module(one.names)}\n" for one in resources]
        files[MODELS] = (root / MODELS).read_text() + "".join(imports)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        return code

    def migrate(self, differences: Sequence[Difference], title: str, head: str) -> str:
        """Write a migration and return its revision."""
        made = render(Renderer(self.root), differences, title, head)
        [text] = formatted({made.path: made.text}, self.root).values()
        (self.root / VERSIONS / f"{title}.py").write_bytes(text)
        return made.revision

    def alembic(self, url: str, *arguments: str) -> Done:
        """Run alembic."""
        settings = str(self.root / "pyproject.toml")
        command = ("-m", "alembic", "-c", settings, *arguments)
        return self.project.python(*command, env=self._env(url))

    def upgraded_to_each(self, url: str, revisions: Sequence[str]) -> list[Done]:
        """Run `alembic upgrade` to each of the revisions, whatever became of those before."""
        settings = str(self.root / "pyproject.toml")
        commands = [["-c", settings, "upgrade", revision] for revision in revisions]
        done = self.project.python("-c", EACH, json.dumps(commands), env=self._env(url))
        return [Done(*one) for one in json.loads(done.must_succeed().splitlines()[-1])]

    def ask(self, url: str, function: str, argument: object) -> Any:
        """Run the program that reads and writes rows."""
        given = json.dumps([function, argument])
        done = self.project.python("-c", PROGRAM.read_text(), url, env=self._env(url), given=given)
        return json.loads(done.must_succeed())

    def _env(self, url: str) -> Mapping[str, str]:
        return {**production(url), "PYTHONPATH": str(self.root / "src")}


@dataclass
class Journey:
    """What was found before, after, after going back, and after going up again."""

    rows: list[dict[str, list[Row]]] = field(default_factory=list)
    schemas: list[dict[str, Any]] = field(default_factory=list)
    # The schemas of tables made new: as before, and as after.
    made: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture(scope="session")
def codes(project: Project, database: str, tmp_path_factory: pytest.TempPathFactory) -> list[Code]:
    """The project before and after."""
    found = []
    for time in (0, 1):
        resources = [*others(database), *(one.resources(database)[time] for one in cases(database))]
        root = tmp_path_factory.mktemp(f"{database}-{time}") / "shop"
        code = Code.of(project, root, database, resources)
        created = [
            difference(None, one, around, around)
            for one in resources
            for around in [world(database, *resources)]
        ]
        head = code.migrate(created, "create", FIRST)
        if not time:
            code.migrate([one.difference(database) for one in cases(database)], "change", head)
        found.append(code)
    return found


@pytest.fixture(scope="session")
def journey(codes: list[Code], database: str, new_database: NewDatabase) -> Journey:
    """Up, down, and up again with rows."""
    old, new = codes
    found = Journey()
    names = [[one.names()[time].table for one in cases(database)] for time in (0, 1)]
    rows = {one.names()[0].table: one.rows for one in cases(database)}

    def look(time: int) -> None:
        found.rows.append(codes[time].ask(url, "read", names[time]))
        found.schemas.append(codes[time].ask(url, "schema", names[time]))

    with new_database() as url:
        old.alembic(url, "upgrade", f"{FIRST}+1").must_succeed()
        old.ask(url, "written", {**BEFORE, **rows})
        look(0)
        old.alembic(url, "upgrade", "head").must_succeed()
        look(1)
        old.alembic(url, "downgrade", "-1").must_succeed()
        look(0)
        old.alembic(url, "upgrade", "head").must_succeed()
        look(1)
    with new_database() as url:
        new.alembic(url, "upgrade", "head").must_succeed()
        found.made.append(new.ask(url, "schema", names[1]))
    return found


def shown(rows: Sequence[Row], like: Sequence[Row]) -> list[Row]:
    """Return the columns of rows that are expected."""
    return [
        {name: row.get(name, "(none)") for name in wanted}
        for row, wanted in zip(rows, like, strict=True)
    ]


def real(rows: Sequence[Row]) -> list[Row]:
    """Return expected values as Python writes them."""
    return [{name: told(eval(value, dict(NAMES))) for name, value in row.items()} for row in rows]  # noqa: S307


def told(value: object) -> str:
    return repr(value).replace("datetime.timezone.utc", "dt.UTC").replace("datetime.", "dt.")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_table_with_rows_changes(
    case: Case, database: str, request: pytest.FixtureRequest
) -> None:
    if database not in case.databases:
        return
    found: Journey = request.getfixturevalue("journey")
    before, after = (one.table for one in case.names())
    wanted = [case.rows, case.after, case.back or case.rows, case.again or case.after]
    for time, (rows, expected) in enumerate(zip(found.rows, wanted, strict=True)):
        table = (before, after)[time % 2]
        assert shown(rows[table], expected) == real(expected), time
    schemas = [found.schemas[time][(before, after)[time % 2]] for time in range(4)]
    assert schemas[1] == found.made[0][after]
    assert schemas[2] == schemas[0]
    assert schemas[3] == schemas[1]


def test_rows_that_do_not_fit_stop_the_migration(
    project: Project, database: str, new_database: NewDatabase, tmp_path: Path
) -> None:
    resources = [*others(database), *(one.resources(database)[0] for one in STOPPED)]
    code = Code.of(project, tmp_path / "shop", database, resources)
    around = world(database, *resources)
    head = code.migrate([difference(None, one, around, around) for one in resources], "all", FIRST)
    revisions = {
        one.name: code.migrate([one.difference(database)], one.name, head) for one in STOPPED
    }
    rows = {one.names()[0].table: one.rows for one in STOPPED}
    with new_database() as url:
        code.alembic(url, "upgrade", head).must_succeed()
        code.ask(url, "written", {**BEFORE, **rows})
        before = [code.ask(url, asked, list(rows)) for asked in ("read", "schema")]
        found = code.upgraded_to_each(url, list(revisions.values()))
        for name, done in zip(revisions, found, strict=True):
            assert done.code, f"{name}: {done.out}"
            assert "no such" not in done.out, done.out
            assert "syntax error" not in done.out, done.out
        assert [code.ask(url, asked, list(rows)) for asked in ("read", "schema")] == before


STAMPS = "created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL"
AGAIN = "DROP TABLE kept_rows; CREATE TABLE kept_rows (id INTEGER NOT NULL"
NAMED = """CONSTRAINT pk_kept_rows PRIMARY KEY (id),
    CONSTRAINT uq_kept_rows_a UNIQUE (a),
    CONSTRAINT ck_mine CHECK (a > 0)"""
BY_HAND = {
    "trigger touched": "CREATE TRIGGER touched DELETE ON kept_rows BEGIN SELECT 1; END",
    "view seen": "CREATE VIEW seen AS SELECT a FROM kept_rows",
    "index newest": "CREATE INDEX newest ON kept_rows (id DESC)",
    "index folded": "CREATE INDEX folded ON kept_rows (lower(a))",
    "table kept_rows": f"{AGAIN} PRIMARY KEY, a INTEGER NOT NULL CHECK (a > 0), {STAMPS})",
    "kept_rows must": f"{AGAIN}, a INTEGER NOT NULL, b INTEGER NOT NULL, {STAMPS}, {NAMED})",
    "index mine": "CREATE INDEX mine ON kept_rows (b)",
    "": "CREATE INDEX partial ON kept_rows (id) WHERE (id > lower(1))",
}


@pytest.fixture(scope="module")
def kept(
    project: Project, database: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Code, Path]:
    """Code whose last migration copies a table, and a database that lacks it, to copy."""
    folder = tmp_path_factory.mktemp("kept")
    case = Case("kept", "a:int:unique b:int:index", "a:str:20:unique", [], ())
    resources = case.resources(database)[:1]
    code = Code.of(project, folder / "shop", database, resources)
    around = world(database, *resources)
    head = code.migrate([difference(None, one, around, around) for one in resources], "new", FIRST)
    code.migrate([case.difference(database)], "change", head)
    code.alembic(f"{SQLITE}{folder}/app.db", "upgrade", head).must_succeed()
    return code, folder / "app.db"


@pytest.mark.parametrize("told", BY_HAND)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True, scope="session")
def test_what_a_copy_would_lose_stops_the_migration(
    told: str, kept: tuple[Code, Path], tmp_path: Path
) -> None:
    code, before = kept
    url = f"{SQLITE}{shutil.copy(before, tmp_path)}"
    statements = BY_HAND[told].split("; CREATE")
    statements[1:] = [f"CREATE{one}" for one in statements[1:]]
    code.project.python("-c", EXECUTE, url, *statements).must_succeed()
    done = code.alembic(url, "upgrade", "head")
    assert bool(done.code) == bool(told), done.out
    assert told in done.out
