"""uv workspaces above a new project: it must not share their environment."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support import Cli, snapshot

ROOT = "pyproject.toml"


def make_workspace(cli: Cli, table: str) -> Path:
    root = cli.cwd / "mono"
    root.mkdir()
    (root / ROOT).write_text(f"[tool.uv.workspace]\n{table}\n")
    return root


@pytest.mark.parametrize(
    "members", ['["services/*"]', '["./services/my*/"]', '["**"]', '["lib", "*/myapi"]']
)
@pytest.mark.parametrize("flag", ["--dry-run", "--no-install"])
def test_a_member_of_a_workspace_is_refused_with_the_line_that_excludes_it(
    tiny: Cli, members: str, flag: str
) -> None:
    root = make_workspace(tiny, f"members = {members}")
    before = snapshot(root)
    result = tiny.run("new", "myapi", "--output", "mono/services/myapi", flag)
    assert result.code == 1
    assert f"would be a member of the uv workspace {root}:" in result.err
    assert snapshot(root) == before
    line = re.search(r"`(exclude = .*?)`", result.err)
    assert line
    with (root / ROOT).open("a") as file:
        file.write(line[1])
    assert tiny.run("new", "myapi", "--output", "mono/services/myapi", flag).code == 0


def test_what_is_excluded_already_stays_so(tiny: Cli) -> None:
    make_workspace(tiny, 'members = ["services/*"]\nexclude = ["services/old-*"]')
    assert tiny.run("new", "myapi", "--output", "mono/services/old-api", "--no-install").code == 0
    result = tiny.run("new", "myapi", "--output", "mono/services/myapi", "--no-install")
    assert '`exclude = ["services/old-*", "services/myapi"]`' in result.err


@pytest.mark.parametrize(
    "table",
    [
        'members = ["services"]',
        'members = ["services/*/*"]',
        'members = ["lib/**"]',
        "members = []",
        "members = 1",
        "",
    ],
)
def test_a_workspace_that_does_not_take_it_is_no_obstacle(tiny: Cli, table: str) -> None:
    make_workspace(tiny, table)
    result = tiny.run("new", "myapi", "--output", "mono/services/myapi", "--no-install", "--no-git")
    assert (result.code, result.err) == (0, "")


@pytest.mark.parametrize(
    "text", ["[tool", "\xff", "[" * 100_000, "tool = 1", "[tool.uv]\nworkspace = 1", "#" * 2**20]
)
def test_a_file_above_that_says_nothing_is_no_obstacle(tiny: Cli, text: str) -> None:
    (tiny.cwd / ROOT).write_bytes(text.encode("latin-1"))
    assert tiny.run("new", "myapi", "--no-install", "--no-git").code == 0


def test_a_link_into_a_workspace_is_seen_through(tiny: Cli) -> None:
    root = make_workspace(tiny, 'members = ["services/*"]')
    (root / "services").mkdir()
    (tiny.cwd / "short").symlink_to(root / "services")
    result = tiny.run("new", "myapi", "--output", "short/myapi", "--no-install")
    assert result.code == 1
    assert '`exclude = ["services/myapi"]`' in result.err


def test_a_project_that_is_excluded_has_a_lock_and_an_environment_of_its_own(tiny: Cli) -> None:
    root = make_workspace(tiny, 'members = ["services/*"]\nexclude = ["services/myapi"]')
    report = tiny.run(
        "new", "myapi", "--output", "mono/services/myapi", "--json", env={"UV_OFFLINE": "1"}
    ).json
    assert "uv.lock" in report["files"]
    assert (root / "services" / "myapi" / ".venv").is_dir()
    assert not (root / ".venv").exists()
    where = "import json, sys; print(json.dumps(sys.prefix))"
    python = root / "services" / "myapi" / ".venv" / "bin" / "python"
    told = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True)
    assert json.loads(told.stdout) != sys.prefix
