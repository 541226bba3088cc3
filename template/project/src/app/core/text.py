import unicodedata


def folded(value: str) -> str:
    """Return the text without differences of case, width and composition."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())


def normalize_email(value: str) -> str:
    """Return an address in the form in which addresses are stored and compared."""
    # The domain stays as it is: folded, `faß.de` would become `fass.de`, which is another one.
    local, at, domain = value.partition("@")
    return folded(local) + at + domain
