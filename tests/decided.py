"""What people decide in the code of the resource `item`, without fastgen."""

import re
import subprocess

from ruff import find_ruff_bin

from living import Living

ENDPOINTS = "src/app/api/v1/endpoints/items.py"
TESTS = "tests/test_items.py"
# The words of a person who calls the classes otherwise, each with what is usual.
CLASSES = {
    "ItemCreate": "ProductIn",
    "ItemUpdate": "ProductPatch",
    "ItemResponse": "ItemOut",
    "ItemService": "Catalogue",
    "ItemStatus": "Availability",
    "Item": "Product",
}


def call_otherwise(project: Living) -> None:
    """Rename the classes as an editor does, and format."""
    for folder in ("src", "tests"):
        for file in (project.root / folder).rglob("*.py"):
            text = file.read_text()
            for usual, name in CLASSES.items():
                text = re.sub(rf"\b{usual}\b", name, text)
            # A text is no class.
            file.write_text(text.replace('NotFoundError("Product"', 'NotFoundError("Item"'))
    tidy(project)


def tidy(project: Living) -> None:
    for command in (("check", "--select", "I", "--fix", "-q"), ("format", "-q")):
        subprocess.run(
            [find_ruff_bin(), *command, "--no-cache", "src", "tests"], cwd=project.root, check=True
        )


def serve_at(project: Living, path: str) -> None:
    """Change the path in the code."""
    project.edit(ENDPOINTS, 'prefix="/items"', f'prefix="/{path}"')
    project.edit(TESTS, '"{API}/items"', f'"{{API}}/{path}"')
