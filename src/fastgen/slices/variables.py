"""The names of the variables for a row and for several rows in a slice."""

import builtins

from fastgen.names.resource import Names

# Names that the templates use for other things in the same functions.
OTHERS = frozenset(
    # service and endpoints
    {"add", "bindparam", "caller", "cls", "contains", "data", "delete", "deleted", "documented"}
    | {"field", "found", "func", "get_caller", "insert", "one", "own", "owner", "page", "pages"}
    | {"query", "quote", "references", "refuse_unknown_parameters", "request", "require_admin"}
    | {"response", "router", "select", "self", "session", "shown", "status", "value", "values"}
    | {"with_next_link"}
    # tests
    | {"account", "accounts", "after", "api", "app", "before", "bodies", "body", "by", "carol"}
    | {"change", "changed", "changes", "client", "created", "defaults", "dt", "foreign", "headers"}
    | {"left", "make_account", "me", "method", "missing", "models", "name", "number", "numbers"}
    | {"other", "others", "parameter", "params", "path", "pytest", "row", "rows", "same", "secrets"}
    | {"shown", "sort", "stored", "url", "whole"}
)
# Including those of the interactive prompt, which linters know as well.
BUILTINS = frozenset(dir(builtins)) | {"copyright", "credits", "exit", "help", "license", "quit"}


def one(names: Names) -> str:
    """Return the variable name of a row."""
    return _free(names.singular, f"{names.singular}_row")


def many(names: Names) -> str:
    """Return the variable name of several rows."""
    return _free(names.plural, f"{names.singular}_rows")


def article(label: str) -> str:
    """Return `an item`, `a category`, `an hour`, `a user`."""
    silent = label.startswith(("hour", "honest", "honor", "honour", "heir"))
    # `uni` begins with a consonant sound in most words: unit, unique, but not uninvited.
    spoken = label.startswith(("uni", "us", "ut", "eu", "one", "ub", "ufo", "ewe")) and (
        not label.startswith(("unin", "unim", "unid", "ush", "utter", "utmost"))
    )
    return f"{'an' if silent or (label[0] in 'aeiou' and not spoken) else 'a'} {label}"


def _free(name: str, otherwise: str) -> str:
    return otherwise if name in OTHERS | BUILTINS else name
