"""Texts, of one line or several."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from fastgen.databases import Database
from fastgen.errors import InvalidField
from fastgen.fields import patterns
from fastgen.fields.grammar import near_modifier
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import Field
from fastgen.fields.samples import texts
from fastgen.fields.samples.model import JSON, Samples
from fastgen.fields.samples.words import words
from fastgen.fields.types.base import ALWAYS, USUAL
from fastgen.fields.types.generated import CHARACTER, Use
from fastgen.fields.types.sized import Sized
from fastgen.messages import meant, shown

LONGEST_STR = 10_000
LONGEST_TEXT = 1_000_000
DEFAULT_LENGTH = 255
TOO_LONG = "it is too long for an index; use str with a length"
_NUMBER = re.compile(r"[0-9]{1,9}")
_PATTERNED = frozenset({"search", "min", "max", "pattern", "default"})


class _Text(Sized):
    verbatim = True
    annotated = "str"
    kind = "text"
    # The validator of a text with a pattern of its own.
    lines: ClassVar[str]
    # Whether it may have several lines.
    prose: ClassVar[bool]

    def read_modifiers(self, field: Field, given: Mapping[str, str], mistakes: Mistakes) -> Field:
        field = super().read_modifiers(field, given, mistakes)
        pattern = given.get("pattern")
        if pattern is None:
            return field
        try:
            patterns.check(pattern)
        except ValueError as error:
            mistakes.add(
                f"the pattern {shown(pattern)} is not a regular expression: {error}",
                f"{self.name}:pattern=^[a-z]+$",
            )
            return field
        return replace(field, pattern=pattern)

    def with_least(self, field: Field, least: int | None, given: Mapping[str, str]) -> Field:
        # A required text is not empty unless that is allowed explicitly.
        required = not (field.optional or given.keys() & {"default", "pattern"})
        return replace(field, min=least if required else least or None)

    def canonical(self, field: Field, text: str) -> str:
        longest = field.length or field.max or LONGEST_TEXT
        if text != text.strip():
            raise ValueError("it begins or ends with white space, which values are stripped of")
        if not (field.min or 0) <= len(text) <= longest:
            raise ValueError(f"use {field.min or 0} to {longest} characters")
        if field.pattern is not None and not patterns.matches(field.pattern, text):
            raise ValueError("it does not match the field's own pattern")
        return text

    def samples(self, field: Field) -> Samples:
        try:
            return texts.samples(field, prose=self.prose)
        except texts.NoExample as error:
            hint = shlex.quote(self.show(replace(field, pattern=None)))
            raise InvalidField(str(error), hint) from error

    def item_samples(self, item: Field, count: int) -> tuple[JSON, ...]:
        return tuple(words(count))

    def base(self, field: Field, cls: str) -> list[str]:
        if field.pattern is not None:
            return ["str", "StringConstraints(strip_whitespace=True)"]
        return [self.body]

    def constraints(self, field: Field) -> Mapping[str, str | None]:
        most = self.limit(field)
        return {
            "min_length": str(field.shortest) if field.shortest else None,
            "max_length": None if most is None else str(most),
            "pattern": None if field.pattern is None else _raw(field.pattern),
        }

    def last(self, field: Field) -> list[str]:
        return [] if field.pattern is None else [f"AfterValidator({self.lines})"]


class Str(_Text):
    """One line of text."""

    name = "str"
    told = "one line of text, up to a length"
    other_words = ("string", "varchar", "char")
    example = "str:100"
    default_example = "str:100:default=none"
    sized_example = "str"
    form = "str:LENGTH"
    max_example = "str:max=100"
    question = ("how many characters at most", str(DEFAULT_LENGTH))
    takes_argument = True
    modifiers = USUAL | _PATTERNED
    synonyms = frozenset({"max"})
    most = LONGEST_STR
    body = "SingleLineStr"
    imports = frozenset({"AfterValidator", "SingleLineStr", "StringConstraints"})
    schema_modules = {"patterned": "patterned_type"}
    lines = "single_line"
    prose = False

    def read_argument(
        self, field: Field, argument: str | None, database: Database, mistakes: Mistakes
    ) -> Field:
        if argument is None:
            return field
        if _NUMBER.fullmatch(argument) and 1 <= int(argument) <= LONGEST_STR:
            return replace(field, length=int(argument))
        near = near_modifier(argument, self.modifiers)
        is_long = _NUMBER.fullmatch(argument) and int(argument) > LONGEST_STR
        mistakes.add(
            f"{shown(argument)} is not a length: use 1 to {LONGEST_STR}, and the type text for "
            f"longer ones{meant(near and f'the modifier {near}')}",
            self.example,
            instead={"str": "text", argument: f"max={argument}"}
            if is_long
            else {argument: near or "100"},
        )
        return field

    def argument(self, field: Field) -> str | None:
        return None if field.length == DEFAULT_LENGTH else str(field.length)

    def with_most(
        self, field: Field, most: int | None, given: Mapping[str, str], mistakes: Mistakes
    ) -> Field:
        if field.length and most and field.length != most:
            mistakes.add(
                f"the length {field.length} and max={most} differ, and are the same thing; "
                "give one of them",
                f"str:{most}",
                instead={f"max={given['max']}": ""},
            )
        return replace(field, length=field.length or most or DEFAULT_LENGTH)

    def limit(self, field: Field) -> int | None:
        return field.length

    def of_size(self, least: int) -> str:
        return f"str:{least}"

    def as_item(self, name: str) -> Field:
        return Field(name, self.name, length=DEFAULT_LENGTH)

    def column(self, field: Field, use: Use) -> str:
        return f"sa.String({field.length})"

    def migration_column(self, field: Field, database: Database) -> str:
        return f"sa.String(length={field.length})"

    def most_bytes(self, field: Field) -> int:
        return CHARACTER * (field.length or DEFAULT_LENGTH)

    def item_body(self) -> str:
        return f"Annotated[{self.body}, Field(min_length=1, max_length={DEFAULT_LENGTH})]"


class Text(_Text):
    """Text with line breaks."""

    name = "text"
    told = "text with line breaks"
    other_words = ("longtext",)
    example = "text"
    default_example = "text:default=none"
    modifiers = ALWAYS | _PATTERNED
    refusals = {
        "unique": TOO_LONG,
        "index": TOO_LONG,
        "filter": "a whole text is not a useful filter; use search",
        "sort": TOO_LONG,
    }
    default_max = 20_000
    listed = False
    most = LONGEST_TEXT
    in_model = "sa.Text"
    in_migration = "sa.Text()"
    body = "MultiLineStr"
    imports = frozenset({"MultiLineStr"})
    schema_modules = {"multi_line": "multi_line_type", "patterned_text": "patterned_text_type"}
    lines = "multi_line"
    prose = True


def _raw(pattern: str) -> str:
    quote = '"' if '"' not in pattern else "'"
    plain = not pattern.endswith("\\") and quote not in pattern
    return f"r{quote}{pattern}{quote}" if plain else repr(pattern)
