"""What the next command finds after a kill: undone, with what people did since left alone."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fastgen.changes.apply import apply
from fastgen.changes.plan import Create, Plan
from fastgen.changes.recovery import recover
from fastgen.errors import Bug, HalfDone, Refused
from support import snapshot

STRIKER = Path(__file__).with_name("striker.py")
FILES = {
    "src/app/main.py": b"main\r\n",
    "src/shared.py": b"shared\n",
    "src/app/old/pkg/gone.py": b"gone\n",
    "src/app/kept/y.py": b"y\n",
}
UNTOUCHED = {"README.md": b"theirs", "src/app/kept/__pycache__/y.pyc": b"\0\xff"}
NEW = "src/app/items/models/item.py"


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which all was changed when the run was killed."""
    return kill(tmp_path_factory.mktemp("killed") / "project", -1)


@pytest.fixture
def root(killed: Path, tmp_path: Path) -> Path:
    """Such a project, to spoil."""
    project = tmp_path / "project"
    shutil.copytree(killed, project, symlinks=True)
    return project


def kill(project: Path, moment: int) -> Path:
    done = subprocess.run([sys.executable, STRIKER, "kill", project, str(moment)], check=False)
    assert done.returncode == -signal.SIGKILL
    return project


def files(root: Path) -> dict[str, bytes]:
    found = {name: entry[1] for name, entry in snapshot(root).items() if (root / name).is_file()}
    return {
        name: content
        for name, content in found.items()
        if name not in UNTOUCHED and not (root / name).is_symlink()
    }


def journal(root: Path) -> Path:
    return root / ".fastgen/journal/journal.json"


def rewrite(root: Path, change: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads(journal(root).read_text())
    change(content)
    journal(root).write_text(json.dumps(content))


def test_it_is_undone_and_told(root: Path) -> None:
    (told,) = recover(root)
    assert told.startswith("undid what an interrupted run had begun to change: ")
    assert set(told.partition(": ")[2].split(", ")) == {
        *FILES,
        NEW,
        "src/app/items/__init__.py",
        ".fastgen/resources/item.yml",
    }
    assert files(root) == FILES
    assert not (root / ".fastgen").exists()
    assert not (root / "src/app/items").exists()
    assert recover(root) == []


def test_git_never_sees_a_journal(root: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    shown = subprocess.run(
        ["git", "status", "--porcelain", "-uall"], cwd=root, check=True, capture_output=True
    )
    assert b".fastgen/resources/item.yml" in shown.stdout
    assert b"journal" not in shown.stdout


def test_what_was_there_is_for_its_owner_only(root: Path) -> None:
    assert journal(root).parent.stat().st_mode & 0o077 == 0


def test_what_a_person_changed_since_is_left_alone(root: Path) -> None:
    (root / "src/app/main.py").write_bytes(b"mine\n")
    (root / NEW).write_bytes(b"mine, too\n")
    (root / "src/shared.py.orig").write_bytes(b"not ours\n")
    (root / "src/shared.py").write_bytes(b"as well\n")
    undone, *left = recover(root)
    end = "was changed since an interrupted run: it is left as it is"
    assert left == [
        f"{NEW} {end}",
        f"src/app/main.py {end}, and what it held is in src/app/main.py.orig",
        f"src/shared.py {end}, and what it held is in src/shared.py.orig2",
    ]
    assert "main.py" not in undone
    assert files(root) == {
        **FILES,
        "src/app/main.py": b"mine\n",
        "src/app/main.py.orig": b"main\r\n",
        NEW: b"mine, too\n",
        "src/shared.py": b"as well\n",
        "src/shared.py.orig": b"not ours\n",
        "src/shared.py.orig2": b"shared\n",
    }
    assert recover(root) == []


def test_what_a_person_removed_since_stays_removed(root: Path) -> None:
    (root / "src/app/main.py").unlink()
    (root / NEW).unlink()
    told = recover(root)
    assert told[1] == ("src/app/main.py was changed since an interrupted run: it is left as it is")
    assert files(root) == {k: v for k, v in FILES.items() if k != "src/app/main.py"}


def test_what_a_person_added_keeps_the_folder(root: Path) -> None:
    (root / "src/app/items/notes.txt").write_bytes(b"mine\n")
    recover(root)
    assert files(root) == {**FILES, "src/app/items/notes.txt": b"mine\n"}


def test_what_was_not_begun_is_not_spoken_of(tmp_path: Path) -> None:
    """Killed before the first file was changed; the person goes on."""
    root = kill(tmp_path / "project", 40)
    (root / "src/app/main.py").write_bytes(b"mine\n")
    assert recover(root) == ["removed .fastgen/journal, left by an interrupted run"]
    assert files(root) == {**FILES, "src/app/main.py": b"mine\n"}


def test_nothing_to_recover(tmp_path: Path) -> None:
    assert recover(tmp_path) == []
    assert recover(tmp_path / "absent") == []


def test_our_folder_stays_if_the_journal_says_so(root: Path) -> None:
    rewrite(root, lambda content: content.update(keep_home=True))
    recover(root)
    assert list((root / ".fastgen").iterdir()) == []


def test_before_it_no_plan_is_applied(root: Path) -> None:
    before = snapshot(root)
    with pytest.raises(Bug, match="comes before"):
        apply(root, Plan((Create("a.py", b"", "why"),)))
    assert snapshot(root) == before


def test_on_a_read_only_disk_it_says_what_it_cannot(killed: Path, small_disk: Path) -> None:
    (small_disk / "begun/.fastgen/journal").mkdir(parents=True)
    shutil.copytree(killed, small_disk / "changed", symlinks=True)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    assert recover(small_disk / "begun") == [
        ".fastgen/journal, left by an interrupted run, could not be removed"
    ]
    with pytest.raises(HalfDone, match="cannot be undone: Read-only file system: /") as error:
        recover(small_disk / "changed")
    assert "what the files held is in .fastgen/journal/old" in error.value.message
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    assert recover(small_disk / "changed")
    assert files(small_disk / "changed") == FILES


def test_afterwards_a_plan_can_be_applied(root: Path) -> None:
    recover(root)
    apply(root, Plan((Create("a.py", b"", "why"),)))
    assert files(root) == {**FILES, "a.py": b""}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b"null", b'{"version": 2}', b'{"steps": []}', b"[" * 100_000],
)
def test_a_journal_that_is_not_one(root: Path, content: bytes) -> None:
    journal(root).write_bytes(content)
    refuses(root, "journal.json is not a journal that this fastgen knows; nothing was changed")


