"""One-line explanations of the words of the grammar."""

from collections.abc import Mapping

from fastgen.fields.model import OnDelete
from fastgen.slices.resource import Access

ACCESS: Mapping[Access, str] = {
    "owner": "each user has rows of their own and sees no others",
    "shared": "any signed-in user reads and writes all rows",
    "admin": "signed-in users read, administrators write",
    "public": "anybody reads, signed-in users write",
}
MODIFIERS: Mapping[str, str] = {
    "optional": "may be left out, or null",
    "unique": "no two rows have the same value",
    "index": "database index, for fast look-ups",
    "filter": "lists can be filtered by it, and by null if it is optional",
    "sort": "lists can be sorted by it; up to 500 characters",
    "search": "lists can be searched for parts of it",
    "readonly": "shown, never taken from a client",
    "writeonly": "taken from a client, never shown",
    "min": "at least this many",
    "max": "at most this many",
    "gt": "greater than a value",
    "ge": "this value or greater",
    "lt": "less than a value",
    "le": "this value or less",
    "ondelete": "what happens when the row that it refers to is deleted",
    "pattern": "regular expression that it must match",
    "default": "value if none is given",
}
ON_DELETE: Mapping[OnDelete, str] = {
    "restrict": "refuse it while rows refer to it",
    "cascade": "delete the rows that refer to it too",
    "setnull": "keep them, without the reference",
}
