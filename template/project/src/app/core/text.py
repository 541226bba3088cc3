import unicodedata

LAYOUT = str.maketrans("", "", "\t\n\r")


def printable(value: str) -> str:
    """Refuse control characters, which databases and logs do not take or show wrongly."""
    if any(unicodedata.category(character) == "Cc" for character in value):
        msg = "must not contain control characters"
        raise ValueError(msg)
    return value


def storable(value: str) -> str:
    """Refuse control characters but those that make lines and columns."""
    printable(value.translate(LAYOUT))
    return value


def folded(value: str) -> str:
    """What texts have in common that differ in case, width or composition only."""
    once = unicodedata.normalize("NFKC", value).casefold()
    return unicodedata.normalize("NFKC", once)


def normalize_email(value: str) -> str:
    """One spelling for one mailbox: the form in which addresses are stored and compared.

    A valid address has the domain's one spelling, and folded it may be another's: `faß.de` and
    `fass.de` are two.
    """
    local, at, domain = value.partition("@")
    return folded(local) + at + domain
