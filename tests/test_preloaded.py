"""A run in a fork of a preloaded fastgen is like one that starts Python."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import preloaded
from preloaded import CLIENT
from support import Cli


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("info",),
        ("nothing", "like", "that"),
        pytest.param(("new", "myapi", "--dry-run", "--json"), marks=pytest.mark.slow),
        ("new", b"\xff", "--yes"),
        ("new", "..", "--output", "../elsewhere"),
    ],
)
def test_code_and_output_are_the_same(cli: Cli, arguments: tuple[str | bytes, ...]) -> None:
    assert preloaded.of(cli.env)
    with cli.start(*map(os.fsdecode, arguments)) as process:
        out, err = map(os.fsdecode, process.communicate())
    ran = cli.run(*arguments)
    assert (ran.code, ran.out, ran.err) == (process.returncode, out, err)


@pytest.mark.slow
def test_the_folder_the_environment_and_the_umask_are_those_of_the_caller(tiny: Cli) -> None:
    assert preloaded.of(tiny.env)
    there = tiny.cwd / "there"
    there.mkdir()
    old = os.umask(0o027)
    try:
        done = tiny.run("new", "myapi", "--no-install", cwd=there, env={"GIT_AUTHOR_NAME": "Eve"})
    finally:
        os.umask(old)
    assert (done.code, done.out) == (0, f"{there}/myapi\n")
    assert stat.S_IMODE((there / "myapi/README.md").stat().st_mode) == 0o640
    assert tiny.git("log", "--format=%an", cwd=there / "myapi") == "Eve\n"


def test_the_streams_are_those_of_the_caller(cli: Cli, tmp_path: Path) -> None:
    fastgen = preloaded.of(cli.env)
    assert fastgen
    command = [sys.executable, "-IS", str(CLIENT), str(fastgen.socket), "--version"]
    with (tmp_path / "out").open("w") as out:
        subprocess.run(command, env=cli.env, cwd=cli.cwd, stdout=out, check=True)
    assert (tmp_path / "out").read_text() == cli.run("--version").out


def test_another_start_of_python_is_none_of_it(cli: Cli) -> None:
    assert preloaded.of({**cli.env, "PYTHONPATH": "elsewhere"}) is None
    assert preloaded.of({**cli.env, "LC_ALL": "elsewhere"}) is None
