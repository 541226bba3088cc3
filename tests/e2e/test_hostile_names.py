"""A hundred hostile names and texts, wherever one can be typed: all of it is done, or nothing."""

import ast
import os
import shutil
import tomllib
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

import pytest
import yaml

from living import Living
from support import Cli, Result, snapshot

pytestmark = pytest.mark.slow

PATHS = (
    "", " ", ".", "..", "...", "/", "//", "~", "-", "--", "-rf", "--help", "../evil", "../../evil",
    "a/b", "a\\b", "/proc/evil", "./x", "x/", "x/..", "~/evil", "$HOME", "%TEMP%", "C:\\evil",
    "CON", "nul", "aux.py", ".git", ".env", ".venv", "pyproject.toml", "src", "tests", "a" * 300,
)  # fmt: skip
SHELL = (
    "a b", "a;touch pwned", "a|touch pwned", "`touch pwned`", "$(touch pwned)", "a&&touch pwned",
    "a\ntouch pwned", "a\ttab", "a\rb", "a'b", 'a"b', "*", "?", "[x]", "{x}", "!x", "#x", "a>pwned",
)  # fmt: skip
CODE = (
    "{{ 7*7 }}", "{% raw %}", "{# x #}", "{{ config }}", "${x}", "#{x}", '"; import os; os.x() #',
    "'''", '"""', "\\", "\\n", "\\x00", "%s", "%(x)s", "{0}", "{x!r}", "<script>", "]]>", "---",
    "- a: b", "a: b", "&x", "*x", "!!python/object:os.system", "[tool.x]", "key = 1", "# noqa",
)  # fmt: skip
WORDS = (
    "class", "import", "None", "True", "self", "async", "print", "type", "str", "id", "user",
    "users", "app", "fastapi", "test", "metadata", "registry", "models", "select", "order", "1abc",
    "__init__", "_x", "x_", "é", "ß", "ﬁ", "İ", "К", "名前", "😀", "a\u202eb", "a\u200bb",
    "a\u0301",
)  # fmt: skip
BYTES = (b"\xff", b"a\xffb", b"\xed\xa0\x80", b"\x1b[31mred", b"\x07", b"a\x7fb")
CORPUS: tuple[str | bytes, ...] = (*PATHS, *SHELL, *CODE, *WORDS, *BYTES)
SOME_BY_DAY = pytest.mark.parametrize(
    "texts",
    [
        pytest.param(CORPUS[::3], id="some"),
        pytest.param(CORPUS, id="all", marks=pytest.mark.nightly),
    ],
)


@pytest.fixture
def cli(tmp_path: Path, preloaded_fastgen: None) -> Cli:  # noqa: ARG001 - for `Cli.run`
    work = tmp_path / "in" / "work"
    work.mkdir(parents=True)
    return Cli(work, tmp_path / "home")


@pytest.fixture
def project(cli: Cli) -> Living:
    made = cli.run("new", "shop", "--yes", "--no-install")
    assert made.code == 0, made.err
    return Living(cli, cli.cwd / "shop")


def test_the_corpus_is_one() -> None:
    assert len(set(CORPUS)) == len(CORPUS) >= 100


@SOME_BY_DAY
def test_of_a_project(cli: Cli, tmp_path: Path, texts: Sequence[str | bytes]) -> None:
    for name in texts:
        before = snapshot(tmp_path)
        result = cli.run("new", "--yes", "--no-install", "--no-git", "--", name)
        if refused(result, name):
            assert snapshot(tmp_path) == before, name
        else:
            # A name is a folder here, and a path leads where it says.
            typed = os.fsdecode(name).replace("~", str(cli.home))
            made = Path(os.path.normpath(cli.cwd / typed))
            assert result.out == f"{made}\n"
            must_be_whole(made)
            assert {*beside(made, tmp_path)} <= {*before}, name
            shutil.rmtree(made)
            cli.cwd.mkdir(exist_ok=True)


def beside(made: Path, around: Path) -> Iterator[str]:
    """Return what is there besides the project, the folders that lead to it, and our state."""
    for name in snapshot(around):
        path = around / name
        of_project = path.is_relative_to(made) or made.is_relative_to(path)
        if not of_project and not name.startswith("home/.local"):
            yield name


@SOME_BY_DAY
def test_paths_are_names_in_folders(cli: Cli, texts: Sequence[str | bytes]) -> None:
    for folder in texts:
        if b"/" in encoded(folder) or folder in {"", "..", "a" * 300}:
            continue
        path = b"./%b/shop" % encoded(folder)
        result = cli.run("new", path, "--yes", "--no-install", "--no-git")
        made = cli.cwd / os.fsdecode(folder) / "shop"
        assert (result.code, result.err) == (0, ""), folder
        must_be_whole(made)
        shutil.rmtree(made)


@SOME_BY_DAY
def test_of_a_description(cli: Cli, texts: Sequence[str | bytes]) -> None:
    for number, text in enumerate(texts):
        name = f"shop{number}"
        before = snapshot(cli.cwd.parent)
        description = b"--description=" + encoded(text)
        result = cli.run("new", name, description, "--yes", "--no-install", "--no-git")
        if refused(result, text):
            assert snapshot(cli.cwd.parent) == before, text
        else:
            must_be_whole(cli.cwd / name)
            shutil.rmtree(cli.cwd / name)


@SOME_BY_DAY
def test_of_a_resource(project: Living, texts: Sequence[str | bytes]) -> None:
    for name in texts:
        must_do_all_or_nothing(project, name, "add", "resource", "--", name, "name:str:100")


@SOME_BY_DAY
def test_of_a_field(project: Living, texts: Sequence[str | bytes]) -> None:
    slots = cycle([b"%b:str", b"x:%b", b"x:str:%b", b"x:enum:a,%b", b"x:str:default=%b"])
    for text, slot in zip(texts, slots, strict=False):
        field = slot.replace(b"%b", encoded(text))
        if must_do_all_or_nothing(project, text, "add", "resource", "--", "thing", field):
            project.git("reset", "--hard", "--quiet")
            project.git("clean", "-fdq")


def must_do_all_or_nothing(project: Living, text: str | bytes, *command: str | bytes) -> bool:
    """Run a command; return whether it did something."""
    around = project.root.parent.parent
    outside = set(around.iterdir())
    before = project.tree()
    result = project.user.run(*command, cwd=project.root)
    assert set(around.iterdir()) == outside
    if refused(result, text):
        assert project.tree() == before, text
        return False
    must_be_whole(project.root)
    return True


def encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def refused(result: Result, text: str | bytes) -> bool:
    """Whether it was refused, and if so with a reason on stderr and nothing on stdout."""
    assert "Traceback" not in result.err, (text, result.err)
    if result.code == 0:
        return False
    assert result.code in {1, 2}, (text, result)
    assert result.out == "", (text, result)
    assert "error" in result.err.lower(), (text, result)
    # What was typed comes back readable: it cannot move the cursor or ring.
    assert not set(result.err) & {"\x1b", "\x07", "\r", "\u202e"}, (text, result)
    return True


def must_be_whole(root: Path) -> None:
    """Read all that was made: Python, TOML and YAML that parse."""
    assert not list(root.parent.rglob("pwned"))
    for path in sources(root):
        text = path.read_text("utf-8")
        match path.suffix:
            case ".py":
                ast.parse(text, str(path))
            case ".toml":
                tomllib.loads(text)
            case ".yml" | ".yaml":
                list(yaml.safe_load_all(text))


def sources(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts)
