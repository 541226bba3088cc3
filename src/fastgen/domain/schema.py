"""The JSON Schema of the file, with which editors complete it."""

import json

from fastgen.domain import keys

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def text() -> str:
    """Return the schema as JSON."""
    schema = {
        "$schema": DRAFT,
        "title": "The resources of a fastgen project",
        "type": "object",
        "properties": keys.TOP,
        "required": [*keys.REQUIRED],
        "additionalProperties": False,
    }
    return json.dumps(schema, indent=2) + "\n"