@pytest.mark.parametrize("path", ["../victim", "/etc/victim", "a/../../victim", "", "a\0", "a//b"])
@pytest.mark.parametrize("place", ["steps", "made", "modes"])
def test_a_journal_that_leads_out(root: Path, path: str, place: str) -> None:
    def lead_out(content: dict[str, Any]) -> None:
        if place == "steps":
            content["steps"][0]["path"] = path
        elif place == "made":
            content["made"].append(path)
        else:
            content["modes"][path] = 0o755

    rewrite(root, lead_out)
    refuses(root, "journal.json is not a journal that this fastgen knows")


def test_a_journal_that_leads_out_by_a_link(root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "item.py").write_bytes((root / NEW).read_bytes())
    (root / "link").symlink_to(outside)
    rewrite(root, lambda content: content["steps"][0].update(path="link/item.py"))
    refuses(root, "names link/item.py, which is behind a link")
    rewrite(root, lambda content: content["steps"][0].update(path=NEW))
    rewrite(root, lambda content: content["made"].append("link/folder"))
    refuses(root, "names link/folder, which is behind a link")


@pytest.mark.parametrize("name", ["old", "new", "journal.json", ".", ".."])
def test_a_journal_behind_a_link(root: Path, name: str) -> None:
    place = Path(os.path.normpath(root / ".fastgen/journal" / name))
    place.rename(root.parent / "elsewhere")
    place.symlink_to(root.parent / "elsewhere")
    refuses(root, ".fastgen/journal leads out of the project; nothing was changed")


def test_a_journal_that_would_give_another_folder_a_mode(root: Path) -> None:
    (root.parent / "outside").mkdir(mode=0o700)
    (root / ".fastgen/journal/folder").symlink_to(root.parent / "outside")
    refuses(root, ".fastgen/journal leads out of the project")


@pytest.mark.parametrize("name", ["journal", "journal/journal.json"])
def test_a_journal_of_another_kind(root: Path, name: str) -> None:
    place = root / ".fastgen" / name
    place.rename(root.parent / "elsewhere")
    if name == "journal":
        place.touch()
    else:
        place.mkdir()
    refuses(root, "is not what fastgen makes; nothing was changed")


@pytest.mark.parametrize("damage", ["missing", "other"])
def test_a_journal_that_has_lost_something(root: Path, damage: str) -> None:
    for old in (root / ".fastgen/journal/old").iterdir():
        if old.read_bytes() == b"main\r\n":
            old.unlink()
            if damage == "other":
                old.write_bytes(b"other")
    refuses(root, ".fastgen/journal has lost what src/app/main.py held; nothing was changed")


def refuses(root: Path, message: str) -> None:
    before = snapshot(root.parent)
    with pytest.raises(Refused) as error:
        recover(root)
    assert message in error.value.message
    assert error.value.hint == (
        "take from .fastgen/journal/old what you miss, then: rm -r .fastgen/journal"
    )
    assert snapshot(root.parent) == before
