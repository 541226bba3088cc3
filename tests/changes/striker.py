"""A program that applies one plan again and again, and is struck at each moment in turn.

A *moment* is just before the n-th time that fastgen touches the file system. Each run is a fork
of its own, so that a sweep over all of them takes little time.

WHERE is git or state: the project is in a repository, which then has its journal, or in none.

    striker.py WHERE sweep WAY FOLDER     strike `apply` at each moment, then `recover`; a JSON
                                          line each
    striker.py WHERE again FOLDER         kill `recover` at each moment, then `recover` once more
    striker.py WHERE kill PROJECT MOMENT  make PROJECT, apply the plan, and be killed at a moment;
                                          -1: the last one before the changes are complete
"""

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from fastgen.changes.apply import apply
from fastgen.changes.plan import Create, Delete, Edit, Plan
from fastgen.changes.recovery import recover
from fastgen.system import interrupts

WHERE = sys.argv[1]
KINDS = ("os.", "open", "shutil.")
Entries = dict[str, tuple[int, str]]

PLAN = Plan(
    (
        Delete("src/app/old/pkg/gone.py", b"gone\n", "it is no longer needed"),
        Edit("src/app/main.py", b"main\r\n", b"main\r\nmore\r\n", "it is wired"),
        Edit("src/app/linked.py", b"shared\n", b"", "it is wired"),
        Delete("src/app/kept/y.py", b"y\n", "it is no longer needed"),
        Create("src/app/items/models/item.py", b"class Item: ...\n", "the model"),
        Create("src/app/items/__init__.py", b"", "the package"),
        Create(".fastgen/resources/item.yml", b"name: item\n", "the recipe"),
    )
)


def make(root: Path) -> None:
    """Make the project that `PLAN` changes."""
    # So that what happens there counts as well.
    os.environ["XDG_STATE_HOME"] = f"{root}-state"
    files = {
        "src/app/main.py": (b"main\r\n", 0o755),
        "src/shared.py": (b"shared\n", 0o600),
        "src/app/old/pkg/gone.py": (b"gone\n", 0o640),
        "src/app/kept/y.py": (b"y\n", 0o644),
        "src/app/kept/__pycache__/y.pyc": (b"\x00\xff", 0o644),
        "README.md": (b"theirs", 0o644),
    }
    for path, (content, mode) in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.chmod(mode)
    (root / "src/app/old/pkg").chmod(0o750)
    (root / "src/app/linked.py").symlink_to("../shared.py")
    if WHERE == "git":
        subprocess.run(["git", "init", "-q"], cwd=root, check=True)


def entries(root: Path) -> Entries:
    """Return the mode and the content, or the aim, of all that is below `root`, but git's."""
    found = {}
    for path in sorted(root.rglob("*")):
        if path.relative_to(root).parts[0] == ".git":
            continue
        content = b""
        if path.is_symlink():
            content = os.fsencode(path.readlink())
        elif path.is_file():
            content = path.read_bytes()
        found[path.relative_to(root).as_posix()] = (path.lstat().st_mode, content.hex())
    return found


class Striker:
    """Counts the moments at which `root` is touched, and strikes at one of them."""

    def __init__(self, root: Path, moment: int, way: str) -> None:
        self.root, self.moment, self.way = str(root), moment, way
        self.seen: list[str] = []
        self.busy = False

    def look(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.busy or not event.startswith(KINDS) or self.root not in repr(arguments):
            return
        self.busy = True
        self.seen.append(f"{event} {arguments[:2]}".replace(self.root, ""))
        self.busy = False
        needs_space = event == "os.mkdir" or (event == "open" and arguments[1] in {"w", "x"})
        is_full = self.way == "FULL" and len(self.seen) >= self.moment > 0 and needs_space
        if is_full or (len(self.seen) == self.moment and self.way != "FULL"):
            self.strike()

    def strike(self) -> None:
        if self.way.startswith("SIG"):
            os.kill(os.getpid(), getattr(signal, self.way))
        elif self.way == "KEYBOARD":
            raise KeyboardInterrupt
        else:
            raise OSError(errno.ENOSPC, "No space left on device")


def struck(action: Callable[[], object], striker: Striker, report: Path) -> int:
    """Run `action` in a fork that `striker` watches; write to `report` how it went."""
    child = os.fork()
    if not child:
        run(action, striker, report)
    return os.waitpid(child, 0)[1]


def run(action: Callable[[], object], striker: Striker, report: Path) -> NoReturn:
    interrupts.install()
    told: dict[str, Any] = {"error": None, "stands": None}
    sys.addaudithook(striker.look)
    try:
        action()
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the result
        stands = getattr(error, "project_stands", None)
        told = {"error": type(error).__name__, "message": str(error), "stands": stands}
    finally:
        striker.busy = True
    report.write_text(json.dumps({**told, "moments": striker.seen}))
    os._exit(0)


def rehearse(
    folder: Path, prepare: Callable[[Path], None], action: Callable[[Path], object]
) -> Any:
    """Return the moments of an undisturbed run, and the entries before and after it."""
    root = folder / "rehearsal"
    prepare(root)
    before = entries(root)
    struck(lambda: action(root), Striker(root, 0, ""), folder / "report")
    return json.loads((folder / "report").read_text())["moments"], before, entries(root)


def tell(**told: object) -> None:
    sys.stdout.write(json.dumps(told) + "\n")


def sweep(way: str, folder: Path) -> None:
    moments, before, after = rehearse(folder, make, lambda root: apply(root, PLAN))
    tell(moments=moments, before=before, after=after)
    for moment, event in enumerate(moments, 1):
        root, report = folder / str(moment), folder / f"report-{moment}"
        make(root)
        status = struck(partial(apply, root, PLAN), Striker(root, moment, way), report)
        how = json.loads(report.read_text()) if report.exists() else {}
        how |= {"moment": moment, "event": event, "status": status, "at_once": entries(root)}
        tell(**how, said=recover(root), in_the_end=entries(root))


def again(folder: Path) -> None:
    end = last(folder)

    def prepare(root: Path) -> None:
        make(root)
        struck(lambda: apply(root, PLAN), Striker(root, end, "SIGKILL"), folder / "r")

    moments, _, after = rehearse(folder, prepare, recover)
    tell(moments=moments, after=after)
    for moment, event in enumerate(moments, 1):
        root = folder / str(moment)
        prepare(root)
        status = struck(partial(recover, root), Striker(root, moment, "SIGKILL"), folder / "r")
        said = recover(root)
        tell(event=event, status=status, said=said, in_the_end=entries(root))


def last(folder: Path) -> int:
    """Return the moment at which all is changed, and the journal is still there."""
    scratch = folder / "scratch"
    if not (scratch / "moments").exists():
        scratch.mkdir()
        moments, _, _ = rehearse(scratch, make, lambda root: apply(root, PLAN))
        (scratch / "moments").write_text(json.dumps(moments))
    moments = json.loads((scratch / "moments").read_text())
    (end,) = (n for n, m in enumerate(moments, 1) if m.startswith("os.remove") and ".json" in m)
    return int(end)


def kill(root: Path, moment: int) -> None:
    number = last(root.parent) if moment < 0 else moment
    make(root)
    run(lambda: apply(root, PLAN), Striker(root, number, "SIGKILL"), root.parent / "report")


if __name__ == "__main__":
    if sys.argv[2] == "sweep":
        sweep(sys.argv[3], Path(sys.argv[4]).resolve())
    elif sys.argv[2] == "again":
        again(Path(sys.argv[3]).resolve())
    else:
        kill(Path(sys.argv[3]).resolve(), int(sys.argv[4]))
