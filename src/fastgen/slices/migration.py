"""The context for the templates of migrations."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from fastgen.databases import DIALECTS

LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class Rendered:
    """A migration: its file, its revision, and its unformatted source."""

    path: str
    revision: str
    text: str


def frame(title: str, head: str | None, content: str) -> dict[str, Any]:
    """Return the context that every migration needs, given a text of all that it does."""
    now = datetime.now(UTC)
    words = "_".join(re.findall(r"\w+", title))[:LONGEST_TITLE].rstrip("_")
    return {
        "dialects": DIALECTS,
        # The same change of the same history has the same name on every machine.
        "revision": sha256(f"{head} {content}".encode()).hexdigest()[:12],
        "down_revision": head,
        "created": now.isoformat(sep=" ", timespec="seconds"),
        "file": f"{now:%Y%m%d_%H%M}_{words}.py",
    }
