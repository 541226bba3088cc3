"""Applying a plan: what is there afterwards, and what is refused before."""

import errno
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from fastgen.changes import journal, places, preparation
from fastgen.changes.apply import apply
from fastgen.changes.form import Journal
from fastgen.changes.journal import Record
from fastgen.changes.plan import Change, Create, Delete, Edit, Plan
from fastgen.errors import AGAIN, CannotWrite, FastgenError, Refused, Several
from support import snapshot


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "main.py").write_bytes(b"main\n")
    return folder


def changed(root: Path, *changes: Change) -> None:
    apply(root, Plan(changes))


def create(path: str, content: bytes = b"new\n") -> Create:
    return Create(path, content, "why")


def edit(path: str, before: bytes = b"main\n") -> Edit:
    return Edit(path, before, b"edited\n", "why")


def delete(path: str, before: bytes = b"main\n") -> Delete:
    return Delete(path, before, "why")


def names(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*"))


def refused(root: Path, *changes: Change) -> list[str]:
    """Return what is told when `changes` are refused, which must leave all as it was."""
    before = snapshot(root.parent)
    with pytest.raises(Refused) as error:
        changed(root, *changes)
    assert snapshot(root.parent) == before
    return [part.message for part in error.value.parts]


def test_each_kind_and_nothing_else(root: Path) -> None:
    (root / "gone.py").write_bytes(b"gone")
    changed(root, create("a/b/new.py"), edit("main.py"), delete("gone.py", b"gone"))
    assert names(root) == ["a", "a/b", "a/b/new.py", "main.py"]
    assert (root / "a/b/new.py").read_bytes() == b"new\n"
    assert (root / "main.py").read_bytes() == b"edited\n"


def test_nothing_to_do_touches_nothing(root: Path) -> None:
    before = root.stat().st_mtime_ns
    apply(root, Plan())
    assert root.stat().st_mtime_ns == before


def test_bytes_are_written_as_they_are(root: Path) -> None:
    content = b"a\r\nb\n\rc\x00\xff\xfe"
    (root / "data").write_bytes(content)
    changed(root, Edit("data", content, content + b"\r", "why"), create("copy", content))
    assert (root / "data").read_bytes() == content + b"\r"
    assert (root / "copy").read_bytes() == content


@pytest.mark.parametrize("mode", [0o755, 0o600, 0o664, 0o640])
def test_an_edit_keeps_the_mode(root: Path, mode: int) -> None:
    (root / "main.py").chmod(mode)
    changed(root, edit("main.py"))
    assert stat.S_IMODE((root / "main.py").stat().st_mode) == mode


def test_an_edit_is_newer_than_the_file_was(root: Path) -> None:
    # Else servers and build tools that look at the time would not notice.
    os.utime(root / "main.py", (1, 1))
    changed(root, edit("main.py"))
    assert (root / "main.py").stat().st_mtime > 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_an_edit_by_root_keeps_the_owner(root: Path) -> None:
    os.chown(root / "main.py", 1234, 4321)
    changed(root, edit("main.py"))
    status = (root / "main.py").stat()
    assert (status.st_uid, status.st_gid) == (1234, 4321)


@pytest.mark.parametrize("mask", [0o022, 0o027, 0o002])
def test_what_is_new_has_the_usual_mode(root: Path, mask: int) -> None:
    old = os.umask(mask)
    try:
        changed(root, create("a/new.py"))
        (root / "usual").mkdir()
        (root / "usual/new.py").touch()
    finally:
        os.umask(old)
    for ours, usual in (("a", "usual"), ("a/new.py", "usual/new.py")):
        assert (root / ours).stat().st_mode == (root / usual).stat().st_mode


def test_a_linked_file_is_edited_where_it_is(root: Path) -> None:
    (root / "real").mkdir()
    (root / "real/a.py").write_bytes(b"main\n")
    (root / "a.py").symlink_to("real/a.py")
    (root / "folder").symlink_to("real")
    changed(root, edit("a.py"), create("folder/b.py"))
    assert (root / "a.py").is_symlink()
    assert (root / "real/a.py").read_bytes() == b"edited\n"
    assert (root / "real/b.py").read_bytes() == b"new\n"


def test_the_root_itself_may_be_a_link(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to(root)
    changed(link, edit("main.py"))
    assert (root / "main.py").read_bytes() == b"edited\n"


def test_another_name_of_the_file_keeps_what_it_had(root: Path) -> None:
    os.link(root / "main.py", root / "other.py")
    changed(root, edit("main.py"))
    assert (root / "other.py").read_bytes() == b"main\n"


def test_a_folder_that_is_emptied_goes(root: Path) -> None:
    for path in ("a/b/c.py", "a/d/e.py", "f/g.py", "f/__pycache__/g.pyc"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"main\n")
    changed(root, delete("a/b/c.py"), delete("f/g.py"))
    files = [path for path in names(root) if (root / path).is_file()]
    assert files == ["a/d/e.py", "f/__pycache__/g.pyc", "main.py"]
    assert not (root / "a/b").exists()


def test_a_folder_that_gets_another_file_stays(root: Path) -> None:
    (root / "a").mkdir(mode=0o700)
    (root / "a/old.py").write_bytes(b"main\n")
    inode = (root / "a").stat().st_ino
    changed(root, delete("a/old.py"), create("a/new.py"))
    assert (root / "a").stat().st_ino == inode


def test_what_is_ours_stays_in_our_folder(root: Path) -> None:
    changed(root, create(".fastgen/resources/item.yml", b"main\n"))
    assert names(root / ".fastgen") == ["resources", "resources/item.yml"]
    changed(root, delete(".fastgen/resources/item.yml"))
    assert names(root) == ["main.py"]


def test_our_folder_stays_if_it_was_there(root: Path) -> None:
    (root / ".fastgen").mkdir()
    changed(root, edit("main.py"))
    assert names(root) == [".fastgen", "main.py"]
    with pytest.raises(CannotWrite):
        changed(root, edit("main.py", b"edited\n"), create("x" * 300))
    assert names(root) == [".fastgen", "main.py"]


def test_all_that_does_not_fit_is_told_at_once(root: Path) -> None:
    for name in ("taken.py", "sealed.py", "file"):
        (root / name).write_bytes(b"main\n")
    (root / "dangling").symlink_to("nowhere")
    (root / "folder").mkdir()
    (root / "sealed.py").chmod(0o444)
    told = refused(
        root,
        edit("main.py", b"other\n"),
        edit("gone.py"),
        delete("file/z"),
        create("taken.py"),
        create("dangling"),
        create("file/x/y.py"),
        edit("folder"),
        edit("sealed.py"),
        create("fine.py"),
    )
    assert told == [
        "main.py has changed since it was read",
        "gone.py no longer exists",
        "file/z no longer exists",
        "taken.py already exists",
        "dangling already exists",
        "file/x/y.py cannot be created: file is not a folder",
        "folder is not a file",
        "sealed.py is read-only",
    ]


def test_a_hint_helps(root: Path) -> None:
    (root / "main.py").chmod(0o444)
    with pytest.raises(Refused) as error:
        changed(root, edit("main.py"))
    assert error.value.hint == "chmod u+w main.py"
    with pytest.raises(Several) as several:
        changed(root, edit("a"), create("main.py"))
    assert {part.instead for part in several.value.parts} == {AGAIN}


def test_nothing_outside_is_touched(root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "a.py").write_bytes(b"main\n")
    (root / "a.py").symlink_to("../outside/a.py")
    (root / "folder").symlink_to(outside)
    (root / "loop").symlink_to("loop")
    end = "only files of the project are changed"
    assert refused(root, edit("a.py"), create("folder/b/c.py"), edit("folder/a.py")) == [
        f"a.py leads to {outside}/a.py: {end}",
        f"folder/b/c.py leads to {outside}/b/c.py: {end}",
        f"folder/a.py leads to {outside}/a.py: {end}",
    ]
    assert refused(root, edit("loop")) == ["loop is not a file"]
    assert refused(root, create("loop/a.py")) == [
        "loop/a.py cannot be created: loop is not a folder"
    ]


def test_a_link_is_not_deleted(root: Path) -> None:
    (root / "link.py").symlink_to("main.py")
    assert refused(root, delete("link.py")) == [
        "link.py is a link: it is not clear which file to delete"
    ]


def test_one_file_by_two_names(root: Path) -> None:
    (root / "link.py").symlink_to("main.py")
    assert refused(root, edit("link.py"), edit("main.py")) == [
        "link.py and main.py are the same file: change one"
    ]


def test_gits_folder_is_not_changed_through_a_link(root: Path) -> None:
    (root / ".git/hooks").mkdir(parents=True)
    (root / "link").symlink_to(".git/hooks")
    leads = f"link/x leads to {root}/.git/hooks/x"
    assert refused(root, create("link/x")) == [f"{leads}: only files of the project are changed"]


def test_a_journal_that_could_not_be_removed(root: Path) -> None:
    left = next(places.of(root))
    left.mkdir(parents=True)
    with pytest.raises(Refused, match="left by an interrupted run, could not be removed") as error:
        changed(root, edit("main.py"))
    assert error.value.hint == f"rm -r {left}"
    assert (root / "main.py").read_bytes() == b"main\n"


def test_a_file_that_changes_meanwhile(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare = preparation.prepare

    def slowly(where: Record, changes: dict[str, Change]) -> Journal:
        (root / "main.py").write_bytes(b"mine")
        return prepare(where, changes)

    monkeypatch.setattr(preparation, "prepare", slowly)
    with pytest.raises(Refused, match=r"main\.py has changed while fastgen was working"):
        changed(root, create("a/b.py"), edit("main.py"))
    assert names(root) == ["main.py"]
    assert (root / "main.py").read_bytes() == b"mine"


def test_a_file_that_changes_before_it_is_undone(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        monkeypatch.undo()
        (root / "main.py").write_bytes(b"mine")
        raise OSError(errno.EIO, "the disk is gone")

    monkeypatch.setattr(journal, "sync_folders", fail)
    with pytest.raises(
        Refused,
        match=r"main\.py was changed .* its old content is in main\.py\.orig; everything else",
    ):
        changed(root, create("a/b.py"), edit("main.py"))
    assert names(root) == ["main.py", "main.py.orig"]
    assert (root / "main.py").read_bytes() == b"mine"
    assert (root / "main.py.orig").read_bytes() == b"main\n"


def test_a_name_that_the_system_does_not_take(root: Path) -> None:
    before = snapshot(root)
    with pytest.raises(CannotWrite, match="File name too long; nothing was changed") as error:
        changed(root, edit("main.py"), create("x" * 300))
    assert error.value.hint
    assert snapshot(root) == before


AS_SOMEBODY = """
import os, sys
from pathlib import Path
from fastgen.changes import journal, preparation
from fastgen.changes.apply import apply
from fastgen.changes.form import Journal
from fastgen.changes.plan import Create, Edit, Plan
from fastgen.errors import FastgenError
if os.geteuid() == 0:
    os.setuid(65534)
new = (Create("sealed/a.py", b"", "why"), Create("b.py", b"", "why"))
try:
    apply(Path("."), Plan((*new, Edit("secret.py", b"", b"x", "why"))))
except FastgenError as error:
    for part in error.parts:
        print(part.message, part.hint, sep="; ")
"""


def test_what_is_not_ours_to_read_or_write() -> None:
    # Somebody who is not root cannot reach the folders of the tests.
    with tempfile.TemporaryDirectory() as reachable:
        root = Path(reachable)
        root.chmod(0o777)
        (root / "sealed").mkdir(mode=0o555)
        (root / "secret.py").touch(mode=0o200)
        command = [sys.executable, "-c", AS_SOMEBODY]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        assert (done.stdout.splitlines(), done.stderr) == (
            [
                "sealed/a.py cannot be changed: sealed is read-only; chmod u+w sealed",
                "secret.py cannot be read; chmod u+r secret.py",
            ],
            "",
        )
        assert names(root) == ["sealed", "secret.py"]


@pytest.mark.parametrize("used", [0, 8, 20, 30, 36])
def test_a_full_disk(small_disk: Path, used: int) -> None:
    (small_disk / "filler").write_bytes(b"x" * used * 1024)
    (small_disk / "main.py").write_bytes(b"main\n")
    before = snapshot(small_disk)
    big = [create(f"a/{number}.py", b"x" * 8192) for number in range(9)]
    with pytest.raises(CannotWrite, match="No space left on device; nothing was changed") as error:
        changed(small_disk, edit("main.py"), *big)
    assert error.value.hint == "df -h"
    assert snapshot(small_disk) == before


def test_another_disk_in_the_project(tmp_path: Path, small_disk: Path) -> None:
    assert small_disk.parent == tmp_path
    with pytest.raises(
        FastgenError, match=r"disk/a\.py is on another file system than the project"
    ):
        changed(tmp_path, create("disk/a.py"))
    assert names(tmp_path) == ["disk"]
