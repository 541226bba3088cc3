"""Nothing is taken for a token but what was given out for this purpose, to this person."""

import base64
import time
from typing import Any

import pytest

from generated.refusals import must_refuse
from generated.server import Server, new_source
from generated.service import ME, Account
from generated.tokens import REFRESH, Tokens, claims_of, must_live, read, refresh, signed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def settled(served: Server) -> Tokens:
    """Tokens of somebody to whom nothing happens."""
    account = Account(served)
    assert account.register().status == 201
    return account.tokens()


WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "expired": {"exp": int(time.time()) - 1, "iat": int(time.time()) - 900},
    "issued tomorrow": {"iat": int(time.time()) + 86400},
    "not yet valid": {"nbf": int(time.time()) + 86400},
    **{f"no {name}": {name: None} for name in ("exp", "iat", "sub", "type", "sid", "jti")},
    "exp a text": {"exp": "never"},
    "exp infinite": {"exp": float("inf")},
    "exp a list": {"exp": [2**40]},
    "sub a number": {"sub": 1},
    "sub a list": {"sub": ["1"]},
    "sub an object": {"sub": {"id": 1}},
    "sub true": {"sub": True},
    "sub huge": {"sub": "9" * 1000},
    "sub beyond": {"sub": str(2**63)},
    "sub negative": {"sub": "-1"},
    "sub zero": {"sub": "0"},
    "sub a name": {"sub": "admin"},
    "sub NUL": {"sub": "\x00"},
    "sub half a pair": {"sub": "\ud800"},
    "sub empty": {"sub": ""},
    "sid a text": {"sid": "not an id"},
    "sid of nobody": {"sid": "00000000-0000-4000-8000-000000000000"},
    "sid a list": {"sid": []},
    "jti a number": {"jti": 1},
    "for a new password": {"type": "password-reset"},
    "type a list": {"type": ["access"]},
    "type null": {"type": None},
}


@pytest.mark.parametrize("case", WRONG_CLAIMS)
def test_claims_are_checked(served: Server, settled: Tokens, case: str) -> None:
    key = served.environment["SECRET_KEY"]
    for kind in ("access_token", "refresh_token"):
        claims = claims_of(settled[kind]) | WRONG_CLAIMS[case]
        kept = {name: value for name, value in claims.items() if value is not None}
        forged = {"access_token": signed(kept, key), "refresh_token": signed(kept, key)}
        must_refuse(read(served, forged), 401)
        must_refuse(refresh(served, forged), 401)
    # And the checks are of the claims, not of who signed them.
    again = signed(claims_of(settled["access_token"]), key)
    assert served.send("GET", ME, token=again).status == 200


def test_a_token_of_a_replica_whose_clock_is_ahead_is_accepted(
    served: Server, settled: Tokens
) -> None:
    key = served.environment["SECRET_KEY"]
    claims = claims_of(settled["access_token"])
    now = int(time.time())
    ahead = signed(claims | {"iat": now + 2}, key)
    assert served.send("GET", ME, token=ahead).status == 200
    far_ahead = signed(claims | {"iat": now + 120}, key)
    must_refuse(served.send("GET", ME, token=far_ahead), 401)
    # What is over is over, by any clock.
    must_refuse(served.send("GET", ME, token=signed(claims | {"exp": now - 1}, key)), 401)


def test_a_token_is_for_one_purpose(served: Server, settled: Tokens) -> None:
    must_refuse(served.send("GET", ME, token=settled["refresh_token"]), 401)
    must_refuse(served.send("POST", REFRESH, {"refresh_token": settled["access_token"]}), 401)
    must_live(served, settled)


def test_a_token_is_for_one_person(served: Server, settled: Tokens) -> None:
    other = Account(served)
    assert other.register().status == 201
    key = served.environment["SECRET_KEY"]
    theirs = claims_of(other.token())["sub"]
    mixed = signed(claims_of(settled["access_token"]) | {"sub": theirs}, key)
    must_refuse(served.send("GET", ME, token=mixed), 401)


def forgeries(token: str, key: str) -> dict[str, str]:
    """Return tokens that are signed in another way, or are none."""
    claims = claims_of(token)
    head, body, signature = token.split(".")
    deep = base64.urlsafe_b64encode(b'{"a":' * 9000).decode().rstrip("=")
    return {
        **{name: signed(claims, "", {"alg": name}) for name in ("none", "None", "NONE", "nOnE")},
        "none, signed": f"{signed(claims, '', {'alg': 'none'})}{signature}",
        "no key": signed(claims, ""),
        "another key": signed(claims, "another key that is long enough too"),
        "HS384": signed(claims, key, {"alg": "HS384"}),
        "HS512": signed(claims, key, {"alg": "HS512"}),
        "RS256": signed(claims, key, {"alg": "RS256"}),
        "a key in the header": signed(claims, "own", {"jwk": {"kty": "oct", "k": "b3du"}}),
        "a key by its path": signed(claims, "", {"kid": "../../dev/null"}),
        "critical": signed(claims, key, {"crit": ["exp"]}),
        "other claims": f"{head}.{signed(claims | {'sub': '1'}, key).split('.')[1]}.{signature}",
        "without signature": f"{head}.{body}.",
        "two parts": f"{head}.{body}",
        "no object": signed([1], key),
        "deep head": f"{deep}.{body}.{signature}",
        "deep body": f"{head}.{deep}.{signature}",
        "long": "x" * 60_000,
        "long and dotted": "a." * 30_000,
        "dots": "..",
        "bytes": "\xff\xfe.\xff.\xff",
        "quotes": "' OR 1=1 --",
        "a start": token[: len(token) // 2],
    }


def test_only_our_own_signature_counts(served: Server, settled: Tokens) -> None:
    key = served.environment["SECRET_KEY"]
    for forged in forgeries(settled["access_token"], key).values():
        must_refuse(served.send("GET", ME, token=forged), 401)
        must_refuse(served.send("DELETE", ME, token=forged), 401)
    for forged in forgeries(settled["refresh_token"], key).values():
        # What is longer than any token is no valid request.
        body = {"refresh_token": forged}
        must_refuse(served.send("POST", REFRESH, body, source=new_source()), 401, 422)
    must_live(served, settled)


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic {}", "bearer: {}", "{}", "Bearer {} {}", "Token {}"],
)
def test_a_token_is_sent_in_one_way(served: Server, settled: Tokens, header: str) -> None:
    token = settled["access_token"]
    sent = {"Authorization": header.format(token, token)}
    must_refuse(served.send("GET", ME, headers=sent), 401)
    must_refuse(served.send("GET", f"{ME}?access_token={token}&token={token}"), 401)
    must_refuse(served.send("GET", ME, headers={"Cookie": f"access_token={token}"}), 401)
