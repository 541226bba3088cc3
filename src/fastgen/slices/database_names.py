"""Names in the database, which truncates long ones."""

from hashlib import md5

from fastgen.databases import Database

DIGITS, MARK = 4, 8


def cut(name: str, database: Database, taken: int = 0) -> str:
    """Return `name`, truncated as SQLAlchemy does if it is too long for `database`.

    `taken` characters are used by other parts of the name.
    """
    longest = database.longest_name - taken
    if len(name) <= longest:
        return name
    digest = md5(name.encode(), usedforsecurity=False).hexdigest()
    return f"{name[: longest - MARK]}_{digest[-DIGITS:]}"
