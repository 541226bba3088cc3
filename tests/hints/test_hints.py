"""Every hint is a command that helps as it is printed."""

import re
import shlex
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import living
import preloaded
from hints.sites import Site, sites
from hints.table import ITEM, SITUATIONS, TYPED_ELSEWHERE, UNTYPED, Situation
from preloaded import CLIENT, Preloaded
from support import Cli

TRACED = Path(__file__).with_name("traced.py")
HINT = re.compile(r"^ *hint: (.+)$", re.MULTILINE)
# Those about what is typed; those about what is found in a project are typed at night.
BY_DAY = ("cli/", "fields/", "names/", "placement/")
CASES = [
    pytest.param(function, marks=[] if function.startswith(BY_DAY) else pytest.mark.nightly)
    for function in SITUATIONS
]


@cache
def by_function() -> Mapping[str, list[Site]]:
    found = defaultdict(list)
    for site in sites():
        found[site.function].append(site)
    return found


@pytest.fixture(scope="module")
def with_item(tmp_path_factory: pytest.TempPathFactory, fresh_project: Path) -> Path:
    """A project with a resource and something of a lock, in its git."""
    home = tmp_path_factory.mktemp("with-item")
    project = living.settle(Cli(home, home / "home"), fresh_project)
    project.must(*shlex.split(ITEM)[1:])
    needed = re.findall(r'^ +"([A-Za-z0-9_-]+)', project.read("pyproject.toml"), re.MULTILINE)
    project.write("uv.lock", "".join(f'[[package]]\nname = "{name}"\n' for name in needed))
    project.commit()
    return project.root


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preloaded]:
    """A fastgen that notes where its hints come from."""
    folder = tmp_path_factory.mktemp("traced")
    with preloaded.started(Cli(folder, folder / "home").env, TRACED) as fastgen:
        yield fastgen


def test_each_hint_has_a_situation_in_which_it_is_typed() -> None:
    known = {*SITUATIONS, *UNTYPED}
    missing = [
        str(site)
        for function, found in by_function().items()
        for site in found
        if function not in known
    ]
    told = "\n".join(missing)
    assert not missing, f"add a situation for each of these hints to tests/hints/table.py:\n{told}"


def test_each_situation_is_for_a_hint_that_there_is() -> None:
    hints = {f"{site.function}: {site.hint}" for one in by_function().values() for site in one}
    stale = {*SITUATIONS, *UNTYPED} - {*by_function()} - hints
    assert not stale, f"take these out of tests/hints/table.py, they give no hint: {sorted(stale)}"


@pytest.mark.slow
@pytest.mark.parametrize("function", CASES)
def test_a_hint_helps_as_it_is_printed(
    tmp_path: Path, request: pytest.FixtureRequest, traced: Preloaded, function: str
) -> None:
    module = function.partition(":")[0]
    given: set[tuple[str, int]] = set()
    for number, situation in enumerate(SITUATIONS[function]):
        place = tmp_path / str(number) / "shop"
        if situation.folder == "project":
            shutil.copytree(request.getfixturevalue("with_item"), place, symlinks=True)
        else:
            place.mkdir(parents=True)
        given |= lines_of_hints_that_help(traced, Cli(place, tmp_path / "home"), situation)
    untried = [
        str(site)
        for site in by_function().get(function, [])
        if not any((module, line) in given for line in site.lines)
        and f"{function}: {site.hint}" not in UNTYPED
    ]
    assert not untried, f"add a situation for these hints to tests/hints/table.py: {untried}"


def lines_of_hints_that_help(
    fastgen: Preloaded, user: Cli, situation: Situation
) -> set[tuple[str, int]]:
    """Type the command, then its hints; return the modules and the lines that gave hints."""
    notes = user.cwd.parent / "notes"
    user.env["FASTGEN_NOTES"] = str(notes)
    refused = typed(fastgen, user, situation.before, situation.where, situation.command)
    assert refused.returncode not in {0, 70}, (situation, refused)
    hints = list(dict.fromkeys(HINT.findall(refused.stderr + refused.stdout)))
    assert hints, (situation, refused)
    given = {
        (module, int(line))
        for module, line in (told.split() for told in notes.read_text().splitlines())
    }
    allowed = "|".join(map(str, situation.codes))
    lines = [situation.where]
    for hint in hints:
        if not hint.startswith(TYPED_ELSEWHERE):
            lines += [hint, f"case $? in {allowed}) ;; *) exit 99 ;; esac"]
            # One hint may help against all that was told.
            lines += [f"if {situation.then}; then exit; fi"] * (situation.then != "true")
    helped = typed(fastgen, user, *lines, situation.then)
    assert helped.returncode == 0, (situation, hints, helped)
    return given


def typed(fastgen: Preloaded, user: Cli, *lines: str) -> "subprocess.CompletedProcess[str]":
    """Type `lines` into a shell that knows `fastgen`."""
    command = shlex.join([sys.executable, "-IS", str(CLIENT), str(fastgen.socket)])
    script = "\n".join([f'fastgen() {{ {command} "$@"; }}', *lines])
    return subprocess.run(
        ["bash", "-c", script],
        cwd=user.cwd,
        env={**user.env, "PATH": f"{Path(sys.executable).parent}:{user.env['PATH']}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
        check=False,
        text=True,
        errors="replace",
    )
