"""`fastgen add resource` on a real pseudo-terminal: every question, and the ways out of them."""

import re
import shlex
import shutil
import signal
from pathlib import Path

import pytest

import support
from fastgen.fields.types import TYPES
from living import MODEL, Living
from terminal import CLEAR, CTRL_C, CTRL_D, DOWN, ENTER, SPACE, STYLE, Terminal, pasted


@pytest.fixture
def shop(cli: support.Cli, fresh_project: Path) -> Living:
    """A person in a new project of theirs."""
    shutil.copytree(fresh_project, cli.cwd / "shop", symlinks=True)
    return Living(cli, cli.cwd / "shop")


def at(shop: Living, *arguments: str, columns: int = 200, **env: str) -> Terminal:
    shop.user.cwd = shop.root
    return Terminal(shop.user, "add", "resource", *arguments, env=env, columns=columns)


def answers(person: Terminal, *pairs: tuple[str, str]) -> None:
    """Type each answer when its question is there."""
    for question, keys in pairs:
        person.sees(question)
        person.types(keys)


NAME = ("Name of the resource", f"item{ENTER}")
OWNER = ("Who may use the rows", ENTER)
FIELD = ("Field 1", f"name{ENTER}")
STR = ("name: its type", ENTER)
LENGTH = ("name: how many characters at most", f"{CLEAR}100{ENTER}")
PLAIN = ("name: modifiers", ENTER)
NO_MORE = ("Field 2", ENTER)
YES = ("Make these changes", ENTER)
ALL = (NAME, OWNER, FIELD, STR, LENGTH, PLAIN, NO_MORE, YES)


def test_asks_shows_and_makes_a_resource(shop: Living) -> None:
    person = at(shop)
    answers(person, *ALL)
    code, screen = person.ends()
    assert code == 0, screen
    assert "To repeat this: fastgen add resource item name:str:100 --access owner\n" in screen
    asked, _, done = screen.rpartition("Make these changes")
    for path in (MODEL, "tests/test_items.py", ".fastgen/resources/item.yml"):
        assert f"create  {path}" in asked
        assert f"create  {path}" not in done
    assert "edit    src/app/api/v1/router.py" in asked
    assert re.search(r"done\s+Next:\s+uv run pytest tests/test_items.py\s+uv run fastapi", done)
    assert "name: Mapped[str] = mapped_column(sa.String(100))" in shop.read(MODEL)


@pytest.mark.slow
def test_a_field_whose_name_is_taken_is_asked_for_again(shop: Living) -> None:
    person = at(shop)
    taken = ("Field 1", f"str:str:50{ENTER}")
    answers(person, NAME, OWNER, taken, ("has another str", f"name:str:100{ENTER}"), NO_MORE, YES)
    code, screen = person.ends()
    assert code == 0, screen
    assert "name: Mapped[str] = mapped_column(sa.String(100))" in shop.read(MODEL)


@pytest.mark.slow
def test_the_line_that_is_shown_makes_the_same(shop: Living) -> None:
    other = shop.copy("other")
    person = at(shop, "--plural", "wares", "--no-migration")
    answers(
        person,
        ("Name of the resource", f"good{ENTER}"),
        ("Who may use the rows", f"{DOWN}{ENTER}"),
        ("Field 1", f"code{ENTER}"),
        ("code: its type", ENTER),
        ("code: how many characters", ENTER),
        # unique, then pattern and default, the last two but for one.
        ("code: modifiers", f"{DOWN}{SPACE}{DOWN * 8}{SPACE}{ENTER}"),
        ("code: pattern=", f"^[a-z]+:(a|b) c${ENTER}"),
        ("Field 2", ENTER),
        YES,
    )
    code, screen = person.ends()
    assert code == 0, screen
    [line] = re.findall(r"To repeat this: (.*)\r?\n", screen)
    command = shlex.split(line)
    assert command[:3] == ["fastgen", "add", "resource"]
    assert "code:str:unique:pattern=^[a-z]+:(a|b) c$" in command
    for flag in ("--plural wares", "--access shared", "--no-migration"):
        assert flag in line
    other.must(*command[1:])
    assert other.texts() == shop.texts()


