"""Writes the project's `.env`: the example with a random key, readable by the owner only."""

import os
import re
import secrets
from pathlib import Path

from fastgen.errors import Bug

EXAMPLE = ".env.example"
FILE = ".env"
KEY_LINE = re.compile(r"^SECRET_KEY=.*$", re.MULTILINE)
BYTES = 48


def write_env(project: Path) -> None:
    """Write `.env` beside `.env.example` in `project`, mode 600.

    Raises `Bug` unless the example has exactly one `SECRET_KEY=` line, and `OSError`.
    """
    example = (project / EXAMPLE).read_text(encoding="utf-8")
    line = f"SECRET_KEY={secrets.token_urlsafe(BYTES)}"
    text, count = KEY_LINE.subn(line, example)
    if count != 1:
        raise Bug(f"{EXAMPLE} has {count} lines SECRET_KEY=, not one")
    descriptor = os.open(project / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
