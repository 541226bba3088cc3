"""Finds the template: inside the installed package, or at the root of a checkout."""

from pathlib import Path

from fastgen.errors import Bug

QUESTIONS_FILE = "copier.yml"


def template_root() -> Path:
    """Return the folder that holds `copier.yml` and `template/`.

    Raises `Bug` when the installation has neither.
    """
    package = Path(__file__).resolve().parents[1]
    for root in (package / "_template", package.parents[1]):
        if (root / QUESTIONS_FILE).is_file():
            return root
    raise Bug(f"the template is missing from this installation: {package / '_template'}")
