"""Digests that identify the content of a file."""

import hashlib

DIGITS = 16


def digest(content: bytes | str) -> str:
    """Return a short digest of `content`."""
    data = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()[:DIGITS]


def blob(content: bytes) -> str:
    """Return git's blob id of a file with `content`, in repositories with SHA-1."""
    data = b"blob %d\0" % len(content) + content
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()
