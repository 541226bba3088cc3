"""Colors, as CSS and the color inputs of browsers write them."""

import re

from fastgen.fields.model import Field
from fastgen.fields.samples.model import COUNT, JSON, Invalid, Samples
from fastgen.fields.types.base import NOT_TEXT, USUAL, FieldType

_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
_LENGTH = len("#1f6feb")
_FIRST, _END = 0x1F6FEB, 2**24


class Color(FieldType):
    """A color of six hexadecimal digits, stored in lower case."""

    name = "color"
    told = "color, as #1f6feb"
    other_words = ("colour", "hexcolor", "rgb")
    example = "color"
    default_example = "color:default=#1f6feb"
    modifiers = USUAL - {"sort"}
    refusals = {
        "sort": "colors have no order",
        "search": "a part of a color means nothing; use filter",
    }
    annotated = "str"
    in_model = f"sa.String({_LENGTH})"
    in_migration = f"sa.String(length={_LENGTH})"
    kind = "text"
    body = "HexColor"
    imports = frozenset({"HexColor"})
    description = "six hexadecimal digits; kept in lower case"
    schema_modules = {"colors": "color_type"}

    def canonical(self, field: Field, text: str) -> str:
        if not _COLOR.fullmatch(text):
            raise ValueError("use a color of six hexadecimal digits like #1f6feb")
        return text.lower()

    def samples(self, field: Field) -> Samples:
        wrong = (NOT_TEXT, Invalid("blue", "not-a-color"), Invalid("#fff", "too-few-digits"))
        return Samples(self.item_samples(field, COUNT), wrong)

    def item_samples(self, item: Field, count: int) -> tuple[JSON, ...]:
        step = (_END - _FIRST) // max(count, 1)
        return tuple(f"#{_FIRST + n * step:06x}" for n in range(count))
