"""What `fastgen new` says, and when it refuses. (What it makes: tests/e2e.)"""

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

import support
from support import TINY_FILES, Cli

QUICK = ("--no-install", "--no-git")


def test_help_has_every_question_with_choices_and_default(cli: Cli) -> None:
    told = " ".join(cli.run("new", "--help").out.split())
    assert "--database sqlite|postgresql" in told
    assert "[default: sqlite]" in told
    assert "--deploy docker|kubernetes|none" in told
    assert "[default: docker]" in told
    assert "--ci github|none" in told
    assert "--description TEXT" in told
    for flag in ("--output", "--yes", "--no-git", "--no-install", "--dry-run", "--json"):
        assert flag in told


def test_piped_it_prints_the_path_and_nothing_else(tiny: Cli) -> None:
    result = tiny.run("new", "myapi", "--no-install")
    assert (result.code, result.out, result.err) == (0, f"{tiny.cwd}/myapi\n", "")


def test_python_m_and_the_script_are_the_same(tiny: Cli) -> None:
    first = tiny.run("--help").out
    tiny.command = (str(Path(sys.executable).parent / "fastgen"),)
    assert tiny.run("--help").out == first


def test_json_is_one_object(tiny: Cli) -> None:
    result = tiny.run("new", "myapi", "--no-install", "--json")
    report = result.json
    assert result.code == 0
    assert report["project"] == "myapi"
    assert report["path"] == f"{tiny.cwd}/myapi"
    assert report["options"] == {"description": "A service", "database": "sqlite"}
    assert report["next"][0] == "cd myapi"
    assert report["steps"] == [
        {"name": "render", "status": "done"},
        {"name": "lock", "status": "skipped", "reason": "--no-install"},
        {"name": "commit", "status": "done"},
        {"name": "install", "status": "skipped", "reason": "--no-install"},
    ]
    made = {p.relative_to(tiny.cwd / "myapi").as_posix() for p in (tiny.cwd / "myapi").rglob("*")}
    assert set(report["files"]) <= made
    assert ".env" in report["files"]


def test_json_tells_an_error_too(tiny: Cli) -> None:
    result = tiny.run("new", "class", "--json")
    assert result.code == 1
    assert result.json["error"]["exit_code"] == 1
    assert "keyword" in result.json["error"]["message"]
    assert result.json["error"]["hint"] == "fastgen new api-class --json"
    assert result.err.startswith("error: 'class'")


def test_json_tells_wrong_usage_too(tiny: Cli) -> None:
    result = tiny.run("new", "x", "--nope", "--json")
    assert result.code == 2
    assert result.json["error"]["exit_code"] == 2


LOST = "error: cannot write to standard output: No space left on device"
FULL = f"{LOST}\n"
STANDS = f"{LOST}; the project is complete\nhint: cd myapi\n"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("new", "myapi", *QUICK), 3, STANDS),
        (("new", "myapi", *QUICK, "--json"), 3, STANDS),
        (("new", "myapi", "--dry-run"), 1, FULL),
        (("new", "myapi", "--dry-run", "--json"), 1, FULL),
        (("new", "--help"), 1, FULL),
        (("--help",), 1, FULL),
        (("--version",), 1, FULL),
    ],
)
@pytest.mark.parametrize("to", ["full", "pipe"])
def test_a_stdout_that_takes_nothing(
    tiny: Cli, to: str, arguments: tuple[str, ...], code: int, told: str
) -> None:
    assert deaf(tiny, to, *arguments) == (code, told if to == "full" else broken(told))
    assert (tiny.cwd / "myapi" / "pyproject.toml").exists() == (code == 3)


@pytest.mark.parametrize("to", ["full", "pipe"])
def test_an_error_is_told_without_stdout(tiny: Cli, to: str) -> None:
    code, told = deaf(tiny, to, "new", "class", "--json")
    assert code == 1
    assert told.startswith("error: 'class' cannot be")
    assert told.endswith(FULL if to == "full" else broken(FULL))
    assert "Traceback" not in told


@pytest.mark.slow
def test_a_closed_stdout_is_no_error(tiny: Cli) -> None:
    tiny.command = ("sh", "-c", f'{" ".join(tiny.command)} "$@" >&-', "sh")
    result = tiny.run("new", "myapi", *QUICK)
    assert (result.code, result.err) == (0, "")


def broken(told: str) -> str:
    return told.replace("No space left on device", "Broken pipe")


