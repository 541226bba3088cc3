"""Checks the name of a project."""

import re
import unicodedata

from fastgen.errors import Instead, InvalidName
from fastgen.messages import shown
from fastgen.names import reserved

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


def check(name: str) -> str:
    """Return `name` if it is valid for a project; raises `InvalidName` with the reason."""
    if not name:
        raise InvalidName("the project needs a name", instead=_better(name))
    if "/" in name or "\\" in name or name in {".", ".."}:
        raise InvalidName(
            f"{shown(name, LONGEST_SHOWN)} is a path, not a name: {RULE}",
            instead=_better_path(name),
        )
    if len(name) > LONGEST or not PATTERN.fullmatch(name):
        raise InvalidName(
            f"{shown(name, LONGEST_SHOWN)} cannot be the name of a project: {RULE}",
            instead=_better(name),
        )
    reason = refusal(name)
    if reason:
        raise InvalidName(
            f"{shown(name, LONGEST_SHOWN)} cannot be the name of a project: {reason}",
            instead=_better(name),
        )
    return name


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


def _better(name: str) -> Instead:
    return ((name, suggest(name) or "myapi"),)


def _better_path(name: str) -> Instead:
    near = suggest(re.split(r"[/\\]", name.rstrip("/\\"))[-1]) or "myapi"
    folder = re.sub(r"[^\w./~-]", "", name, flags=re.ASCII)
    return ((name, near), ("--output=*", f"--output {folder if '/' in folder else '../' + near}"))
