"""What the next command finds after a kill: undone, with what people did since left alone."""

import json
import os
import shlex
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
    done = subprocess.run(
        [sys.executable, STRIKER, "git", "kill", project, str(moment)], check=False
    )
    assert done.returncode == -signal.SIGKILL
    return project


def files(root: Path) -> dict[str, bytes]:
    found = {
        name: entry[1]
        for name, entry in snapshot(root).items()
        if (root / name).is_file() and not name.startswith(".git/")
    }
    return {
        name: content
        for name, content in found.items()
        if name not in UNTOUCHED and not (root / name).is_symlink()
    }


def journal(root: Path) -> Path:
    """Return the journal's file, where git keeps what is its own."""
    [place] = (root / ".git/fastgen").iterdir()
    return place / "journal.json"


def contents(root: Path) -> Path:
    [folder] = root.glob(".fastgen-changes-*")
    return folder


def rewrite(root: Path, change: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads(journal(root).read_text())
    change(content)
    journal(root).write_text(json.dumps(content))


def test_it_is_undone_and_told(root: Path) -> None:
    (told,) = recover(root)
    assert told.startswith("undid the changes of an interrupted run: ")
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
    shown = subprocess.run(
        ["git", "status", "--porcelain", "-uall"], cwd=root, check=True, capture_output=True
    )
    assert b".fastgen/resources/item.yml" in shown.stdout
    assert b"journal" not in shown.stdout
    assert b"changes" not in shown.stdout


def test_what_was_there_is_for_its_owner_only(root: Path) -> None:
    assert journal(root).parent.stat().st_mode & 0o077 == 0
    assert contents(root).stat().st_mode & 0o077 == 0


def test_what_a_person_changed_since_is_left_alone(root: Path) -> None:
    (root / "src/app/main.py").write_bytes(b"mine\n")
    (root / NEW).write_bytes(b"mine, too\n")
    (root / "src/shared.py.orig").write_bytes(b"not ours\n")
    (root / "src/shared.py").write_bytes(b"as well\n")
    undone, *left = recover(root)
    end = "was changed since an interrupted run: it was left as it is"
    assert left == [
        f"{NEW} {end}",
        f"src/app/main.py {end}, and its old content is in src/app/main.py.orig",
        f"src/shared.py {end}, and its old content is in src/shared.py.orig2",
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
    assert told[1] == ("src/app/main.py was changed since an interrupted run: it was left as it is")
    assert files(root) == {k: v for k, v in FILES.items() if k != "src/app/main.py"}


def test_what_a_person_added_keeps_the_folder(root: Path) -> None:
    (root / "src/app/items/notes.txt").write_bytes(b"mine\n")
    recover(root)
    assert files(root) == {**FILES, "src/app/items/notes.txt": b"mine\n"}


def test_what_was_not_begun_is_not_spoken_of(tmp_path: Path) -> None:
    """Killed before the first file was changed; the person goes on."""
    root = kill(tmp_path / "project", 40)
    (root / "src/app/main.py").write_bytes(b"mine\n")
    left = contents(root)
    assert recover(root) == [f"removed {left}, left by an interrupted run"]
    assert files(root) == {**FILES, "src/app/main.py": b"mine\n"}


def test_nothing_to_recover(tmp_path: Path) -> None:
    assert recover(tmp_path) == []
    assert recover(tmp_path / "absent") == []


def test_before_it_no_plan_is_applied(root: Path) -> None:
    before = snapshot(root)
    with pytest.raises(Bug, match="before recover"):
        apply(root, Plan((Create("a.py", b"", "why"),)))
    assert snapshot(root) == before


def test_on_a_read_only_disk_it_says_what_it_cannot(
    killed: Path, tmp_path: Path, small_disk: Path
) -> None:
    begun, changed = small_disk / "begun", small_disk / "changed"
    larger = ["mount", "-o", "remount,size=1m,nr_inodes=900", str(small_disk)]
    subprocess.run(larger, check=True)
    shutil.copytree(kill(tmp_path / "begun", 40), begun, symlinks=True)
    shutil.copytree(killed, changed, symlinks=True)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    left = f"{contents(begun)} and {journal(begun).parent}"
    assert recover(begun) == [f"{left}, left by an interrupted run, could not be removed"]
    with pytest.raises(HalfDone, match="cannot be undone: Read-only file system: /") as error:
        recover(changed)
    assert error.value.hint == "fastgen check --fix"
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    assert recover(changed)
    assert files(changed) == FILES


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
    refuses(root, "journal.json is not a journal of this fastgen")


def test_a_journal_that_is_too_large(root: Path) -> None:
    rewrite(root, lambda content: content["made"].append("a" * 1024 * 1024))
    refuses(root, "journal.json is not a journal of this fastgen: it is larger than")


HOOK = "hooks/post-index-change"


@pytest.mark.parametrize(
    "path",
    [
        *("../victim", "/etc/victim", "a/../../victim", "", "a\0", "a//b"),
        *(f".git/{HOOK}", f".GIT/{HOOK}", f".git./{HOOK}", f".git /{HOOK}", f"a/.git . /{HOOK}"),
        *(f".g\u200cit/{HOOK}", f"git~1/{HOOK}", f".git::$INDEX_ALLOCATION/{HOOK}", ".git"),
    ],
)
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
    refuses(root, "journal.json is not a journal of this fastgen")


def test_a_journal_that_leads_out_by_a_link(root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "item.py").write_bytes((root / NEW).read_bytes())
    (root / "link").symlink_to(outside)
    rewrite(root, lambda content: content["steps"][0].update(path="link/item.py"))
    refuses(root, "names link/item.py, which is behind a link")


def test_a_journal_that_makes_a_folder_behind_a_link(root: Path) -> None:
    (root.parent / "outside").mkdir()
    (root / "link").symlink_to(root.parent / "outside")
    rewrite(root, lambda content: content["made"].append("link/folder"))
    refuses(root, "names link/folder, which is behind a link")


@pytest.mark.parametrize("name", ["old", "new", "."])
def test_contents_behind_a_link(root: Path, name: str) -> None:
    place = Path(os.path.normpath(contents(root) / name))
    place.rename(root.parent / "elsewhere")
    place.symlink_to(root.parent / "elsewhere")
    refuses(root, "leads out of the project; nothing was changed")


def test_a_journal_behind_a_link(root: Path) -> None:
    place = journal(root).parent
    place.rename(root.parent / "elsewhere")
    place.symlink_to(root.parent / "elsewhere")
    refuses(root, "is not a folder; nothing was changed")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_journal_of_somebody_else(root: Path) -> None:
    os.chown(journal(root).parent, 1234, 1234)
    with pytest.raises(Refused, match="interrupted run of user 1234: only they can undo") as error:
        recover(root)
    assert error.value.hint == "sudo -u '#1234' fastgen check --fix"


def test_a_journal_that_would_give_another_folder_a_mode(root: Path) -> None:
    (root.parent / "outside").mkdir(mode=0o700)
    (contents(root) / "folder").symlink_to(root.parent / "outside")
    refuses(root, "leads out of the project")


@pytest.mark.parametrize("name", ["../../src", "/etc", "src", "", ".fastgen-changes-../../etc"])
def test_contents_that_are_not_ours(root: Path, name: str) -> None:
    (journal(root).parent / "contents").write_text(name)
    refuses(root, "was not written by fastgen")


@pytest.mark.parametrize("name", [".", "contents", "journal.json"])
def test_a_journal_of_another_kind(root: Path, name: str) -> None:
    place = Path(os.path.normpath(journal(root).parent / name))
    place.rename(root.parent / "elsewhere")
    # Reading it would wait for a writer, for ever.
    os.mkfifo(place)
    refuses(root, "is not a folder" if name == "." else "it is not a regular file")


@pytest.mark.parametrize("damage", ["missing", "other"])
def test_a_journal_that_has_lost_something(root: Path, damage: str) -> None:
    for old in (contents(root) / "old").iterdir():
        if old.read_bytes() == b"main\r\n":
            old.unlink()
            if damage == "other":
                old.write_bytes(b"other")
    refuses(
        root,
        "which held the old content of src/app/main.py, is missing or changed; nothing was changed",
    )


def refuses(root: Path, message: str) -> None:
    before = snapshot(root.parent)
    with pytest.raises(Refused) as error:
        recover(root)
    assert message in error.value.message
    assert snapshot(root.parent) == before
    # What is typed as it is printed helps.
    subprocess.run(shlex.split(error.value.hint or ""), check=True)
    assert recover(root) == []
