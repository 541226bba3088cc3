"""Tokens in use, and tokens as others would make them: by hand, no library stands between."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from generated.refusals import must_refuse
from generated.server import Answer, Server
from generated.service import ME

REFRESH = "/api/v1/auth/refresh"
# Each on a connection of its own, so that all workers are asked.
ASKED = 6
HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}

Tokens = dict[str, str]


def read(server: Server, tokens: Tokens) -> Answer:
    """Use the access token."""
    return server.send("GET", ME, token=tokens["access_token"])


def refresh(server: Server, tokens: Tokens) -> Answer:
    """Use the refresh token."""
    return server.send("POST", REFRESH, {"refresh_token": tokens["refresh_token"]})


def must_be_dead(server: Server, tokens: Tokens) -> None:
    """Check that no worker takes either of them."""
    for _ in range(ASKED):
        must_refuse(read(server, tokens), 401)
    must_refuse(refresh(server, tokens), 401)


def must_live(server: Server, tokens: Tokens) -> None:
    """Check that all workers take the access token."""
    for _ in range(ASKED):
        assert read(server, tokens).status == 200


def claims_of(token: str) -> dict[str, Any]:
    """Return what a token says."""
    part = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def signed(claims: object, key: str, header: Mapping[str, object] | None = None) -> str:
    """Make a token of any claims; without an algorithm it has no signature."""
    header = {"alg": "HS256", "typ": "JWT"} | dict(header or {})
    content = f"{_encode(json.dumps(header))}.{_encode(json.dumps(claims))}"
    algorithm = HASHES.get(str(header["alg"]))
    if algorithm is None:
        return f"{content}."
    return f"{content}.{_encode(hmac.digest(key.encode(), content.encode(), algorithm))}"


def _encode(part: str | bytes) -> str:
    content = part.encode() if isinstance(part, str) else part
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
