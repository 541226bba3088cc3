"""Tokens end when they should: at once, in all workers, and for good."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from generated.projects import Project
from generated.refusals import must_refuse
from generated.server import Answer, Server
from generated.service import ME, USERS, Account
from generated.sql import connected
from generated.tokens import Tokens, claims_of, must_be_dead, must_live, read, refresh

pytestmark = pytest.mark.slow

LOGOUT = "/api/v1/auth/logout"
LONGEST_ACCESS_SECONDS = 30 * 60
NEW_PASSWORD = "another horse battery"  # noqa: S105


@pytest.fixture
def account(served: Server) -> Account:
    account = Account(served)
    assert account.register().status == 201
    return account


def log_out(server: Server, _: Account, tokens: Tokens, __: Account) -> Answer:
    return server.send("POST", LOGOUT, token=tokens["access_token"])


def delete(server: Server, _: Account, tokens: Tokens, __: Account) -> Answer:
    return server.send("DELETE", ME, token=tokens["access_token"])


def deactivate(server: Server, _: Account, tokens: Tokens, admin: Account) -> Answer:
    path = f"{USERS}/{read(server, tokens).json['id']}"
    answer = server.send("PATCH", path, {"is_active": False}, token=admin.token())
    assert answer.status == 200
    must_be_dead(server, tokens)
    # Whoever may come in again does so with new tokens only.
    return server.send("PATCH", path, {"is_active": True}, token=admin.token())


def change_password(server: Server, account: Account, _: Tokens, __: Account) -> Answer:
    body = {"current_password": account.password, "new_password": NEW_PASSWORD}
    return server.send("PUT", f"{ME}/password", body, token=account.token(), source=account.source)


def use_again(server: Server, _: Account, tokens: Tokens, __: Account) -> Answer:
    first = refresh(server, tokens)
    assert first.status == 200
    must_live(server, first.json)
    must_refuse(refresh(server, tokens), 401)
    must_be_dead(server, first.json)
    return first


@pytest.mark.parametrize("end", [log_out, delete, deactivate, change_password, use_again])
def test_tokens_end_at_once(
    served: Server, admin: Account, account: Account, end: Callable[..., Answer]
) -> None:
    tokens, others = account.tokens(), account.tokens()
    must_live(served, tokens)
    assert end(served, account, tokens, admin).status in {200, 204}
    must_be_dead(served, tokens)
    if end in {log_out, use_again}:
        must_live(served, others)
    else:
        must_be_dead(served, others)


def test_a_new_password_leaves_the_session_that_set_it(served: Server, account: Account) -> None:
    mine, other = account.tokens(), account.tokens()
    body = {"current_password": account.password, "new_password": NEW_PASSWORD}
    changed = served.send("PUT", f"{ME}/password", body, token=mine["access_token"])
    assert changed.status == 204
    must_live(served, mine)
    must_be_dead(served, other)
    must_refuse(account.log_in(), 401)
    assert account.log_in(NEW_PASSWORD).status == 200


def test_a_log_in_of_long_ago_does_not_delete_the_account(
    shop: Project, served: Server, account: Account
) -> None:
    tokens = account.tokens()
    user_id = read(served, tokens).json["id"]
    with connected(shop, served.environment["DATABASE_URL"]) as sql:
        earlier = (
            "datetime(created_at, '-11 minutes')"
            if sql.on_sqlite
            else "created_at - interval '11 minutes'"
        )
        sql(f"UPDATE sessions SET created_at = {earlier} WHERE user_id = {user_id}")  # noqa: S608
    # Refreshing makes no session younger.
    old = refresh(served, tokens).json
    refused = delete(served, account, old, account)
    must_refuse(refused, 403)
    assert refused.json["error_code"] == "REAUTHENTICATION_REQUIRED"
    must_live(served, old)
    assert delete(served, account, account.tokens(), account).status == 204
    must_be_dead(served, old)


def test_refreshing_rotates(served: Server, account: Account) -> None:
    tokens = account.tokens()
    for _ in range(5):
        new = refresh(served, tokens)
        assert new.status == 200
        assert new.json["refresh_token"] != tokens["refresh_token"]
        tokens = {name: new.json[name] for name in tokens}
        must_live(served, tokens)


def test_one_refresh_token_gives_one_pair(served: Server, account: Account) -> None:
    for _ in range(3):
        tokens = account.tokens()
        start = Barrier(10)

        def use(_: int, tokens: Tokens = tokens, start: Barrier = start) -> Answer:
            start.wait()
            return refresh(served, tokens)

        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(use, range(10)))
        given = [answer.json for answer in answers if answer.status == 200]
        assert len(given) <= 1
        for answer in answers:
            if answer.status != 200:
                must_refuse(answer, 401)
        # All but the first used it again: nobody knows who was the thief.
        for pair in [tokens, *given]:
            must_be_dead(served, pair)


def test_access_tokens_are_short(served: Server, account: Account) -> None:
    answer = account.log_in()
    assert answer.json["expires_in"] <= LONGEST_ACCESS_SECONDS
    claims = claims_of(answer.json["access_token"])
    assert claims["exp"] - claims["iat"] <= LONGEST_ACCESS_SECONDS
    assert served.environment["SECRET_KEY"] not in json.dumps(claims)
    assert account.email not in json.dumps(claims)