@pytest.mark.slow
def test_every_kind_of_field(shop: Living) -> None:
    shop.must("add", "resource", "kind", "name:str:50")
    down = {name: number for number, name in enumerate(TYPES)}
    person = at(shop, "item", "--access", "public")
    answers(
        person,
        ("Field 1", f"price{ENTER}"),
        ("price: its type", f"{DOWN * down['decimal']}{ENTER}"),
        ("price: how many digits", f"{CLEAR}8,2{ENTER}"),
        # optional, then gt.
        ("price: modifiers", f"{SPACE}{DOWN * 7}{SPACE}{ENTER}"),
        ("price: gt=", f"0{ENTER}"),
        ("Field 2", f"state{ENTER}"),
        ("state: its type", f"{DOWN * down['enum']}{ENTER}"),
        ("state: its values", f"open,paid{ENTER}"),
        # The last one: default.
        ("state: modifiers", f"{DOWN * 6}{SPACE}{ENTER}"),
        ("state: default=", f"open{ENTER}"),
        ("Field 3", f"tags{ENTER}"),
        ("tags: its type", f"{DOWN * down['list']}{ENTER}"),
        ("tags: the type of its items", f"{DOWN}{ENTER}"),
        ("tags: modifiers", f"{DOWN}{SPACE}{ENTER}"),
        ("Field 4", f"kind{ENTER}"),
        ("kind: its type", f"{DOWN * down['ref']}{ENTER}"),
        ("kind: the resource that it refers to", ENTER),
        # optional and ondelete.
        ("kind: modifiers", f"{SPACE}{DOWN * 6}{SPACE}{ENTER}"),
        ("kind: ondelete=", f"{DOWN}{ENTER}"),
        ("Field 5", f"size:int:ge=0:le=9{ENTER}"),
        ("Field 6", ENTER),
        YES,
    )
    code, screen = person.ends()
    assert code == 0, screen
    assert (
        "To repeat this: fastgen add resource item price:decimal:8,2:optional:gt=0.00 "
        "state:enum:open,paid:default=open tags:list:int:unique "
        "kind:ref:kind:optional:ondelete=cascade size:int:ge=0:le=9 --access public"
    ) in screen
    assert "Name of the resource" not in screen
    assert "Who may use" not in screen


@pytest.mark.slow
def test_what_is_wrong_is_told_at_its_question(shop: Living) -> None:
    shop.must("add", "resource", "kind", "name:str:50")
    person = at(shop)
    person.sees("Name of the resource")
    person.types("class", ENTER)
    person.sees("'class' is a keyword of Python")
    person.types(CLEAR, "kinds", ENTER)
    person.sees("the resource kind already exists")
    person.sees("fastgen add field kind")
    answers(person, NAME, OWNER)
    person.sees("Field 1")
    person.types(ENTER)
    person.sees("a resource needs at least one field")
    person.types("owner", ENTER)
    person.sees("uses it itself")
    person.types(CLEAR, pasted("price:decimal:2,10"), ENTER)
    person.sees("PRECISION,SCALE: 1 to 18 digits")
    person.types(CLEAR, "name", ENTER)
    answers(person, STR)
    person.sees("how many characters")
    person.types(CLEAR, pasted("many"), ENTER)
    person.sees("is not a length")
    person.types(CLEAR, "5", ENTER)
    person.sees("name: modifiers")
    # readonly alone, then with a default.
    person.types(DOWN * 6, SPACE, ENTER)
    person.sees("readonly needs optional or a default")
    person.sees("name: modifiers")
    person.types(DOWN * 10, SPACE, ENTER)
    person.sees("name: default=")
    person.types(pasted("longer than five"), ENTER)
    person.sees("use 0 to 5 characters")
    person.types(CLEAR, "plain", ENTER)
    person.sees("Field 2")
    person.types("name", ENTER)
    person.sees("is taken by the field")
    person.types(CLEAR, ENTER)
    answers(person, YES)
    code, screen = person.ends()
    assert code == 0, screen
    assert "fastgen add resource item name:str:5:readonly:default=plain --access owner" in screen


