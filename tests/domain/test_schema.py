"""The JSON Schema of the file: it is in docs, and accepts what `apply` reads."""

import json

import jsonschema_rs
import pytest
import yaml

from domain.test_reading import WHOLE
from fastgen.domain import schema
from support import ROOT

FILE = ROOT / "docs/resources.schema.json"
WRONG = [
    "{resources: {}}",
    "{version: 2, resources: {}}",
    "{version: 1}",
    "{version: 1, resources: {item: []}}",
    "{version: 1, resources: {item: {access: owner}}}",
    "{version: 1, resources: {item: {fields: [a], acess: owner}}}",
    "{version: 1, resources: {item: {fields: [a], access: nobody}}}",
    "{version: 1, resources: {item: {fields: [a], unique: [[a]]}}}",
    "{version: 1, resources: {}, user: []}",
    "{version: 1, resources: {}, renamed: {a: 1}}",
]


def is_valid(text: str) -> bool:
    valid: bool = jsonschema_rs.validator_for(json.loads(schema.text())).is_valid(
        yaml.safe_load(text)
    )
    return valid


def test_docs_have_it() -> None:
    """Write it with `uv run python -m domain.test_schema` in `tests`."""
    assert FILE.read_text() == schema.text()


@pytest.mark.parametrize("text", [WHOLE, "{version: 1, user: [a], resources: {}}"])
def test_it_accepts_what_is_right(text: str) -> None:
    assert is_valid(text)


@pytest.mark.parametrize("text", WRONG)
def test_it_refuses_what_is_wrong(text: str) -> None:
    assert not is_valid(text)


if __name__ == "__main__":
    FILE.write_text(schema.text())
