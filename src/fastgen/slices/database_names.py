"""Names in the database, which truncates long ones."""

from hashlib import md5

from fastgen.fields.model import Database

LONGEST = {"postgresql": 63, "sqlite": 9999}
DIGITS, MARK = 4, 8


def cut(name: str, database: Database, taken: int = 0) -> str:
    """Return `name`, truncated as SQLAlchemy does if it is too long for `database`.

    `taken` characters are used by other parts of the name.
    """
    longest = LONGEST[database] - taken
    if len(name) <= longest:
        return name
    digest = md5(name.encode(), usedforsecurity=False).hexdigest()
    return f"{name[: longest - MARK]}_{digest[-DIGITS:]}"
