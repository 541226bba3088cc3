"""A plan as a patch: what git and patch make of it is what `apply` makes."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fastgen.changes.apply import apply
from fastgen.changes.diff import unified
from fastgen.changes.plan import Change, Create, Delete, Edit, Plan
from support import snapshot

LINES = st.lists(st.sampled_from(["a", "b\r", "ä", "", "\f", "-- a", "+"]), max_size=9)
TEXT = st.tuples(LINES, st.booleans()).map(lambda t: "\n".join(t[0]) + "\n" * t[1])
MANY = "".join(f"{number}\n" for number in range(40)).encode()

PLAN = Plan(
    (
        Create("new/deep er/x.py", b"one\ntwo\n", "new"),
        Create("new/no_newline.py", "ä".encode(), "new"),
        Edit("crlf.py", b"a\r\nb\r\nc\r\n", b"a\r\nbb\r\nc\r\n", "line ends stay"),
        Edit("many.py", MANY, MANY.replace(b"3\n", b"three\n", 1) + b"end", "two places"),
        Edit("filled.py", b"", b"x\n", "from nothing"),
        Edit("emptied.py", b"x\n", b"", "to nothing"),
        Edit("ended.py", b"x", b"x\n", "the line feed alone"),
        Delete("old/gone.py", b"gone\r\n", "gone"),
    )
)


def make(root: Path, plan: Plan) -> Path:
    for change in plan.changes:
        if change.before is not None:
            (root / change.path).parent.mkdir(parents=True, exist_ok=True)
            (root / change.path).write_bytes(change.before)
    return root


def contents(root: Path) -> dict[str, bytes]:
    return {name: entry[1] for name, entry in snapshot(root).items() if (root / name).is_file()}


def patched(root: Path, diff: str, *command: str) -> dict[str, bytes]:
    subprocess.run(command, cwd=root, input=diff.encode(), check=True, capture_output=True)
    return contents(root)


def test_git_and_patch_take_it(tmp_path: Path) -> None:
    diff = unified(PLAN)
    applied, by_git, by_patch = (make(tmp_path / name, PLAN) for name in "agp")
    apply(applied, PLAN)
    assert patched(by_git, diff, "git", "apply", "--check", "-") != contents(applied)
    assert patched(by_git, diff, "git", "apply", "-") == contents(applied)
    if shutil.which("patch"):
        found = patched(by_patch, diff, "patch", "-p1", "--binary", "--force")
        assert found == contents(applied)


def test_it_reads_as_git_s() -> None:
    plan = Plan((Edit("a.py", b"one\ntwo\n", b"one\n2", "why"), Create("b.py", b"x\n", "why")))
    assert unified(plan) == (
        "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"
        "\\ No newline at end of file\n"
        "diff --git a/b.py b/b.py\nnew file mode 100644\n--- /dev/null\n+++ b/b.py\n"
        "@@ -0,0 +1 @@\n+x\n"
    )


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"a\0b", b"a\x1b[2K", b"a\rb", "a\u202e".encode()]
)
def test_what_is_not_text_is_not_shown(content: bytes) -> None:
    plan = Plan((Edit("a.png", b"x", content, "why"), Delete("b.png", content, "why")))
    told = [line for line in unified(plan).splitlines() if line.startswith("Binary")]
    assert told == [
        "Binary files a/a.png and b/a.png differ",
        "Binary files b/b.png and /dev/null differ".replace("b/b", "a/b"),
    ]


def test_an_empty_file_is_made_and_removed_by_git(tmp_path: Path) -> None:
    plan = Plan((Create("a/__init__.py", b"", "why"), Delete("b/__init__.py", b"", "why")))
    make(tmp_path, plan)
    assert patched(tmp_path, unified(plan), "git", "apply", "-") == {"a/__init__.py": b""}


@pytest.mark.parametrize("name", ['quo"te', "back\\slash", "ta\tb", "wide ä", "line\nfeed", "é"])
def test_odd_names(tmp_path: Path, name: str) -> None:
    plan = Plan((Edit(name, b"a\n", b"b\n", "why"), Create(f"{name}.new", b"c\n", "why")))
    make(tmp_path, plan)
    found = patched(tmp_path, unified(plan), "git", "apply", "-")
    assert found == {name: b"b\n", f"{name}.new": b"c\n"}


@settings(suppress_health_check=list(HealthCheck))
@given(before=TEXT, after=TEXT)
def test_any_text(tmp_path: Path, before: str, after: str) -> None:
    change: Change = Edit("a.txt", before.encode(), after.encode(), "why")
    plan = Plan((change,))
    make(tmp_path, plan)
    diff = unified(plan)
    if before != after:
        patched(tmp_path, diff, "git", "apply", "--whitespace=nowarn", "-")
    assert (tmp_path / "a.txt").read_bytes() == after.encode()
