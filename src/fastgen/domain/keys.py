"""The keys of the file, and what each may be, as JSON Schema says it."""

from collections.abc import Mapping
from typing import Any

from fastgen.names.resource import LONGEST_PATH, PATH
from fastgen.slices.rights import ACCESSES

VERSION = "1"
FILE = "resources.yml"

NAMES = {
    "type": "array",
    "minItems": 2,
    "uniqueItems": True,
    "items": {"type": "string", "minLength": 1},
}
FIELDS = {
    "description": "Fields as NAME[:TYPE[:ARGUMENT]][:MODIFIER]..., as on the command line.",
    "type": "array",
    "minItems": 1,
    "uniqueItems": True,
    "items": {"type": "string", "minLength": 1},
    "examples": [["name:str:100:min=1", "price:decimal:10,2:gt=0", "category:ref:category"]],
}
ACCESS = {
    "description": "Who may use the rows: their owner; all signed-in users; administrators write "
    "and signed-in users read; anybody reads and signed-in users write.",
    "enum": [*ACCESSES],
}

# A resource as a mapping.
RESOURCE: Mapping[str, Mapping[str, Any]] = {
    "access": ACCESS,
    "plural": {
        "description": "The plural in snake_case, if fastgen guesses it wrong.",
        "type": "string",
        "pattern": "^[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*$",
        "maxLength": 40,
    },
    "path": {
        "description": "The path after /api/v1/ in the URL, if it is not the plural with hyphens.",
        "type": "string",
        "pattern": f"^{PATH.pattern}$",
        "maxLength": LONGEST_PATH,
    },
    "fields": FIELDS,
    "unique": {
        "description": "Fields whose values are unique together.",
        "type": "array",
        "items": NAMES,
        "examples": [[["artist", "title"]]],
    },
    "index": {
        "description": "Fields, created_at or updated_at with a common index.",
        "type": "array",
        "items": NAMES,
        "examples": [[["artist", "created_at"]]],
    },
}
TOP: Mapping[str, Mapping[str, Any]] = {
    "version": {"description": "The version of this format.", "const": int(VERSION)},
    "access": {
        **ACCESS,
        "description": "The access of all resources below that do not set their own.",
    },
    "user": {
        **FIELDS,
        "description": "Fields of accounts; fields that are left out here are kept.",
        "examples": [["bio:text:optional", "karma:int:ge=0:default=0"]],
    },
    "resources": {
        "description": "The resources, each a list of fields, or a mapping; in any order.",
        "type": "object",
        "propertyNames": {"pattern": "^[A-Za-z][A-Za-z0-9_-]*$", "maxLength": 40},
        "additionalProperties": {
            "oneOf": [
                FIELDS,
                {
                    "type": "object",
                    "properties": RESOURCE,
                    "required": ["fields"],
                    "additionalProperties": False,
                },
            ]
        },
    },
    "renamed": {
        "description": "New names of resources (song: track) and fields (track.length: seconds).",
        "type": "object",
        "propertyNames": {"pattern": r"^[A-Za-z][A-Za-z0-9_-]*(\.[a-z][a-z0-9_]*)?$"},
        "additionalProperties": {"type": "string", "minLength": 1},
    },
}
REQUIRED = ("version", "resources")
# Kept for later versions of the format.
RESERVED = frozenset({"many", "in", "embed", "count", "key", "members", "via", "read", "write"})
USER = "user"
