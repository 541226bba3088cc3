"""Where this fastgen was installed from."""

import importlib.util
import json
import shlex
import sys
from pathlib import Path
from typing import Any

from fastgen.system import git, uv

# What installers write (https://packaging.python.org/specifications/direct-url).
ORIGIN = "direct_url.json"


def clone(distribution: str) -> Path | None:
    """Return the clone that `distribution` was copied from, None for a package of an index."""
    # They take longer to import than most of what a command does, and only hints need them.
    from importlib import metadata  # noqa: PLC0415
    from urllib.parse import urlsplit  # noqa: PLC0415
    from urllib.request import url2pathname  # noqa: PLC0415

    try:
        origin: Any = json.loads(metadata.distribution(distribution).read_text(ORIGIN) or "{}")
        if origin.get("dir_info", {}).get("editable"):
            return None
        url = urlsplit(origin.get("url", ""))
    except (metadata.PackageNotFoundError, ValueError, AttributeError, TypeError):
        return None
    folder = Path(url2pathname(url.path))
    return folder if url.scheme == "file" and git.has_repository(folder) else None


def installing(source: Path) -> str:
    """Return the command that puts what is in the folder `source` in the place of this fastgen."""
    python, folder = shlex.quote(sys.executable), shlex.quote(str(source))
    if importlib.util.find_spec("pip"):
        return f"{python} -m pip install {folder}"
    return f"{uv.as_typed()} pip install --python {python} {folder}"
