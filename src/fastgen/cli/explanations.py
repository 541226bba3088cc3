"""What the words of the grammar mean, in a line each."""

from collections.abc import Mapping

from fastgen.fields.model import OnDelete, Type
from fastgen.slices.resource import Access

ACCESS: Mapping[Access, str] = {
    "owner": "each user has rows of their own and sees no others",
    "shared": "any signed-in user reads and writes all rows",
    "admin": "signed-in users read, administrators write",
    "public": "anybody reads, signed-in users write",
}
TYPES: Mapping[Type, str] = {
    "str": "one line of text, up to a length",
    "text": "text with line breaks",
    "int": "whole number, 32 bits",
    "bigint": "whole number, 64 bits",
    "float": "number with a floating point",
    "decimal": "exact number, as for money",
    "bool": "true or false",
    "date": "day, as 2026-01-31",
    "datetime": "moment with a time zone, kept in UTC",
    "time": "time of day, as 09:30",
    "uuid": "UUID that somebody else gives",
    "email": "mail address",
    "url": "address of a web page",
    "json": "any JSON value",
    "enum": "one of a few values",
    "list": "several values of one type",
    "ref": "row of another resource, or a user",
}
MODIFIERS: Mapping[str, str] = {
    "optional": "may be left out, or null",
    "unique": "no two rows have the same value",
    "index": "index of the database, for quick look-ups",
    "filter": "lists can be narrowed to a value",
    "sort": "lists can be sorted by it",
    "search": "the search in lists looks at it",
    "readonly": "shown, never taken from a client",
    "writeonly": "taken from a client, never shown",
    "min": "at least so many",
    "max": "at most so many",
    "gt": "greater than a value",
    "ge": "this value or greater",
    "lt": "less than a value",
    "le": "this value or less",
    "ondelete": "what happens when the row that it refers to is deleted",
    "pattern": "regular expression that it matches",
    "default": "value where none is given",
}
UNIQUE_ITEMS = "no item is there twice"
ON_DELETE: Mapping[OnDelete, str] = {
    "restrict": "refuse it while there are rows that refer to it",
    "cascade": "delete the rows that refer to it too",
    "setnull": "keep them, without the reference",
}