def deaf(tiny: Cli, to: str, *arguments: str) -> tuple[int, str]:
    """Run with a stdout that is a full disk, or a pipe that nobody reads."""
    if to == "full":
        end = os.open("/dev/full", os.O_WRONLY)
    else:
        reader, end = os.pipe()
        os.close(reader)
    try:
        done = subprocess.run(
            [*shlex.split(tiny.typed), *arguments],
            cwd=tiny.cwd,
            env=tiny.env,
            stdin=subprocess.DEVNULL,
            stdout=end,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(end)
    return done.returncode, done.stderr


def test_dry_run_lists_what_the_real_run_makes(tiny: Cli) -> None:
    plan = tiny.run("new", "myapi", "--dry-run")
    assert plan.code == 0
    assert not list(tiny.cwd.iterdir())
    tiny.run("new", "myapi", *QUICK)
    project = tiny.cwd / "myapi"
    made = sorted(p.relative_to(project).as_posix() for p in project.rglob("*") if p.is_file())
    assert plan.out.splitlines() == made


def test_dry_run_refuses_what_the_real_run_refuses(tiny: Cli) -> None:
    (tiny.cwd / "myapi").mkdir()
    (tiny.cwd / "myapi" / "mine.txt").write_text("mine")
    result = tiny.run("new", "myapi", "--dry-run")
    assert result.code == 1
    assert "it contains mine.txt" in result.err


def test_a_folder_that_was_pulled_away_is_told(tiny: Cli) -> None:
    tiny.command = ("sh", "-c", f"mkdir gone && cd gone && rmdir ../gone && {tiny.typed} new myapi")
    result = tiny.run()
    assert result.code == 1
    assert result.err.startswith("error: the current folder no longer exists\n")


@pytest.mark.parametrize("output", ["", "  "])
def test_an_empty_output_is_refused(tiny: Cli, output: str) -> None:
    result = tiny.run("new", "myapi", "--output", output)
    assert result.code == 1
    assert result.err.startswith("error: --output is empty")


def test_a_path_need_not_be_text(tiny: Cli) -> None:
    result = tiny.run("new", "myapi", "--output", b"d\xff", "--dry-run", "--json")
    assert (result.code, result.err) == (0, "")
    result = tiny.run("new", "myapi", "--output", b"d\xff", *QUICK)
    assert (result.code, result.err) == (0, "")
    assert os.fsencode(result.out).endswith(b"/d\xff\n")


FOLDERS = (
    "..", "../../far/away", "a b", "it's", "-x", "--output", "~", "$HOME", "`id`", "a;b", "*", "#",
    "class", "fastapi", "名前", "a\nb", "a\x1b[31mb", "\u202eb", "\udcff", "a\\b", "'\\\n",
)  # fmt: skip


@pytest.mark.parametrize("folder", FOLDERS)
def test_any_folder_may_stand_before_the_name(tiny: Cli, folder: str) -> None:
    deeper = tiny.cwd / "some" / "where"
    deeper.mkdir(parents=True)
    report = tiny.run("new", f"./{folder}/myapi", "--json", *QUICK, cwd=deeper).json
    made = Path(os.path.normpath(deeper / folder / "myapi"))
    assert (report["project"], report["path"]) == ("myapi", str(made))
    assert (made / "src" / "app" / "main.py").exists()
    assert entered(tiny, report["next"][0], deeper) == made


def entered(tiny: Cli, command: str, cwd: Path) -> Path:
    """Type a command, printed as it is, and return where it leads."""
    assert command.isprintable()
    done = subprocess.run(
        ["bash", "-c", f"{command} && pwd -P"],
        cwd=cwd,
        env=tiny.env,
        capture_output=True,
        check=True,
    )
    return Path(os.fsdecode(done.stdout)[:-1])


@pytest.mark.parametrize(
    "typed", ["myapi/", "./myapi", "{cwd}/myapi", "~/{cwd.name}/myapi", "x/../myapi"]
)
def test_one_folder_is_typed_in_many_ways(tiny: Cli, typed: str) -> None:
    env = {"HOME": str(tiny.cwd.parent)}
    result = tiny.run("new", typed.format(cwd=tiny.cwd), *QUICK, env=env)
    assert (result.code, result.out, result.err) == (0, f"{tiny.cwd}/myapi\n", "")


@pytest.mark.parametrize("typed", ["~/x", "~"])
def test_a_home_that_the_shell_left_in_quotes_is_the_home(tiny: Cli, typed: str) -> None:
    home = tiny.cwd.parent / "ada"
    home.mkdir()
    result = tiny.run("new", typed, *QUICK, env={"HOME": str(home)})
    assert result.out == f"{home}{typed[1:]}\n"
    result = tiny.run("new", "shop", "--output", "~/y", *QUICK, env={"HOME": str(tiny.home)})
    assert result.out == f"{tiny.home}/y\n"


def test_a_fresh_repository_is_filled_from_within(tiny: Cli) -> None:
    repository = tiny.cwd / "shop"
    tiny.git("init", "--quiet", str(repository))
    (repository / "LICENSE").write_text("mine")
    report = tiny.run("new", ".", "--no-install", "--json", cwd=repository).json
    assert (report["project"], report["path"]) == ("shop", str(repository))
    assert (repository / "LICENSE").read_text() == "mine"
    assert "fastgen" in tiny.git("log", "-1", "--format=%s", cwd=repository)


@pytest.mark.parametrize("typed", ["..", "../mine", "../mine/"])
def test_a_taken_folder_is_told_with_one_that_is_not(tiny: Cli, typed: str) -> None:
    here = tiny.cwd / "mine" / "here"
    here.mkdir(parents=True)
    result = tiny.run("new", typed.replace("/mine", "/here/../../mine"), *QUICK, cwd=here)
    assert result.code == 1
    assert result.err.startswith(
        f"error: {tiny.cwd}/mine exists and is not empty: it contains here "
    )
    better = f"fastgen new mine --no-install --no-git --output {tiny.cwd}/mine-2"
    assert result.err.endswith(f"hint: {better}\n")


def test_the_folder_is_said_once(tiny: Cli) -> None:
    result = tiny.run("new", "../class", "--output", "there", *QUICK)
    assert result.code == 1
    assert result.err == (
        "error: '../class' and --output both say where to create the project: give one of them\n"
        "error: 'class' cannot be the name of a project: it is a keyword of Python\n"
        "hint: fastgen new api-class --output there --no-install --no-git\n"
    )


def test_where_the_shell_came_through_a_link_the_way_up_is_absolute(tiny: Cli) -> None:
    (tiny.cwd / "real").mkdir()
    link = tiny.home / "link"
    link.symlink_to(tiny.cwd / "real")
    report = tiny.run("new", "../myapi", "--json", *QUICK, cwd=link, env={"PWD": str(link)}).json
    assert report["path"] == f"{tiny.cwd}/myapi"
    assert report["next"][0] == f"cd {tiny.cwd}/myapi"
    report = tiny.run("new", "below", "--json", *QUICK, cwd=link, env={"PWD": str(link)}).json
    assert report["next"][0] == "cd below"


def test_commands_for_later_can_be_typed_whatever_the_folder_is_called(tiny: Cli) -> None:
    nobody = {"GIT_CONFIG_GLOBAL": "/dev/null"}
    result = tiny.run("new", "shop", "--output", "it's\na `folder`", "--no-install", env=nobody)
    later = result.err.partition("note: to do it later: ")[2].removesuffix("\n")
    assert "\n" not in later
    subprocess.run(["bash", "-c", later], cwd="/", env=tiny.env, check=True, capture_output=True)
    project = tiny.cwd / "it's\na `folder`"
    assert tiny.git("log", "--format=%s", cwd=project) == "Add it's a `folder`\n"


def test_all_mistakes_are_told_at_once(cli: Cli) -> None:
    result = cli.run("new", "1x", "--database", "postgres", "--deploy", "podman")
    assert result.code == 1
    assert result.err.count("error: ") == 3
    better = "fastgen new api-1x --database postgresql --deploy docker"
    assert result.err.endswith(f"hint: {better}\n")
    assert not list(cli.cwd.iterdir())


def test_without_a_terminal_a_name_is_needed(cli: Cli) -> None:
    result = cli.run("new")
    assert result.code == 2
    assert result.err == "error: the project needs a name\nhint: fastgen new myapi\n"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "1abc",
        "class",
        "import",
        "app",
        "fastapi",
        "test",
        "../my evil",
        "/tmp/class",
        "my api",
        "a;id",
        "$(id)",
        "`id`",
        "a|b",
        "x" * 300,
        "имя",
        b"\xff\xfe",
        "a\nb",
    ],
)
def test_a_bad_name_is_refused_and_nothing_written(cli: Cli, name: str | bytes) -> None:
    result = cli.run("new", name, *QUICK)
    assert result.code == 1
    assert not result.out
    assert re.match(r"error: .+\nhint: fastgen new .+\n$", result.err)
    assert "Traceback" not in result.err
    assert not list(cli.cwd.iterdir())
    assert [p.name for p in cli.cwd.parent.iterdir() if p.name not in {"work", "home"}] == []


