"""What texts must be, as patterns that the checks and the documentation share."""

from email_validator import SPECIAL_USE_DOMAIN_NAMES

LINE = r"[^\x00-\x1f\x7f-\x9f]*"
FILLED_LINE = rf"{LINE}[^\x00-\x1f\x7f-\x9f\s]{LINE}"
TEXT = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*"
FILLED_TEXT = rf"{TEXT}[^\x00-\x1f\x7f-\x9f\s]{TEXT}"

# Numbers as JSON spells them.
WHOLE = r"-?(0|[1-9][0-9]*)(\.0+)?"
NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?"

YEAR = r"([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"
DATE = rf"{YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6}0*)?)?"
# What RFC 3339 calls a date and time, but for leap seconds, fractions that nothing here holds,
# and offsets that may lead out of the years that there are. The first and the last moment would be
# stored as infinite on PostgreSQL, and read back without a time zone.
MOMENT = (
    r"(?!0001-01-01(.*\+(?!00:00)|.00:00:00(\.0+)?([Zz]|.00:00)))"
    r"(?!9999-12-31(.*-(?!00:00)|.23:59:59\.9{6}0*([Zz]|.00:00)))"
    rf"{DATE}[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{{1,6}}0*)?"
    r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)
UUID_TEXT = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
BYTE = r"(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
PORT = r"(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"
HOST = rf"(({LABEL}\.)*[A-Za-z]([A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?|{BYTE}(\.{BYTE}){{3}})"
CHARACTER = r"([!$&-;=?-Z_a-z~]|%[0-9A-Fa-f]{2})"
WEB_ADDRESS = rf"https?://{HOST}(:{PORT})?([/?]{CHARACTER}*)?(#{CHARACTER}*)?"

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
# Two hyphens after two letters are for Punycode.
MAIL_LABEL = rf"(?!(?![Xx][Nn])..--){LABEL}"
NOT_FOR_MAIL = "|".join(
    "".join(f"[{letter.upper()}{letter}]" if letter.isalpha() else rf"\{letter}" for letter in name)
    for name in SPECIAL_USE_DOMAIN_NAMES
)
# In ASCII; whether other letters make an address no pattern can tell.
MAIL_ADDRESS = (
    rf"(?![^@]{{65}}){ATOM}(\.{ATOM})*"
    rf"@(?!(.*\.)?({NOT_FOR_MAIL})$)({MAIL_LABEL}\.)+(?!..--)([A-Za-z0-9][A-Za-z0-9-]{{0,61}})?[A-Za-z]"
)
