"""`fastgen new --resource`: a project that begins with resources."""

import json
import shlex
from pathlib import Path

import pytest

from domain.samples import DOMAIN
from support import Cli
from terminal import Terminal

NEW = ("new", "shop", "--yes", "--no-install", "--no-git")
CATEGORY = "category name:str:50:unique"
ITEM = "item name:str:100 category:ref:category:optional --access shared --plural=goods"


@pytest.fixture
def user(tmp_path: Path) -> Cli:
    return Cli(tmp_path, tmp_path / "home")


def test_it_begins_with_them(user: Cli, tmp_path: Path) -> None:
    done = user.run(*NEW, "--resource", CATEGORY, "--resource", ITEM)

    assert done.code == 0, done.err
    project = tmp_path / "shop"
    router = (project / "src/app/api/v1/router.py").read_text()
    assert "    categories_router,\n" in router
    assert "    goods_router,\n" in router
    assert "goods: Mapped" in (project / "src/app/models/category.py").read_text()
    assert "Any signed-in user" in (project / "src/app/api/v1/endpoints/goods.py").read_text()
    entries = sorted(file.name for file in (project / ".fastgen/resources").iterdir())
    assert entries == ["category.yml", "item.yml"]


@pytest.mark.slow
def test_json_and_the_dry_run_know_their_files(user: Cli, tmp_path: Path) -> None:
    done = user.run(*NEW, "--resource", CATEGORY, "--dry-run", "--json")

    told = json.loads(done.out)
    assert told["resources"] == [CATEGORY]
    assert "src/app/models/category.py" in told["files"]
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "needs a name"),
        ('item "name', "No closing quotation"),
        ("item name:strx", "'strx' is not a type; did you mean str?"),
        ("item author:ref:person", "there is no resource 'person'"),
        ("user name:str", "accounts are part of every project"),
        (
            "item name:str --access all",
            "'item name:str --access all': --access takes owner, shared, admin, public",
        ),
        ("item name:str --access", "--access takes owner, shared, admin, public"),
        ("item name:str --force", "--force"),
    ],
)
def test_what_is_wrong_leaves_nothing(user: Cli, tmp_path: Path, text: str, reason: str) -> None:
    done = user.run(*NEW, "--resource", CATEGORY, "--resource", text)

    assert done.code == 1
    assert reason in done.err
    assert "hint: " in done.err
    assert list(tmp_path.iterdir()) in ([], [tmp_path / "home"])


@pytest.mark.slow
def test_all_mistakes_are_told_at_once_and_the_line_is_put_right(user: Cli, tmp_path: Path) -> None:
    texts = ("item name:foo brand:ref:brand", "class x:str --access al", "user_ name")
    given = [word for text in texts for word in ("--resource", text)]
    done = user.run("new", "1shop", "--database", "sqllite", *given, *NEW[2:])

    assert done.code == 1
    for told in (
        "'1shop' cannot be the name of a project",
        "--database does not take 'sqllite'",
        "'foo' is not a type",
        "there is no resource 'brand'",
        "cannot be called 'class'",
        "--access takes",
        "cannot be called 'user_'",
    ):
        assert told in done.err, told
    assert "Rendering" not in done.err
    assert not (tmp_path / "1shop").exists()
    hint = done.err.splitlines()[-1].removeprefix("hint: fastgen ")
    # A name that is right can still be taken.
    again = user.run(*shlex.split(hint))
    assert "accounts are part of every project" in again.err
    hint = again.err.splitlines()[-1].removeprefix("hint: fastgen ")
    assert user.run(*shlex.split(hint)).code == 0
    assert (tmp_path / "api-1shop" / "src/app/models/brand.py").exists()


def test_they_are_refused_before_the_first_question(user: Cli) -> None:
    for line in (["--resource", "item name:foo"], ["shop", "--resource", "user name"]):
        code, screen = Terminal(user, "new", *line).ends()
        assert code == 1
        assert screen.startswith("error: --resource")


@pytest.mark.slow
def test_limits_of_their_fields_are_told(user: Cli) -> None:
    done = user.run(*NEW, "--resource", "letter body:text", "--dry-run")
    assert "note: field body: at most 20000 characters" in done.err


@pytest.mark.slow
def test_digits_are_those_of_the_database(user: Cli) -> None:
    line = (*NEW, "--resource", "item price:decimal:30,2", "--dry-run")
    refused = user.run(*line)
    assert refused.code == 1
    assert "1 to 18 digits" in refused.err
    assert user.run(*line, "--database", "postgresql").code == 0


@pytest.mark.slow
def test_they_refer_to_each_other_by_all_their_names(user: Cli, tmp_path: Path) -> None:
    staff = "staff name:str --plural staff_members"
    rental = "rental by:ref:staff for:ref:StaffMembers:optional"
    assert user.run(*NEW, "--resource", staff, "--resource", rental).code == 0
    model = (tmp_path / "shop/src/app/models/rental.py").read_text()
    assert model.count('"staff_members.id"') == 2


def test_the_hint_puts_those_that_are_referred_to_first(user: Cli) -> None:
    staff = "staff name:str --plural staff_members"
    rental = "rental by:ref:staff for:ref:staff_member:optional at:ref:store"
    done = user.run(*NEW, "--resource", rental, "--resource", "film", "--resource", staff)

    assert done.code == 1
    lines = ["film", staff, "store name:str:100", rental]
    flags = " ".join(shlex.join(["--resource", line]) for line in lines)
    assert done.err.splitlines()[-1] == f"hint: fastgen {' '.join(NEW)} {flags}"


@pytest.mark.slow
def test_a_project_begins_with_the_resources_of_a_file(cli: Cli) -> None:
    (cli.cwd / "domain.yml").write_text(DOMAIN)
    result = cli.run("new", "shop", "--resources", "domain.yml", "--yes", "--no-install")
    assert result.code == 0, result
    root = cli.cwd / "shop"
    assert len([*(root / "src/app/migrations/versions").glob("*.py")]) == 3
    assert {one.stem for one in (root / ".fastgen/resources").iterdir()} == {
        *("album", "artist", "playlist", "track"),
    }
    again = cli.run("apply", "../domain.yml", cwd=root)
    assert again.err == "note: the resources already match ../domain.yml\n"


def test_mistakes_in_a_file_are_told_before_anything_is_written(cli: Cli) -> None:
    text = "version: 1\nresources: {item: [a:strr], session: [b], user: [c]}\n"
    (cli.cwd / "domain.yml").write_text(text)
    result = cli.run("new", "shop", "--resources", "domain.yml", "--database", "oracle", "--yes")
    assert result.code == 1
    assert "domain.yml:2: field 'a:strr': 'strr' is not a type" in result.err
    assert "domain.yml:2: accounts are not a resource" in result.err
    assert "oracle" in result.err
    (cli.cwd / "domain.yml").write_text("version: 1\nresources: {session: [b]}\n")
    taken = cli.run("new", "shop", "--resources", "domain.yml", "--yes")
    assert "domain.yml:2: src/app/models/session.py already exists" in taken.err
    both = cli.run("new", "shop", "--resources", "domain.yml", "--resource", "item", "--yes")
    assert "--resource and --resources cannot be combined" in both.err
    missing = cli.run("new", "shop", "--resources", "none.yml", "--yes")
    assert (missing.code, missing.err) == (1, "error: none.yml does not exist\n")
    assert [one.name for one in cli.cwd.iterdir()] == ["domain.yml"]
