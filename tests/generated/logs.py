"""What must not stand in any log."""

import re
from collections.abc import Iterable

# Whatever the words around it: Argon2's and bcrypt's hashes, and tokens.
SECRET = re.compile(r"\$argon2|\$2[aby]\$|eyJ[\w-]+\.[\w-]+|Bearer ")


def told(log: str, secrets: Iterable[str]) -> list[str]:
    """Return the secrets that a log tells, and what looks like one."""
    return [text for text in secrets if text in log] + SECRET.findall(log)
