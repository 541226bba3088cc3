"""References to rows of another resource, or to accounts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from fastgen.databases import Database
from fastgen.errors import InvalidName
from fastgen.fields.grammar import MODIFIERS
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import Field, OnDelete
from fastgen.fields.samples.model import Samples
from fastgen.fields.types.base import USUAL, FieldType
from fastgen.fields.types.generated import Use
from fastgen.messages import nearest, printable, shown
from fastgen.names.resource import singular

ON_DELETE: tuple[OnDelete, ...] = get_args(OnDelete)


class Ref(FieldType):
    """The key of a row."""

    name = "ref"
    told = "row of another resource, or a user"
    other_words = ("reference", "references", "foreignkey", "fk", "belongs_to")
    example = "ref:user"
    form = "ref:RESOURCE  ref:user"
    takes_argument = needs_argument = True
    refers = True
    modifiers = USUAL - {"index", "default"} | {"ondelete"}
    refusals = {"index": "it always has an index", "default": "no row is sure to exist"}
    listed = False
    has_examples = False
    annotated = "int"
    implied = True
    body = "StrictInt"
    imports = frozenset({"BigInteger", "ForeignKey"})

    @property
    def storage(self) -> str:
        return "integer"

    def field_name(self, typed: str) -> str:
        return typed.removesuffix("_id")

    def read_argument(
        self, field: Field, argument: str | None, database: Database, mistakes: Mistakes
    ) -> Field:
        if argument is None:
            mistakes.add(
                "a ref needs the resource that it refers to, or user",
                self.example,
                instead={"ref": "ref:user"},
            )
            return field
        try:
            return replace(field, target=singular(argument))
        except InvalidName as error:
            mistakes.add(
                f"it cannot refer to {shown(argument)}: {error.message}",
                self.example,
                instead={argument: "user"},
            )
            return field

    def argument(self, field: Field) -> str:
        target = str(field.target)
        # `ref:index` would be a ref without a target and a modifier.
        return target.capitalize() if target in MODIFIERS else target

    def read_modifiers(self, field: Field, given: Mapping[str, str], mistakes: Mistakes) -> Field:
        typed = given.get("ondelete") or ("setnull" if field.optional else "restrict")
        rule = next((known for known in ON_DELETE if known == typed), None)
        if rule is None:
            near = nearest(typed, ON_DELETE) or "restrict"
            mistakes.add(
                f"ondelete={printable(typed)} is not known: use {', '.join(ON_DELETE)}",
                "ref:user:ondelete=cascade",
                instead={f"ondelete={typed}": f"ondelete={near}"},
            )
        return replace(field, ondelete=rule)

    def column(self, field: Field, use: Use) -> str:
        return use.database.key

    def migration_column(self, field: Field, database: Database) -> str:
        return database.key

    def canonical(self, field: Field, text: str) -> str:
        raise ValueError(self.refusals["default"])

    def samples(self, field: Field) -> Samples:
        raise ValueError("a ref has no samples of its own")

    def constraints(self, field: Field) -> Mapping[str, str | None]:
        return {"ge": "1", "lt": "2**63"}

    def query(self, field: Field, cls: str) -> str:
        return "Annotated[int, Field(ge=1, lt=2**63)]"
