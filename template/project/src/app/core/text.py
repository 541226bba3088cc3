import unicodedata


def folded(value: str) -> str:
    """Remove differences in case, width and composition, so that texts can be compared."""
    lower = unicodedata.normalize("NFKC", value).casefold()
    # Again, because case folding may decompose letters.
    return unicodedata.normalize("NFKC", lower)


def normalize_email(value: str) -> str:
    """Return the form in which an address is stored and compared."""
    # Not the domain: `faß.de` would become `fass.de`, which is a different domain.
    local, at, domain = value.partition("@")
    return folded(local) + at + domain
