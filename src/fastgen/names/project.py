"""Checks the name of a project, which may be typed as the last part of a path."""

import re
import shlex
import unicodedata

from fastgen.errors import Instead, InvalidName
from fastgen.messages import shown
from fastgen.names import reserved
from fastgen.system import typed_path

PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*")
LONGEST = 64
LONGEST_SHOWN = 40
RULE = (
    f"use at most {LONGEST} ASCII letters and digits, with single '-' or '_' between them, "
    "beginning with a letter"
)
REASONS = (
    (reserved.KEYWORDS, "it is a keyword of Python"),
    (reserved.LAYOUT, "the project has a folder of that name"),
    (reserved.STANDARD_LIBRARY, "it is a module of Python's standard library"),
    (reserved.DEPENDENCIES, "it is the name of a package that the project depends on"),
    (reserved.DEVICES, "it is a device on Windows"),
)


def check(typed: str) -> str:
    """Return the name of the project that is `typed`: a name, or a path that ends with it.

    Raises `InvalidName` with the reason, and `CannotWrite` if there is no current folder.
    """
    name = last_part(typed)
    if not name:
        raise InvalidName("the project needs a name", instead=_better(typed, name))
    reason = refusal(name) if len(name) <= LONGEST and PATTERN.fullmatch(name) else RULE
    if reason:
        raise InvalidName(
            f"{shown(name, LONGEST_SHOWN)} cannot be the name of a project: {reason}",
            instead=_better(typed, name),
        )
    return name


def is_path(typed: str) -> bool:
    """Whether a folder is `typed` as well, and not only a name."""
    # No path contains a null character.
    return "\0" not in typed and ("/" in typed or typed in {".", "..", "~"})


def last_part(typed: str) -> str:
    """Return `typed`, or the last part of it if it is a path."""
    return typed_path.absolute(typed).name if is_path(typed) else typed


def refusal(name: str) -> str | None:
    """Return why a well-formed `name` cannot be used, None if it can."""
    key = name.lower().replace("-", "_")
    return next((reason for names, reason in REASONS if key in names), None)


def suggest(name: str) -> str | None:
    """Return a valid name similar to `name`, None if there is none."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    slug = re.sub(r"[^A-Za-z0-9_]+", "-", plain)
    slug = re.sub(r"[-_]*-[-_]*|_{2,}", lambda m: "-" if "-" in m[0] else "_", slug).strip("-_")
    for candidate in (slug, f"api-{slug}", f"{slug}-api"):
        short = candidate[:LONGEST].strip("-_")
        if slug and PATTERN.fullmatch(short) and not refusal(short):
            return short
    return None


def _better(typed: str, name: str) -> Instead:
    near = suggest(name) or "myapi"
    if not is_path(typed) or not name:
        return ((typed, near),)
    stem = typed.rstrip("/")
    if stem.endswith(f"/{name}"):
        return ((typed, stem.removesuffix(name) + near),)
    # A folder that is typed without its name, such as `.`: it keeps that name.
    return ((typed, near), ("--output=*", f"--output {shlex.quote(typed)}"))
