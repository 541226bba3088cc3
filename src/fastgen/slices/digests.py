"""Short digests that identify the content of a file."""

import hashlib

DIGITS = 16


def digest(content: bytes | str) -> str:
    """Return the digest of `content`."""
    data = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()[:DIGITS]
