"""Options are added as docs/architecture.md says: two that each bring a table, in a copy of the
template.
"""

import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import preloaded
from generated.projects import Project, Workshop
from support import ROOT, SOURCE, Cli, snapshot

FIRST = "3f2a9c1d7b40"
MAIL = "8c41d07e5b92"
REVISIONS = {"memo": "aaaaaaaaaaa1", "audit": "bbbbbbbbbbb2"}
REVISION = re.compile(r'^revision = "(\w+)"$', re.MULTILINE)
BEFORE = re.compile(r'^down_revision = (?:None|"(\w+)")$', re.MULTILINE)
WITH = "{type: str, when: false, default: \"{{ '.' if 'NAME' in features else '' }}\"}"
PACKAGES = {"memo": "idna>=3.10", "audit": "certifi>=2025.1"}
LAYER = {
    "src/app/models/NAME.py": """\
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.models.mixins import IdMixin


class CLASS(IdMixin, Base):
    __tablename__ = "NAMEs"

    text: Mapped[str] = mapped_column(String(20))
""",
    "src/app/migrations/versions/20260101_0001_create_NAMEs.py.jinja": '''\
"""create NAMEs"""

import sqlalchemy as sa
from alembic import op

revision = "REVISION"
down_revision = "{{ down_revisions.NAME }}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "NAMEs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_NAMEs")),
    )


def downgrade() -> None:
    op.drop_table("NAMEs")
''',
    "tests/test_NAME.py": """\
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import Settings
from app.models.NAME import CLASS


async def test_a_row_is_kept(session: AsyncSession, settings: Settings) -> None:
    session.add(CLASS(text=settings.NAME_text))
    await session.flush()
    assert (await session.scalars(select(CLASS.text))).all() == ["a NAME"]
""",
}
FRAGMENTS = {
    "packages": "PACKAGE\n",
    "config/settings": '    NAME_text: str = "a NAME"\n',
    "env/settings": "\n# What the rows say.\n# UPPER_TEXT=a NAME\n",
    "compose/services": "\n  NAME:\n    image: NAME-server:1\n",
    "readme/operation": "\nThe option NAME is on.\n",
    "models/exports": "from app.models.NAME import CLASS as CLASS\n",
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation of fastgen with the two options."""
    installed = tmp_path_factory.mktemp("installed")
    ignored = shutil.ignore_patterns("__pycache__", ".*_cache")
    # With the bytecode, which is as old as its source there too.
    shutil.copytree(SOURCE, installed / "fastgen")
    root = installed / "fastgen" / "_template"
    shutil.copytree(ROOT / "template", root / "template", ignore=ignored)
    questions = (ROOT / "copier.yml").read_text("utf-8")
    for name in REVISIONS:
        questions = with_option(questions, name)
        layer = root / "template" / "project" / f"{{{{ with_{name} }}}}"
        write(layer, LAYER, name)
        fragments = {f"{path}.jinja": text for path, text in FRAGMENTS.items()}
        write(root / "template" / "features" / name, fragments, name)
    (root / "copier.yml").write_text(questions, "utf-8")
    return installed


def with_option(questions: str, name: str) -> str:
    changes = {
        "# Derived: ": f"{name}: {{type: bool, help: Whether there is {name}, default: false}}\n\n",
        '    ] | reject("equalto"': f'    {{true: "{name}", false: "none"}}[{name}],\n',
        "\n# The first of them follows": f'    {name}: "{REVISIONS[name]}"\n',
        "with_sqlite: ": f"with_{name}: {WITH.replace('NAME', name)}\n",
    }
    for place, added in changes.items():
        assert questions.count(place) == 1
        questions = questions.replace(place, added + place)
    return questions


def write(folder: Path, files: dict[str, str], name: str) -> None:
    words = {
        "NAME": name,
        "CLASS": name.title(),
        "UPPER": name.upper(),
        "REVISION": REVISIONS[name],
        "PACKAGE": PACKAGES[name],
    }
    for path, text in files.items():
        file = folder / filled(path, words)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(filled(text, words), "utf-8")


def filled(text: str, words: dict[str, str]) -> str:
    return re.sub("|".join(words), lambda found: words[found[0]], text)


@pytest.fixture(scope="module")
def _ready(template: Path) -> Iterator[None]:
    env = {"PYTHONPATH": str(template)}
    with preloaded.started(Cli(template, template / "home", env).env):
        yield


@pytest.fixture
def user(cli: Cli, template: Path, _ready: None) -> Cli:
    cli.env["PYTHONPATH"] = str(template)
    return cli


@pytest.mark.slow
def test_the_command_has_the_options(user: Cli) -> None:
    told = " ".join(user.run("new", "--help").out.split())
    assert "--memo / --no-memo Whether there is memo [default: no]" in told
    assert "--audit / --no-audit Whether there is audit [default: no]" in told


@pytest.mark.others_slow
@pytest.mark.parametrize("on", [["memo"], ["audit"], ["memo", "audit"]], ids="-".join)
def test_what_is_on_is_there_and_what_is_off_leaves_no_trace(on: list[str], user: Cli) -> None:
    made = user.run("new", "shop", "--no-git", "--no-install", *(f"--{name}" for name in on))
    assert (made.code, made.err) == (0, "")
    project = user.cwd / "shop"
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    assert {name for name in REVISIONS if answers[name]} == set(on)
    packages = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
    services = yaml.safe_load((project / "compose.yaml").read_text("utf-8"))["services"]
    texts = {
        path: content.decode(errors="replace")
        for path, (_, content) in snapshot(project).items()
        if path != ".copier-answers.yml"
    }
    for name, revision in REVISIONS.items():
        is_on = name in on
        assert (PACKAGES[name] in packages["dependencies"]) == is_on
        assert (name in services) == is_on
        assert (f"The option {name} is on." in texts["README.md"]) == is_on
        assert (f"\n# {name.upper()}_TEXT=" in texts[".env.example"]) == is_on
        assert (f"    {name}_text: str" in texts["src/app/config.py"]) == is_on
        assert any(f"models/{name}.py" in path for path in texts) == is_on
        assert any(revision in text for text in texts.values()) == is_on


@pytest.mark.slow
def test_with_both_off_a_project_is_as_without_them(user: Cli, tmp_path: Path) -> None:
    assert user.run("new", "shop", "--no-git", "--no-install").code == 0
    ours = Cli(tmp_path, tmp_path / "home")
    assert ours.run("new", "shop", "--no-git", "--no-install").code == 0
    of_recipe_and_key = {".copier-answers.yml", ".env"}
    theirs, plain = snapshot(user.cwd / "shop"), snapshot(ours.cwd / "shop")
    assert {path: entry for path, entry in theirs.items() if path not in of_recipe_and_key} == {
        path: entry for path, entry in plain.items() if path not in of_recipe_and_key
    }


@pytest.mark.slow
def test_migrations_are_one_line_and_its_tests_pass(user: Cli, workshop: Workshop) -> None:
    user.env["MYPY_CACHE_DIR"] = str(workshop.mypy_cache)
    made = user.run("new", "shop", "--no-git", "--memo", "--audit", "--resource", "item name:str:9")
    assert made.code == 0, made
    project = Project(user.cwd / "shop", user)
    workshop.give_compiled(project.path)
    line = line_of(project.path / "src/app/migrations/versions")
    assert (len(line), line[""], line[FIRST]) == (5, FIRST, MAIL)
    assert line.keys() - line.values() == {""}
    project.uv_run("pytest", "-q", "tests").must_succeed()
    project.uv_run("mypy").must_succeed()
    project.uv_run("ruff", "check").must_succeed()


@pytest.mark.slow
def test_plain_copier_makes_it_too(template: Path, tmp_path: Path, user: Cli) -> None:
    made = copied(template, tmp_path / "shop", user, audit="true")
    assert down_revision(made, "audit") == MAIL
    assert not (made / "src/app/models/memo.py").exists()


@pytest.mark.slow
def test_a_resource_that_an_option_brings_is_refused_if_it_is_on(user: Cli) -> None:
    new = ("new", "shop", "--no-git", "--no-install", "--resource", "memo name:str:9")
    refused = user.run(*new, "--memo")
    assert refused.code == 1
    assert "--resource 'memo name:str:9': src/app/models/memo.py already exists" in refused.err
    assert "hint: fastgen new shop --no-git --no-install --resource 'memo_entry " in refused.err
    assert list(user.cwd.iterdir()) == []
    assert user.run(*new, "--audit").code == 0


@pytest.mark.slow
def test_set_later_its_migration_follows_the_head_of_the_project(
    template: Path, tmp_path: Path, user: Cli
) -> None:
    new = ("new", "shop", "--memo", "--resource", "item name:str:9", "--no-git", "--no-install")
    assert user.run(*new).code == 0
    versions = user.cwd / "shop" / "src/app/migrations/versions"
    line = line_of(versions)
    (head,) = line.values() - line.keys()
    later = {"memo": "true", "audit": "true", "head": head, "migrated": "[mail, memo]"}
    made = copied(template, tmp_path / "shop", user, **later)
    shutil.copy(next(made.glob("src/app/migrations/versions/*_create_audits.py")), versions)
    assert line_of(versions) == {**line, head: REVISIONS["audit"]}
    assert user.run("check", cwd=user.cwd / "shop").out.startswith("uv.lock: ")
    # These were no answers: the recipe is that of a project that began so.
    recipe = yaml.safe_load((made / ".copier-answers.yml").read_text("utf-8"))
    assert not {"head", "migrated"} & recipe.keys()


def line_of(versions: Path) -> dict[str, str]:
    """Return the revision that follows each revision, and the first one as that after none."""
    texts = "".join(file.read_text("utf-8") for file in sorted(versions.glob("*.py")))
    pairs = list(zip(BEFORE.findall(texts), REVISION.findall(texts), strict=True))
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def copied(template: Path, target: Path, user: Cli, **data: str) -> Path:
    """Let plain Copier make a project."""
    copier = [sys.executable, "-m", "copier", "copy", "--quiet", "--defaults"]
    given = [f"--data={name}={value}" for name, value in {"project_name": "shop", **data}.items()]
    source = str(template / "fastgen" / "_template")
    Project(target.parent, user).run(*copier, *given, source, str(target)).must_succeed()
    return target


def down_revision(project: Path, name: str) -> str:
    (file,) = (project / "src/app/migrations/versions").glob(f"*_create_{name}s.py")
    (found,) = BEFORE.findall(file.read_text("utf-8"))
    return str(found)