@pytest.mark.slow
def test_a_name_on_the_line_is_looked_at_first(shop: Living) -> None:
    shop.must("add", "resource", "item", "name:str")
    for name, told in (("item", "already exists"), ("2x", "cannot be called")):
        code, screen = at(shop, name).ends()
        assert code == 1
        assert told in screen
        assert "Who may use" not in screen


@pytest.mark.others_nightly("3")
@pytest.mark.parametrize("answered", range(len(ALL)))
def test_ctrl_c_at_any_question_writes_nothing(shop: Living, answered: int) -> None:
    before = shop.tree()
    person = at(shop)
    answers(person, *ALL[:answered])
    answers(person, (ALL[answered][0], CTRL_C))
    code, screen = person.ends()
    assert code == 130
    assert screen.rstrip().endswith("error: interrupted: nothing was written")
    assert "Traceback" not in screen
    assert shop.tree() == before


@pytest.mark.others_nightly("3")
@pytest.mark.parametrize("answered", range(len(ALL)))
def test_ctrl_d_is_a_way_out_too(shop: Living, answered: int) -> None:
    before = shop.tree()
    person = at(shop)
    answers(person, *ALL[:answered])
    answers(person, (ALL[answered][0], CTRL_D))
    code, screen = person.ends()
    assert code == 130
    assert screen.rstrip().endswith("error: interrupted: nothing was written")
    assert shop.tree() == before


def test_ctrl_d_is_one_where_something_is_typed(shop: Living) -> None:
    person = at(shop)
    answers(person, (NAME[0], f"item{CTRL_D}"))
    code, screen = person.ends()
    assert code == 130
    assert screen.rstrip().endswith("error: interrupted: nothing was written")


def test_all_that_is_wrong_is_told_on_a_narrow_terminal(shop: Living) -> None:
    person = at(shop, "item", "--access", "owner", columns=80)
    person.sees("Field 1")
    person.types(pasted("price:decimal:2,10"), ENTER)
    person.sees("PRECISION,SCALE: 1 to 18 digits")
    # Its last words, on the third line.
    person.sees("them are after the point")
    person.types(CTRL_C)
    assert person.ends()[0] == 130


def test_sigterm_at_a_question_is_the_same(shop: Living) -> None:
    before = shop.tree()
    person = at(shop)
    answers(person, NAME)
    person.sees("Who may use")
    person.child.kill(signal.SIGTERM)
    code, screen = person.ends()
    assert code == 130
    assert "interrupted: nothing was written" in screen
    assert shop.tree() == before


@pytest.mark.slow
def test_no_means_no(shop: Living) -> None:
    before = shop.tree()
    person = at(shop)
    answers(person, *ALL[:-1], ("Make these changes", "n"))
    code, screen = person.ends()
    assert code == 1
    assert screen.rstrip().endswith("note: nothing was written")
    assert shop.tree() == before


@pytest.mark.slow
@pytest.mark.parametrize(("flag", "shown"), [("--dry-run", "create  "), ("--diff", "+++ b/")])
def test_with_a_dry_run_there_is_nothing_to_confirm(shop: Living, flag: str, shown: str) -> None:
    before = shop.tree()
    person = at(shop, flag)
    answers(person, *ALL[:-1])
    code, screen = person.ends()
    assert code == 0
    assert f"{shown}{MODEL}" in screen
    assert "Make these changes" not in screen
    assert shop.tree() == before


@pytest.mark.slow
def test_others_may_work_in_the_project_meanwhile(shop: Living) -> None:
    person = at(shop)
    answers(person, NAME, OWNER, FIELD, STR, LENGTH, PLAIN)
    shop.must("add", "resource", "kind", "name:str")
    answers(person, NO_MORE, YES)
    code, _ = person.ends()
    assert code == 0
    assert shop.run("check").out == "uv.lock: it does not exist\n  hint: uv lock\n"


@pytest.mark.slow
def test_what_was_shown_is_what_is_done(shop: Living) -> None:
    person = at(shop)
    answers(person, *ALL[:-1])
    person.sees("Make these changes")
    shop.must("add", "resource", "kind", "name:str")
    before = shop.tree()
    person.types(ENTER)
    code, screen = person.ends()
    assert code == 1
    assert "has changed since it was read" in screen.rpartition("error: ")[2]
    assert shop.tree() == before


