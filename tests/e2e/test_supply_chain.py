"""What a project is built from and by: pinned, with no more rights than it needs, and examined."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from generated.projects import Project

pytestmark = pytest.mark.slow

WORKFLOW = ".github/workflows/ci.yml"
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


@pytest.fixture
def workflow(shop: Project) -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load((shop.path / WORKFLOW).read_text("utf-8"))
    return parsed


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_bandit_finds_nothing(shop: Project) -> None:
    bandit = str(Path(sys.executable).with_name("bandit"))
    found = shop.run(bandit, "--quiet", "--format", "json", "-r", "src", "gunicorn.conf.py")
    report = json.loads(found.must_succeed())
    assert report["results"] == []
    assert report["errors"] == []
    assert report["metrics"]["_totals"]["loc"] > 1000


def test_zizmor_finds_nothing(shop: Project) -> None:
    zizmor = str(Path(sys.executable).with_name("zizmor"))
    found = shop.run(zizmor, "--offline", "--quiet", "--format", "json", ".")
    assert json.loads(found.must_succeed()) == []


def test_the_workflow_runs_pinned_actions_that_may_only_read(workflow: dict[str, Any]) -> None:
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert used
    assert [action for action in used if not PINNED.fullmatch(action)] == []
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read"}


def test_the_workflow_audits_what_is_locked(workflow: dict[str, Any]) -> None:
    commands = [step["run"] for step in workflow["jobs"]["audit"]["steps"] if "run" in step]
    export, audit = commands
    assert {"--locked", "--no-dev"} <= set(export.split())
    assert {"pip-audit", "--require-hashes"} <= set(audit.split())
    assert export.split()[-1] == audit.split()[-1]


def test_the_container_has_no_rights(shop: Project) -> None:
    dockerfile = (shop.path / "Dockerfile").read_text("utf-8")
    users = re.findall(r"^USER (.+)$", dockerfile, re.MULTILINE)
    assert users == ["10001:10001"]
    assert re.findall(r"uv sync .*", dockerfile)
    assert all("--locked" in line for line in re.findall(r"uv sync .*", dockerfile))
    services = yaml.safe_load((shop.path / "compose.yaml").read_text("utf-8"))["services"]
    for name in ("app", "migrator"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["security_opt"] == ["no-new-privileges:true"]
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in published)
