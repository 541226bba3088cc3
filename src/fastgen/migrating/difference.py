"""The change of a table, as the operations of a migration and what is to be said of it."""

from dataclasses import dataclass
from typing import Literal

from fastgen.databases import Database
from fastgen.errors import Refused
from fastgen.migrating.operations import Operation

# What is dropped, which rows would stop the migration, what it locks, what breaks the release that
# still runs, and how the downgrade can fail.
Kind = Literal["gone", "rows", "locks", "release", "downgrade"]


@dataclass(frozen=True)
class Note:
    """A sentence about a migration."""

    kind: Kind
    text: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The change of a table: its operations up and down, and what people should know.

    With `mistakes`, there are no operations.
    """

    database: Database
    operations: tuple[Operation, ...] = ()
    reverse: tuple[Operation, ...] = ()
    notes: tuple[Note, ...] = ()
    mistakes: tuple[Refused, ...] = ()
