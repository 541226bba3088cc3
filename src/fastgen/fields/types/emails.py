"""Mail addresses."""

import re

from fastgen.fields.model import Field
from fastgen.fields.samples.model import COUNT, JSON, Invalid, Samples
from fastgen.fields.samples.words import words
from fastgen.fields.types.base import NOT_TEXT, USUAL, FieldType
from fastgen.fields.types.generated import CHARACTER

LONGEST = 254
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+[A-Za-z]{{2,63}})")
_LONGEST_LOCAL = 64
# Domains that cannot receive mail, which validators refuse.
_SPECIAL = (".arpa", ".invalid", ".local", ".localhost", ".onion", ".test")


class Email(FieldType):
    """A mail address, stored in lower case."""

    name = "email"
    told = "mail address"
    other_words = ("mail",)
    example = "email"
    default_example = "email:default=info@example.com"
    modifiers = USUAL | {"search"}
    annotated = "str"
    in_model = f"sa.String({LONGEST})"
    in_migration = f"sa.String(length={LONGEST})"
    kind = "text"
    body = "Email"

    def canonical(self, field: Field, text: str) -> str:
        found = _EMAIL.fullmatch(text)
        if not found or len(found[1]) > _LONGEST_LOCAL or len(text) > LONGEST:
            raise ValueError("use an address like info@example.com")
        domain = found[2].lower()
        if domain.endswith(_SPECIAL):
            raise ValueError("no mail reaches that domain; use an address like info@example.com")
        return f"{found[1]}@{domain}"

    def value(self, field: Field, text: str) -> str:
        # Normalized as the schema does.
        return text.lower()

    def most_bytes(self, field: Field) -> int:
        return CHARACTER * LONGEST

    def samples(self, field: Field) -> Samples:
        wrong = (NOT_TEXT, Invalid("no-address", "no-address", of_type=True))
        return Samples(self.item_samples(field, COUNT), wrong)

    def item_samples(self, item: Field, count: int) -> tuple[JSON, ...]:
        return tuple(f"{word}@example.com" for word in words(count))
