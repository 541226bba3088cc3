"""The code that is generated for a field type."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from fastgen.databases import Database
from fastgen.fields.model import Field

# No number, moment or key has more bytes in a database.
SMALL = 32
# The most bytes of a character.
CHARACTER = 4


@dataclass(frozen=True, slots=True)
class Use:
    """Where a column is used, as far as its type depends on it."""

    database: Database
    # The names of the class and of the check constraint that a field with its own values has.
    cls: str
    label: str


class Generated:
    """The column and the schemas of a type, as a slice has them.

    Source texts are Python with the names that the templates of a slice import.
    """

    # --- Values

    def literal(self, field: Field, value: Any, cls: str = "") -> str:
        """Return a value as an expression; `cls` is the class of a field with its own values."""
        return repr(value)

    def factory(self, field: Field, value: Any) -> str | None:
        """Return the factory for a default, None if the value is immutable."""
        return None

    def computed(self, field: Field) -> str | None:
        """Return the function that makes the default of each new row, None for a constant one."""
        return None

    # What a value that is `computed` is.
    computed_told: ClassVar[str] = ""

    def stored(self, field: Field, value: Any, database: Database) -> str:
        """Return a value as the database writes it."""
        return str(value)

    def server_default(self, field: Field, value: Any, database: Database) -> str:
        """Return the `server_default=` of a column for a default."""
        text = self.stored(field, value, database)
        if text and "'" not in text:
            return repr(text)
        # Alembic can compare a text that is empty or has quotes only as SQL.
        quoted = text.replace("'", "''").replace(":", "\\:")
        sql = json.dumps(f"'{quoted}'", ensure_ascii=False)
        return f"sa.text({sql})"

    # --- The column

    # The type of a value in the model; whether SQLAlchemy derives the column's type from it.
    annotated: ClassVar[str]
    implied: ClassVar[bool] = False
    # The type of the column in the model, and in a migration, which must not import project code.
    in_model: ClassVar[str]
    in_migration: ClassVar[str]
    # Types of the same kind read each other's values.
    kind: ClassVar[str] = ""

    def annotation(self, field: Field, cls: str) -> str:
        """Return the type of a value in Python, without null."""
        return self.annotated

    def column(self, field: Field, use: Use) -> str:
        """Return the type of the column in the model."""
        return self.in_model

    def migration_column(self, field: Field, database: Database) -> str:
        """Return the type of the column in a migration."""
        return self.in_migration

    def most_bytes(self, field: Field) -> int:
        """Return how many bytes a value has at most in an index."""
        return SMALL

    # --- The schemas

    # The type in bodies, and in lists in bodies.
    body: ClassVar[str]
    # Names that a slice imports for it, and that could also be made of a resource and a field.
    imports: ClassVar[frozenset[str]] = frozenset()
    # What the type does not express.
    description: ClassVar[str] = ""
    # Whether it needs no alias, and whether its alias becomes a component of the document.
    plain: ClassVar[bool] = False
    component: ClassVar[bool] = False
    # Modules that a project gets with the first field that needs them, each with its test.
    schema_modules: ClassVar[Mapping[str, str]] = {}

    def column_modules(self, database: Database) -> Mapping[str, str]:
        """Return the modules of the column on `database`, each with its test."""
        return {}

    def base(self, field: Field, cls: str) -> list[str]:
        """Return the type in bodies, and the parts of `Annotated` before the limits."""
        return [self.body]

    def constraints(self, field: Field) -> Mapping[str, str | None]:
        """Return the limits of `field` as arguments of Pydantic's `Field`; None is no limit."""
        return {}

    def last(self, field: Field) -> list[str]:
        """Return the parts of `Annotated` after the limits."""
        return []

    def item_body(self) -> str:
        """Return the type of an item in bodies."""
        return self.body

    def query(self, field: Field, cls: str) -> str:
        """Return the type of a filter, which is sent as text."""
        return self.body

    def response(self, field: Field, cls: str) -> str:
        """Return the type in responses, without null."""
        return self.annotation(field, cls)

    def described(self, field: Field) -> list[str]:
        """Return what the type does not express, in phrases."""
        return [self.description] if self.description else []

    def schema_extra(self, field: Field) -> list[str]:
        """Return further arguments of Pydantic's `Field`."""
        return []

    def create_default(self, field: Field, value: Any, cls: str) -> str:
        """Return the default in the schema for creating."""
        made = self.factory(field, value)
        return f"Field(default_factory={made})" if made else self.literal(field, value, cls)
