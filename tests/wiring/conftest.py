import subprocess
from collections.abc import Callable

import pytest
from ruff import find_ruff_bin

FIRST_PARTY = "lint.isort.known-first-party=['app']"
CHECKS = (["check", "--select", "I", "--config", FIRST_PARTY], ["format", "--check"])
OPTIONS = ["--isolated", "--line-length", "100", "--no-cache", "--stdin-filename", "x.py", "-"]
IsClean = Callable[[str], bool]


@pytest.fixture(scope="session")
def is_clean() -> IsClean:
    """Whether ruff would leave a file's text as it is."""

    def check(source: str) -> bool:
        return all(
            subprocess.run(
                [find_ruff_bin(), *check, *OPTIONS],
                input=source.encode(),
                capture_output=True,
                check=False,
            ).returncode
            == 0
            for check in CHECKS
        )

    return check