@pytest.mark.parametrize("text", ["a\x1b[31m", "a\x07", b"\xff\xfe", "x" * 501])
def test_a_bad_description_is_refused(cli: Cli, text: str | bytes) -> None:
    result = cli.run("new", "myapi", "--description", text, *QUICK)
    assert result.code == 1
    assert result.err.startswith("error: --description has")
    assert "\x1b" not in result.err
    assert not list(cli.cwd.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        'it\'s "quoted" `here`',
        "back\\slash \\n \\u0041 C:\\temp\\",
        "two\nlines\n\nand\ta tab",
        "{{ 7*7 }} {% raw %} {# no #}",
        "${{ secrets.X }} $HOME $(id) %PATH%",
        '""" + __import__("os").getcwd() + """',
        "'''; import os",
        "]]> <script>alert(1)</script> & </script>",
        "emoji 😀🏳️‍🌈, é, 名前, \u200fעברית",
        "--flag: [yes, no] # not a comment",
        "key: value\n- item\n...\n---",
        "*bold* _it_ | table | \n# heading\n```\ncode",
        "",
        "null",
        "123",
        "@include %include ~ ! & *",
    ],
)
def test_any_description_is_text_wherever_it_lands(cli: Cli, text: str) -> None:
    result = cli.run("new", "myapi", f"--description={text}", *QUICK)
    assert (result.code, result.err) == (0, "")
    project = cli.cwd / "myapi"
    declared = tomllib.loads((project / "pyproject.toml").read_text())["project"]
    # A summary is one line wherever packages are shown.
    assert " ".join(declared.get("description", "").split()) == " ".join(text.split())
    assert yaml.safe_load((project / ".copier-answers.yml").read_text())["description"] == text
    for file in project.rglob("*.py"):
        compile(file.read_text(), file, "exec")
    for file in (*project.rglob("*.yaml"), *project.rglob("*.yml")):
        list(yaml.safe_load_all(file.read_text()))
    assert "49" not in (project / "README.md").read_text().split("\n", 1)[0]


