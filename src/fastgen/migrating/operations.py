"""The operations of a migration, each with its source text."""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from fastgen.slices.indexes import Index
from fastgen.slices.tables import Constraint, Table

CREATING = {
    "check": "create_check_constraint",
    "foreignkey": "create_foreign_key",
    "primary": "create_primary_key",
    "unique": "create_unique_constraint",
}
# Where a column has no default in the database.
NO_DEFAULT = "None"
# What SQLAlchemy would treat as a parameter.
_PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w+(?!:))")


def escaped(sql: str) -> str:
    """Return `sql` as a text of SQLAlchemy without parameters."""
    return _PARAMETER.sub(r"\\:", sql)


@dataclass(frozen=True)
class Operation(ABC):
    """Something that a migration does to `table`."""

    table: str
    # Whether it is part of a batch, which on SQLite copies the table once for all of its parts.
    batched: ClassVar[bool] = True

    @property
    @abstractmethod
    def code(self) -> str:
        """The statement; in a batch, what follows `batch.`."""


@dataclass(frozen=True)
class AddColumn(Operation):
    """Adds a column, which is the source text of a `sa.Column`."""

    column: str

    @property
    def code(self) -> str:
        """The call."""
        return f"add_column({self.column})"


@dataclass(frozen=True)
class DropColumn(Operation):
    """Drops a column with its values."""

    name: str

    @property
    def code(self) -> str:
        """The call."""
        return f'drop_column("{self.name}")'


@dataclass(frozen=True)
class RenameColumn(Operation):
    """Renames a column; SQLite does that without a copy, and in whatever refers to it."""

    old: str
    new: str
    batched: ClassVar[bool] = False

    @property
    def code(self) -> str:
        """The statement."""
        return f'op.alter_column("{self.table}", "{self.old}", new_column_name="{self.new}")'


@dataclass(frozen=True)
class AlterColumn(Operation):
    """Changes a column; what is None stays as it is."""

    name: str
    type: str | None = None
    # How PostgreSQL makes a value of the new type.
    using: str | None = None
    nullable: bool | None = None
    # The source text of a `server_default=`, or `NO_DEFAULT`.
    default: str | None = None

    @property
    def code(self) -> str:
        """The call."""
        parts = [
            f'"{self.name}"',
            *([f"type_={self.type}"] if self.type else []),
            *([] if self.nullable is None else [f"nullable={self.nullable}"]),
            *([f"server_default={self.default}"] if self.default else []),
            *([f"postgresql_using={self.using!r}"] if self.using else []),
        ]
        return f"alter_column({', '.join(parts)})"


@dataclass(frozen=True)
class CreateConstraint(Operation):
    """Creates a constraint."""

    constraint: Constraint

    @property
    def code(self) -> str:
        """The call."""
        one = self.constraint
        # The template of a new table has no use for the arguments of its primary key.
        arguments = one.arguments or '["id"]'
        return f'{CREATING[one.kind]}(op.f("{one.name}"), {arguments})'


@dataclass(frozen=True)
class DropConstraint(Operation):
    """Drops a constraint."""

    constraint: Constraint

    @property
    def code(self) -> str:
        """The call."""
        one = self.constraint
        return f'drop_constraint(op.f("{one.name}"), type_="{one.kind}")'


@dataclass(frozen=True)
class CreateIndex(Operation):
    """Creates an index."""

    index: Index

    @property
    def code(self) -> str:
        """The call."""
        one = self.index
        return f'create_index(op.f("{one.name}"), [{one.listed}]{one.options})'


@dataclass(frozen=True)
class DropIndex(Operation):
    """Drops an index."""

    index: Index

    @property
    def code(self) -> str:
        """The call."""
        return f'drop_index(op.f("{self.index.name}"))'


@dataclass(frozen=True)
class RenameTable(Operation):
    """Renames a table."""

    new: str
    batched: ClassVar[bool] = False

    @property
    def code(self) -> str:
        """The statement."""
        return f'op.rename_table("{self.table}", "{self.new}")'


@dataclass(frozen=True)
class Execute(Operation):
    """Executes SQL."""

    sql: str
    batched: ClassVar[bool] = False

    @property
    def code(self) -> str:
        """The statement."""
        return f"op.execute({escaped(self.sql)!r})"


@dataclass(frozen=True)
class RenameConstraint(Execute):
    """Renames a constraint, which only SQL can; SQLite cannot at all."""


@dataclass(frozen=True)
class RenameIndex(Execute):
    """Renames an index, which only SQL can; SQLite cannot at all."""


@dataclass(frozen=True)
class RenameSequence(Execute):
    """Renames the sequence that numbers rows."""


@dataclass(frozen=True)
class Refuse(Operation):
    """Stops the migration if there are rows that the database itself would not refuse."""

    condition: str
    told: str
    batched: ClassVar[bool] = False

    @property
    def select(self) -> str:
        """The query that finds the rows."""
        return f'SELECT "id" FROM "{self.table}" WHERE {self.condition}'

    @property
    def code(self) -> str:
        """The statement."""
        return f'refuse("{self.table}: {self.told}", {escaped(self.select)!r})'


@dataclass(frozen=True)
class CreateTable(Operation):
    """Creates a table with all its parts."""

    whole: Table
    batched: ClassVar[bool] = False

    @property
    def code(self) -> str:
        """Nothing: the template of tables has it."""
        return ""


@dataclass(frozen=True)
class DropTable(Operation):
    """Drops a table with its rows."""

    whole: Table
    batched: ClassVar[bool] = False

    @property
    def code(self) -> str:
        """Nothing: the template of tables has it."""
        return ""
