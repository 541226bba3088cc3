"""Web addresses."""

from fastgen.fields.model import Field
from fastgen.fields.samples.model import COUNT, JSON, Invalid, Samples
from fastgen.fields.samples.words import words
from fastgen.fields.types.base import NOT_TEXT, USUAL, FieldType
from fastgen.fields.types.texts import TOO_LONG

LONGEST = 2_000


class Url(FieldType):
    """The address of a web page."""

    name = "url"
    told = "address of a web page"
    other_words = ("uri",)
    example = "url"
    default_example = "url:default=https://example.com/"
    modifiers = USUAL - {"sort"} | {"search"}
    refusals = {"sort": TOO_LONG}
    annotated = "str"
    in_model = f"sa.String({LONGEST})"
    in_migration = f"sa.String(length={LONGEST})"
    kind = "text"
    body = "Url"
    schema_modules = {"urls": "url_type"}

    def canonical(self, field: Field, text: str) -> str:
        from pydantic import HttpUrl, ValidationError  # noqa: PLC0415  # slow, and rarely needed

        if len(text) <= LONGEST and text.isprintable() and " " not in text:
            try:
                url = str(HttpUrl(text))
            except ValidationError:
                url = ""
            if url and len(url) <= LONGEST:
                return url
        raise ValueError(f"use an address like https://example.com/, at most {LONGEST} characters")

    def most_bytes(self, field: Field) -> int:
        return LONGEST  # all ASCII

    def samples(self, field: Field) -> Samples:
        wrong = (
            NOT_TEXT,
            Invalid("not a url", "not-a-url", of_type=True),
            Invalid("ftp://example.com", "wrong-scheme", of_type=True),
        )
        return Samples(self.item_samples(field, COUNT), wrong)

    def item_samples(self, item: Field, count: int) -> tuple[JSON, ...]:
        return tuple(f"https://example.com/{word}" for word in words(count))
