"""Guessing passwords is throttled: over all workers, whatever a client says of itself."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from generated.refusals import must_refuse
from generated.server import Client, Server, new_source
from generated.service import ME, TOKEN, Account
from generated.windows import wait_for_window

pytestmark = pytest.mark.slow

FAILURES = 5
TRIES = 10
LOGINS_PER_MINUTE = 60
WINDOW_SECONDS = 300
FORGERIES = (
    "X-Forwarded-For",
    "X-Real-IP",
    "X-Client-IP",
    "X-Cluster-Client-IP",
    "X-Original-Forwarded-For",
    "X-Remote-Addr",
    "Client-IP",
    "CF-Connecting-IP",
    "True-Client-IP",
    "Fastly-Client-IP",
)


def forged(number: int) -> dict[str, str]:
    """Return headers by which a client says that it is another one each time."""
    address = f"203.0.113.{number}"
    return dict.fromkeys(FORGERIES, address) | {
        "Forwarded": f"for={address};proto=https",
        "X-Forwarded-Proto": "https",
    }


@pytest.fixture
def victim(served: Server) -> Account:
    account = Account(served)
    assert account.register().status == 201
    return account


def guess(account: Account, **options: object) -> list[int]:
    """Return the answers to wrong passwords, each from elsewhere if its headers were believed."""
    statuses = []
    for number in range(TRIES):
        answer = account.log_in(f"wrong {number}", headers=forged(number), **options)
        statuses.append(answer.status)
        must_refuse(answer, 401, 429)
        if answer.status == 429:
            assert int(answer.headers["retry-after"]) <= WINDOW_SECONDS
            assert answer.json["error_code"] == "TOO_MANY_REQUESTS"
    return statuses


THROTTLED = [401] * FAILURES + [429] * (TRIES - FAILURES)


def test_all_workers_count_together_in_redis(
    served: Server, victim: Account, record_property: Callable[[str, object], None]
) -> None:
    redis = served.environment["REDIS_URL"]
    record_property("service", redis.partition("//")[2].partition("/")[0])
    # Each try is a connection of its own, which any worker may get.
    assert guess(victim) == THROTTLED
    # Not even the right password is looked at now.
    assert {victim.log_in().status for _ in range(TRIES)} == {429}


def test_nobody_else_is_locked_out(served: Server, victim: Account) -> None:
    other = Account(served, source=victim.source)
    assert other.register().status == 201
    assert guess(victim) == THROTTLED
    assert other.log_in().status == 200
    # Nor is the owner, elsewhere: or anybody could lock anybody out.
    assert victim.log_in(source=new_source()).status == 200


def test_one_process_counts_without_redis(shop_server: Server) -> None:
    account, other = Account(shop_server), Account(shop_server)
    assert [account.register().status, other.register().status] == [201, 201]
    client = Client(shop_server.port, new_source())
    wait_for_window()
    assert guess(account, client=client) == THROTTLED
    assert account.log_in(client=client).status == 429
    assert other.log_in(client=client).status == 200
    client.close()


def spellings(email: str) -> Iterable[str]:
    """Yield ways to write an address."""
    name, _, domain = email.partition("@")
    first, rest = name[0], name[1:]
    yield from (email.upper(), f" {email}", f"{email}  ", f"   {email} ", email.title())
    yield from (f"{chr(ord(first) + 0xFEE0)}{rest}@{domain}", email.replace(".", "\u3002"))
    yield from (f"Ada <{email}>", f"<{email}>", f'"{name}"@{domain}', f"{email}\0", f"{email}\n")


def test_other_spellings_are_no_new_tries(served: Server) -> None:
    victim = Account(served, f"kate.{Account(served).email}")
    assert victim.register().status == 201
    assert guess(victim) == THROTTLED
    for spelled in [*spellings(victim.email), f"\N{KELVIN SIGN}{victim.email[1:]}"]:
        again = Account(served, spelled, source=victim.source)
        # What is counted anew is nobody's address.
        assert again.log_in().status in {401, 429}, spelled


def test_tries_at_once_count_as_well(victim: Account) -> None:
    start = Barrier(20)

    def attempt(number: int) -> int:
        start.wait()
        return victim.log_in(f"wrong {number}").status

    with ThreadPoolExecutor(20) as pool:
        statuses = sorted(pool.map(attempt, range(20)))
    assert statuses == [401] * FAILURES + [429] * (20 - FAILURES)


def test_whoever_has_a_token_guesses_few_passwords(served: Server, victim: Account) -> None:
    stolen = victim.token()

    def guess(number: int) -> int:
        """Try a password from another address each time, where the account is to be taken."""
        method, path, body = (
            ("PUT", f"{ME}/password", {"new_password": "another horse battery"}),
            ("PATCH", ME, {"email": f"{number}.{victim.email}"}),
        )[number % 2]
        body |= {"current_password": f"wrong {number}"}
        answer = served.send(method, path, body, token=stolen, source=new_source())
        must_refuse(answer, 403, 429)
        return answer.status

    assert [guess(number) for number in range(TRIES)] == [403] * FAILURES + [429] * (
        TRIES - FAILURES
    )
    # The owner is not locked out.
    assert victim.log_in().status == 200


def test_one_client_tries_few_accounts(served: Server) -> None:
    source = new_source()
    answers = [
        # Without a password none is hashed, which makes this test quick.
        served.send(
            "POST",
            TOKEN,
            form={"username": f"{number}@example.com"},
            source=source,
            headers=forged(number),
        )
        for number in range(LOGINS_PER_MINUTE + 1)
    ]
    assert {answer.status for answer in answers[:-1]} == {422}
    must_refuse(answers[-1], 429)