def test_yes_means_no_questions(shop: Living) -> None:
    code, screen = at(shop, "item", "-y").ends()
    assert code == 0
    assert "a resource without fields gets one: name:str:100" in screen
    code, screen = at(shop, "-y").ends()
    assert code == 2
    assert "error: a resource needs a name" in screen


@pytest.mark.slow
def test_no_color_means_no_style(shop: Living) -> None:
    person = at(shop, NO_COLOR="1")
    answers(person, *ALL)
    code, _ = person.ends()
    assert code == 0
    assert not STYLE.search(person.raw)
    coloured = at(shop, "kind")
    answers(coloured, (OWNER[0], CTRL_C))
    coloured.ends()
    assert STYLE.search(coloured.raw)


@pytest.mark.slow
def test_questions_keep_out_of_stdout(shop: Living, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shop.user.cwd = shop.root
    person = Terminal(shop.user, "add", "resource", out=out)
    answers(person, *ALL)
    code, screen = person.ends()
    assert code == 0
    assert f"create  {MODEL}" in screen
    assert out.read_text().startswith(f"create  {MODEL}\n")
    assert "Name of" not in out.read_text()


def run(shop: Living, *arguments: str) -> Terminal:
    shop.user.cwd = shop.root
    return Terminal(shop.user, *arguments)


@pytest.mark.slow
def test_the_resource_to_remove_is_chosen_from_a_list(shop: Living) -> None:
    shop.must("add", "resource", "item")
    shop.must("add", "resource", "kind")
    before = shop.tree()
    person = run(shop, "remove", "resource")
    answers(person, ("Resource to remove", f"{DOWN}{ENTER}"), ("Make these changes", "n"))
    code, screen = person.ends()
    assert code == 1
    assert "delete  src/app/models/kind.py" in screen
    assert shop.tree() == before

    person = run(shop, "remove", "resource")
    answers(person, ("Resource to remove", f"{DOWN}{ENTER}"), YES)
    code, _ = person.ends()
    assert code == 0
    assert not (shop.root / "src/app/models/kind.py").exists()
    assert (shop.root / MODEL).exists()


def test_the_resource_and_the_fields_to_add_are_asked_for(shop: Living) -> None:
    shop.must("add", "resource", "item")
    person = run(shop, "add", "field")
    answers(
        person,
        ("Resource to add fields to", ENTER),
        ("Field 1", f"sku:str:32{ENTER}"),
        ("existing rows would have no value", ""),
        ("Field 1", f"sku:str:32:optional{ENTER}"),
        ("Field 2", f"{pasted('name:str')}{ENTER}"),
        ("is taken by the field 'name'", f"{CLEAR}{ENTER}"),
    )
    code, screen = person.ends()
    assert code == 0, screen
    assert "sku: Mapped[str | None]" in shop.read(MODEL)


@pytest.mark.slow
@pytest.mark.slow
def test_accounts_are_listed_where_they_have_fields(shop: Living) -> None:
    shop.must("add", "resource", "item", "name:str:100", "price:int")
    person = run(shop, "add", "field", "--no-migration")
    answers(
        person,
        ("Resource to add fields to", f"{DOWN}{ENTER}"),
        ("Field 1", f"bio:text:optional{ENTER}"),
        ("Field 2", ENTER),
    )
    assert person.ends()[0] == 0
    steps = {
        ("change", "field"): (
            ("Resource to change a field of", f"{DOWN}{ENTER}"),
            ("Field to change", ENTER),
            ("Its new definition", f"{CLEAR}{pasted('name:str:5')}{ENTER}"),
            ("it defines bio", f"{CLEAR}{pasted('bio:str:90:optional')}{ENTER}"),
        ),
        ("rename", "field"): (
            ("Resource to rename a field of", f"{DOWN}{ENTER}"),
            ("Field to rename", ENTER),
            ("New name of bio", f"about{ENTER}"),
        ),
        ("remove", "field"): (
            ("Resource to remove a field of", ENTER),
            ("Field to remove", f"{DOWN}{ENTER}"),
        ),
        ("rename", "resource"): (
            ("Resource to rename", ENTER),
            ("New name of item", f"product{ENTER}"),
        ),
    }
    for command, asked in steps.items():
        person = run(shop, *command, "--no-migration")
        answers(person, *asked)
        code, screen = person.ends()
        assert code == 0, screen
    assert "- about:str:90:optional\n" in shop.read(".fastgen/user.yml")
    assert "fields:\n- name:str:100\n" in shop.read(".fastgen/resources/product.yml")
    assert "price" not in shop.read(".fastgen/resources/product.yml")


@pytest.mark.slow
def test_leaving_the_list_changes_nothing(shop: Living) -> None:
    shop.must("add", "resource", "item")
    before = shop.tree()
    for command in (("remove", "resource"), ("add", "field")):
        person = run(shop, *command)
        answers(person, ("Resource to", CTRL_C))
        code, _ = person.ends()
        assert code == 130
    assert shop.tree() == before


@pytest.mark.slow
def test_a_resource_that_is_there_gets_fields_by_another_command(shop: Living) -> None:
    shop.must("add", "resource", "item")
    code, screen = at(shop, "item").ends()
    assert code == 1
    assert screen.endswith("hint: fastgen add field item\n")
    person = run(shop, "add", "field", "item")
    answers(person, ("Field 1", f"sku:str:32:optional{ENTER}"), ("Field 2", ENTER))
    code, _ = person.ends()
    assert code == 0


@pytest.mark.parametrize(
    ("command", "better"),
    [
        ("remove resource", "item"),
        ("add field", "item note:text:optional"),
        ("change field", "item name:str:100"),
        ("rename field", "item name new_name"),
        ("remove field", "item name"),
        ("rename resource", "item new_item"),
        ("change access", "item shared"),
    ],
)
def test_where_nobody_is_asked_a_resource_is_needed(
    shop: Living, command: str, better: str
) -> None:
    shop.must("add", "resource", "item", "name:str:100")
    refused = shop.run(*command.split())
    known = "item, user" if command == "add field" else "item"
    assert refused.code == 2
    assert refused.err == (
        f"error: the name of a resource is missing: there are {known}\n"
        f"hint: fastgen {command} {better}\n"
    )


@pytest.mark.slow
def test_a_dumb_terminal_gets_lines_and_numbers(shop: Living) -> None:
    other = shop.copy("other")
    person = at(shop, TERM="dumb")
    answers(
        person,
        (NAME[0], f"class{ENTER}"),
        ("'class' is a keyword of Python", f"item{ENTER}"),
        ("Number [1]", f"9{ENTER}"),
        ("type a number from 1 to 4", f"2{ENTER}"),
        ("Field 1", f"size{ENTER}"),
        ("size: its type", ""),
        ("Number [1]", f"3{ENTER}"),
        ("size: modifiers", ""),
        ("[none]: ", f"2,99{ENTER}"),
        ("type numbers from 1 to", f"1, 3{ENTER}"),
        ("Field 2", f"note:text{ENTER}"),
        ("Field 3", ENTER),
        ("Make these changes (Y/n): ", f"maybe{ENTER}"),
        ("type y or n", ENTER),
    )
    code, screen = person.ends()
    assert code == 0, screen
    assert "\x1b" not in person.raw
    [line] = re.findall(r"To repeat this: (.*)\n", screen)
    other.must(*shlex.split(line)[1:])
    assert other.texts() == shop.texts()


@pytest.mark.others_nightly
@pytest.mark.parametrize("answered", [0, 1, 2])
@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
def test_the_ways_out_on_a_dumb_terminal(shop: Living, key: str, answered: int) -> None:
    person = at(shop, TERM="dumb")
    asked = [NAME, ("Number [1]", ENTER), ("Field 1", "")]
    answers(person, *asked[:answered], (asked[answered][0], key))
    code, screen = person.ends()
    assert code == 130
    assert screen.rstrip().endswith("error: interrupted: nothing was written")
    assert "\x1b" not in person.raw