def test_an_option_needs_only_its_entry_in_copier_yml(
    tiny: Cli, retemplate: Callable[..., None]
) -> None:
    more = (
        support.TINY_QUESTIONS
        + """\
cache: {type: bool, help: Keep answers, default: false}
cache_size: {type: int, help: How many, default: 10, when: "{{ cache }}"}
"""
    )
    files = {**TINY_FILES, "size.txt.jinja": "{{ cache }} {{ cache_size }}\n"}
    retemplate(more, files)
    told = " ".join(tiny.run("new", "--help").out.split())
    assert "--cache / --no-cache Keep answers [default: no]" in told
    assert "--cache-size INTEGER How many [default: 10]" in told
    assert tiny.run("new", "one", "--cache", "--cache-size", "3", *QUICK).code == 0
    assert (tiny.cwd / "one" / "size.txt").read_text() == "True 3\n"
    assert tiny.run("new", "two", *QUICK).code == 0
    assert (tiny.cwd / "two" / "size.txt").read_text() == "False 10\n"
    assert "cache_size" not in (tiny.cwd / "two" / ".copier-answers.yml").read_text()
    result = tiny.run("new", "three", "--cache-size", "3", *QUICK)
    assert result.code == 1
    assert "--cache-size does not go with the other options: it needs cache" in result.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.txt.jinja", "{{ nothing_like_that }}"),
        ("broken.txt.jinja", "{% if %}"),
        ("broken.py", "def ("),
        (".env.example", "NO_KEY=\n"),
    ],
)
def test_a_broken_template_is_our_fault_and_leaves_nothing(
    tiny: Cli, retemplate: Callable[..., None], name: str, content: str
) -> None:
    retemplate(files={**TINY_FILES, name: content})
    result = tiny.run("new", "myapi", *QUICK)
    assert result.code == 70
    assert "this is a bug in fastgen" in result.err
    assert "Traceback" not in result.err
    assert not list(tiny.cwd.iterdir())
    assert "Traceback" in tiny.run("--debug", "new", "myapi", *QUICK).err


def test_an_entry_of_copier_yml_that_it_cannot_read_is_our_fault(
    tiny: Cli, retemplate: Callable[..., None]
) -> None:
    retemplate("a: {multiselect: true}\n")
    result = tiny.run("new", "myapi", "--json")
    assert result.code == 70
    assert json.loads(result.out)["error"]["exit_code"] == 70


def test_the_persons_own_copier_settings_change_nothing(tiny: Cli) -> None:
    settings = tiny.home / "settings.yml"
    settings.write_text("defaults: {database: postgresql, description: other}\n")
    tiny.run("new", "myapi", *QUICK, env={"COPIER_SETTINGS_PATH": str(settings)})
    assert "sqlite" in (tiny.cwd / "myapi" / ".copier-answers.yml").read_text()
