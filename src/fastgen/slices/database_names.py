"""Names as the database has them, which it may have to cut."""

from hashlib import md5

from fastgen.slices.resource import Database

LONGEST = {"postgresql": 63, "sqlite": 9999}
DIGITS, MARK = 4, 8


def cut(name: str, database: Database, taken: int = 0) -> str:
    """Return `name`, or what SQLAlchemy makes of one that is too long for `database`.

    Other parts of a name may have `taken` some characters of it.
    """
    longest = LONGEST[database] - taken
    if len(name) <= longest:
        return name
    digest = md5(name.encode(), usedforsecurity=False).hexdigest()
    return f"{name[: longest - MARK]}_{digest[-DIGITS:]}"
