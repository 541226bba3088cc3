"""What differs between databases in generated code: one object each.

A further database is a module here, its name in `ALL`, a module in `fastgen.migrating` that
converts values between types, a choice in `copier.yml`, and its layer.
"""

from fastgen.databases.database import Database
from fastgen.databases.postgresql import POSTGRESQL
from fastgen.databases.sqlite import SQLITE

ALL = (SQLITE, POSTGRESQL)
BY_NAME = {database.name: database for database in ALL}
# Templates of slices import them all, and ruff removes what is not used.
DIALECTS = sorted(database.dialect for database in ALL if database.dialect)
MOST_PERMISSIVE = max(ALL, key=lambda database: database.most_digits)

__all__ = ["ALL", "BY_NAME", "DIALECTS", "MOST_PERMISSIVE", "POSTGRESQL", "SQLITE", "Database"]
