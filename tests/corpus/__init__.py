"""Public schemas, each as it is and as a `resources.yml`."""

from pathlib import Path

FOLDER = Path(__file__).parent
CORPUS = sorted(file.stem for file in FOLDER.glob("*.yml"))


def content(name: str) -> str:
    """Return the `resources.yml` of a schema."""
    return (FOLDER / f"{name}.yml").read_text("utf-8")
