"""An option that is on by default, left out."""

import re
import shutil
from pathlib import Path

import pytest

from support import ROOT, SOURCE, Cli, snapshot

pytestmark = pytest.mark.slow

# Of the recipe, and random.
DIFFERENT = {".copier-answers.yml", ".env"}
PARTS = (
    (r"mail:\n  type: bool\n(  .*\n)+\n", ""),
    (r'    \{true: "mail", false: "none"\}\[mail\],\n', ""),
    (r'    mail: "[0-9a-f]{12}"\n', "    {}\n"),
    (r"with_mail: .*\n", ""),
)


def without_mail(folder: Path) -> Path:
    """Return an installation of fastgen whose template never had it."""
    ignored = shutil.ignore_patterns("__pycache__", ".*_cache", "mail", "{{ with_mail }}")
    shutil.copytree(SOURCE, folder / "fastgen", ignore=ignored)
    root = folder / "fastgen" / "_template"
    shutil.copytree(ROOT / "template", root / "template", ignore=ignored)
    questions = (ROOT / "copier.yml").read_text("utf-8")
    for part, instead in PARTS:
        questions, times = re.subn(part, instead, questions)
        assert times == 1, part
    (root / "copier.yml").write_text(questions, "utf-8")
    return folder


def test_without_mail_a_project_is_as_if_there_were_no_such_option(
    cli: Cli, tmp_path: Path
) -> None:
    other = Cli(tmp_path / "other", tmp_path / "home")
    other.cwd.mkdir()
    other.env["PYTHONPATH"] = str(without_mail(tmp_path / "installed"))
    new = ("new", "shop", "--no-git", "--no-install")
    for database in ("sqlite", "postgresql"):
        made = cli.run(*new, f"--database={database}", "--no-mail", f"--output={database}")
        assert (made.code, made.err) == (0, "")
        made = other.run(*new, f"--database={database}", f"--output={database}")
        assert (made.code, made.err) == (0, "")
        ours, theirs = snapshot(cli.cwd / database), snapshot(other.cwd / database)
        assert ours.keys() == theirs.keys()
        assert {path for path in ours if ours[path] != theirs[path]} <= DIFFERENT
