import unicodedata


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
