"""A domain that is applied and changed: its own tests, and its tables with rows in a database."""

import shutil
from pathlib import Path

import pytest

from domain.samples import CHANGED, DOMAIN
from fastgen.domain.keys import FILE
from generated.projects import Project, Workshop
from generated.service import production
from generated.sql import ALEMBIC, EXECUTE
from living import Living

pytestmark = pytest.mark.slow

ROWS = (
    """INSERT INTO artists (id, name, created_at, updated_at)
    VALUES (1, 'Nina', '2024-01-01', '2024-01-01')""",
    """INSERT INTO albums (id, title, artist_id, created_at, updated_at)
    VALUES (1, 'Pastel', 1, '2024-01-01', '2024-01-01')""",
    """INSERT INTO tracks (id, title, length, album_id, created_at, updated_at)
    VALUES (1, 'Sinnerman', 622, 1, '2024-01-01', '2024-01-01')""",
)


@pytest.fixture
def shop(project: Project, tmp_path: Path) -> Living:
    """A copy of the installed project."""
    root = tmp_path / "shop"
    shutil.copytree(project.path, root, ignore=shutil.ignore_patterns(".venv"))
    return Living(project.user, root)


def test_rows_stay_where_they_are_up_down_and_up_again(
    project: Project, shop: Living, database_url: str
) -> None:
    env = {**production(database_url), "PYTHONPATH": str(shop.root / "src")}
    there = Project(shop.root, project.user, installed=project.path)

    def alembic(*commands: str) -> None:
        there.python("-c", ALEMBIC, *commands, env=env).must_succeed()

    def rows(query: str) -> str:
        done = there.python("-c", EXECUTE, database_url, query, env=env)
        return done.must_succeed().strip()

    shop.write(FILE, DOMAIN)
    shop.must("apply")
    alembic("upgrade head", "check")
    there.python("-c", EXECUTE, database_url, *ROWS, env=env).must_succeed()
    shop.write(FILE, CHANGED)
    shop.must("apply", "--prune")
    alembic("upgrade head", "check")
    songs = "SELECT title, seconds, album_id, genre_id FROM songs"
    assert rows(songs) == "[('Sinnerman', 622, 1, None)]"
    alembic("downgrade -1")
    assert rows("SELECT title, length, album_id FROM tracks") == "[('Sinnerman', 622, 1)]"
    alembic("upgrade head", "check")
    assert rows(songs) == "[('Sinnerman', 622, 1, None)]"
    shop.commit()
    # Nothing is left to remove, and children go before their parents.
    shop.write(FILE, "version: 1\nresources: {}\n")
    shop.must("apply", "--prune")
    alembic("upgrade head", "check", "downgrade base")


@pytest.mark.nightly
def test_its_own_tests_pass_after_each_change(shop: Living, workshop: Workshop) -> None:
    there = Project(shop.root, shop.user)
    workshop.install(there)
    for text in (DOMAIN, CHANGED):
        shop.write(FILE, text)
        shop.must("apply", "--prune")
        there.must_pass_its_tests(covered=text == CHANGED)
        there.uv_run("ruff", "check").must_succeed()
        there.uv_run("ruff", "format", "--check").must_succeed()
        there.uv_run("mypy").must_succeed()
        assert shop.must("check").code == 0
