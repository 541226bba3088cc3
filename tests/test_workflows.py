"""Our own workflows: pinned, with no more rights than they need, and examined."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
PINNED = re.compile(r"uses: ([\w.-]+/[\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)")
# What may be written, and by which job.
RIGHTS = {"release.yml": {"publish": {"id-token": "write"}}}


@pytest.fixture(params=WORKFLOWS, ids=lambda file: file.stem)
def file(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def read(file: Path) -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return parsed


def pins(text: str) -> dict[str, set[tuple[str, str]]]:
    """Return the hashes and versions at which each action is used."""
    found: dict[str, set[tuple[str, str]]] = {}
    for action, *at in PINNED.findall(text):
        found.setdefault(action, set()).add((at[0], at[1]))
    return found


def test_there_are_a_workflow_for_changes_one_for_nights_and_one_for_releases() -> None:
    assert [file.stem for file in WORKFLOWS] == ["ci", "nightly", "release"]


def test_zizmor_finds_nothing() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    done = subprocess.run(
        [zizmor, "--offline", "--quiet", "--format", "json", FOLDER],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, json.loads(done.stdout)) == (0, []), done.stderr


def test_actions_are_pinned_as_in_generated_projects() -> None:
    (generated,) = (ROOT / "template" / "project").rglob("ci.yml*")
    known = pins(generated.read_text("utf-8"))
    used = pins("\n".join(file.read_text("utf-8") for file in WORKFLOWS))
    assert {name for name, at in used.items() if len(at) > 1} == set()
    assert {name: at for name, at in used.items() if name in known} == known


def test_every_job_has_only_the_rights_it_needs(file: Path) -> None:
    text, workflow = file.read_text("utf-8"), read(file)
    assert text.count("uses:") == len(PINNED.findall(text))
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        allowed = RIGHTS.get(file.name, {}).get(name, {"contents": "read"})
        assert job["permissions"] == allowed
        assert 0 < job["timeout-minutes"] <= 120


def test_parts_and_files_that_are_named_exist(file: Path) -> None:
    text = file.read_text("utf-8")
    for parts in re.findall(r"\.ci/run (.+)$", text, re.MULTILINE):
        for part in parts.replace('"', "").replace("$SHARD", "1").split():
            assert re.fullmatch(r"lint|quick|containers|nightly|slow-1/4", part), part
    for path in re.findall(r"\btests/[\w/]+\.py", text):
        assert (ROOT / path).is_file(), path


def test_shards_are_as_many_as_they_say() -> None:
    slow = read(FOLDER / "ci.yml")["jobs"]["slow"]
    shards = slow["strategy"]["matrix"]["shard"]
    assert shards == list(range(1, len(shards) + 1))
    assert f'slow-$SHARD/{len(shards)}"' in slow["steps"][-1]["run"]


def test_what_is_left_out_by_day_runs_at_night() -> None:
    assert "not nightly" in (ROOT / ".ci" / "run").read_text("utf-8")
    steps = read(FOLDER / "nightly.yml")["jobs"]["marked"]["steps"]
    assert steps[-1]["run"] == "bash .ci/run nightly"


@pytest.mark.slow
def test_each_test_is_in_one_shard() -> None:
    def collected(*flags: str) -> list[str]:
        told = subprocess.run(
            [sys.executable, "-m", "pytest", "-n0", "--collect-only", "-q", *flags, "tests/names"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        return [line for line in told.splitlines() if "::" in line]

    shards = [collected("--shard", f"{number}/2") for number in (1, 2)]
    assert all(shards)
    assert sorted([*shards[0], *shards[1]]) == sorted(collected())


def test_a_part_that_is_not_known_is_refused_with_those_that_are() -> None:
    done = subprocess.run(
        ["bash", ROOT / ".ci" / "run", "everything"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "lint, quick, containers, slow" in done.stderr


@pytest.mark.parametrize(
    "form",
    sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml")),
    ids=lambda form: form.stem,
)
def test_forms_ask_for_what_is_needed(form: Path) -> None:
    asked = read(form)
    assert {"name", "description", "body"} <= set(asked)
    fields = [field for field in asked["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in fields}) == len(fields)
    assert any(field.get("validations", {}).get("required") for field in fields)
