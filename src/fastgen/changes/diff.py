"""Shows a plan as a patch for `git apply` and `patch -p1`."""

import difflib
import re
from collections.abc import Iterator

from fastgen.changes.plan import Change, Plan

NOWHERE = "/dev/null"
NO_NEWLINE = "\n\\ No newline at end of file\n"
# Characters for which git quotes a name.
SPECIAL = re.compile(r'[\x00-\x1f"\\\x7f-\x9f\u202a-\u202e\u2066-\u2069]')
# Control characters of terminals; a patch with them escaped would not apply.
OBEYED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\r(?!\n|\Z)")
ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def unified(plan: Plan) -> str:
    """Return the changes of `plan` as a unified diff in git's form.

    Line ends are those of the files, so write it without newline translation. For content that
    is not UTF-8 text it only says that the files differ.
    """
    return "".join(part for change in plan.changes for part in _one(change))


def _one(change: Change) -> Iterator[str]:
    old_name, new_name = _quoted(f"a/{change.path}"), _quoted(f"b/{change.path}")
    yield f"diff --git {old_name} {new_name}\n"
    if change.before is None:
        yield "new file mode 100644\n"
        old_name = NOWHERE
    if change.after is None:
        yield "deleted file mode 100644\n"
        new_name = NOWHERE
    old, new = _lines(change.before), _lines(change.after)
    if old is None or new is None:
        yield f"Binary files {old_name} and {new_name} differ\n"
    else:
        yield from _hunks(old, new, old_name, new_name)


def _hunks(old: list[str], new: list[str], old_name: str, new_name: str) -> Iterator[str]:
    for line in difflib.unified_diff(old, new, _ended(old_name), _ended(new_name)):
        yield line if line.endswith("\n") else line + NO_NEWLINE


def _lines(content: bytes | None) -> list[str] | None:
    """Split at line feeds only, as git does; return None for content that is not text."""
    try:
        text = (content or b"").decode()
    except UnicodeDecodeError:
        return None
    if OBEYED.search(text):
        return None
    *lines, last = text.split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def _quoted(name: str) -> str:
    if not SPECIAL.search(name):
        return name
    escaped = SPECIAL.sub(lambda m: ESCAPES.get(m[0]) or _octal(m[0]), name)
    return f'"{escaped}"'


def _octal(char: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in char.encode())


def _ended(name: str) -> str:
    """Append a tab to a name with a space, as `patch` ends a name at a tab."""
    return f"{name}\t" if " " in name else name
