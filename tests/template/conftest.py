import shutil
from pathlib import Path

import pytest

from support import ROOT


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template outside of this repository, where Copier has no git to ask for changes."""
    folder = tmp_path_factory.mktemp("exported")
    shutil.copy(ROOT / "copier.yml", folder)
    ignored = shutil.ignore_patterns("__pycache__", ".*_cache", ".venv")
    shutil.copytree(ROOT / "template", folder / "template", ignore=ignored)
    return folder
