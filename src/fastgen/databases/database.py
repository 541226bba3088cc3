"""The interface of a database: what differs between databases."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JsonType:
    """A type of SQLAlchemy for JSON: where its class is, and as slices and migrations write it."""

    module: str
    cls: str
    in_slices: str
    # As Alembic writes it, which knows only `sa`.
    in_migrations: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A database as generated code knows it."""

    name: str
    label: str
    # The module of `sqlalchemy.dialects` that slices use, if they do.
    dialect: str | None = None
    # Longer names of constraints and indexes are cut.
    longest_name: int
    # The prefix of tables that belong to the database.
    own_tables: str = ""
    # Names of columns that every table has.
    own_columns: frozenset[str] = frozenset()
    # Words that have to be quoted, and that SQLAlchemy does not quote.
    unquoted: frozenset[str] = frozenset()
    # The type of keys, which have 64 bits.
    key: str
    # Of a decimal: all its digits, and why there are no more, if people would expect them.
    most_digits: int
    why_digits: str = ""
    # The type of a decimal in a model.
    decimal: str
    json: JsonType
    # The modules of `columns/` that a decimal needs, each with its test.
    decimal_modules: tuple[tuple[str, str], ...] = ()
    # A value as the text that the database writes, given the places after a decimal's point.
    stored: Callable[[object, int], str]
    # Whether a migration copies a table to change more than names, instead of locking it.
    copies: bool
    # The statement by which a migration gives up waiting for the lock of a table, if it would wait.
    lock_timeout: str = ""
    # The moment, as SQL, for columns that store a datetime or a date.
    now: Mapping[str, str]
    # The arguments that make an index one for parts of the texts in these columns. Migrations begin
    # with what is in `template/resource/searching/`.
    search_index: Callable[[Sequence[str]], str] | None = None
    # A function of the database around a condition for a range, so that it plans well.
    range_hint: str | None = None
