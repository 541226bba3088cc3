"""Migrations of changed tables that have rows, in a real database: up, down, and up again."""

import datetime as dt
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
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
from fastgen.slices.type_modules import needed
from generated.changed_tables import CASES, Case, Row, others, world
from generated.projects import Project
from generated.service import production
from generated.services import NewDatabase
from living import MODELS, VERSIONS
from support import ROOT

pytestmark = pytest.mark.slow

FIRST = "3f2a9c1d7b40"
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
        for module in needed(files.values(), BY_NAME[database]):
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

    def alembic(self, url: str, *arguments: str) -> str:
        """Run alembic."""
        done = self.project.run(
            self._python, "-m", "alembic", "-c", str(self.root / "pyproject.toml"), *arguments,
            env=self._env(url),
        )  # fmt: skip
        return done.must_succeed()

    def ask(self, url: str, function: str, argument: object) -> Any:
        """Run the program that reads and writes rows."""
        given = json.dumps([function, argument])
        done = self.project.run(
            self._python, "-c", PROGRAM.read_text(), url, env=self._env(url), given=given
        )
        return json.loads(done.must_succeed())

    @property
    def _python(self) -> str:
        return str(self.project.path / ".venv/bin/python")

    def _env(self, url: str) -> Mapping[str, str]:
        return {**production(url), "PYTHONPATH": str(self.root / "src")}


@dataclass
class Journey:
    """What was found before, after, after going back, and after going up again."""

    rows: list[dict[str, list[Row]]] = field(default_factory=list)
    schemas: list[dict[str, Any]] = field(default_factory=list)
    # The schemas of tables made new: as before, and as after.
    made: list[dict[str, Any]] = field(default_factory=list)


def cases(database: str) -> list[Case]:
    return [one for one in CASES if database in one.databases]


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
        old.alembic(url, "upgrade", "+2")
        old.ask(url, "written", {**BEFORE, **rows})
        look(0)
        old.alembic(url, "upgrade", "head")
        look(1)
        old.alembic(url, "downgrade", "-1")
        look(0)
        old.alembic(url, "upgrade", "head")
        look(1)
    with new_database() as url:
        new.alembic(url, "upgrade", "head")
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
def test_a_table_with_rows_changes(case: Case, database: str, request: pytest.FixtureRequest) -> None:
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
