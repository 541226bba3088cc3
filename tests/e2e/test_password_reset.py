"""Reset and verification are attacked as the log-in is, with a mail server that misbehaves."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import pytest

from generated.mailbox import LONGEST_SECONDS, Mailbox, serving_mail, text_of
from generated.projects import Project
from generated.refusals import must_refuse
from generated.server import Answer, Client, Server, migrated, new_source
from generated.service import GUNICORN, ME, USERS, Account, make_admin, production
from generated.services import NewDatabase, find_redis
from generated.sql import EXECUTE

pytestmark = pytest.mark.slow

RESET = "/api/v1/auth/password-reset"
VERIFY = "/api/v1/auth/verify-email"
CONFIRMED = {RESET: f"{RESET}/confirm", VERIFY: f"{VERIFY}/confirm"}
NEW_PASSWORD = "a much better one than before"  # noqa: S105
LINK = re.compile(r"https://app\.example\.com/\w+\?token=([\w-]{43})\s")
VARYING = {"date", "x-request-id", "ratelimit-reset"}
SOON, LONGEST_DELAY = 1, 15
ROUNDS = 30
MEASUREMENTS = 4
TELLS_NOTHING = (0.85, 1.18)
FIRST_TELLS_NOTHING = (0.93, 1.08)
PER_MINUTE = 10


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with serving_mail() as mailbox:
        yield mailbox


@pytest.fixture(scope="module")
def server(
    shop: Project, mailbox: Mailbox, url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Gunicorn in production with two workers, which send mail."""
    with find_redis(shop) as redis_url:
        env = settings(url, mailbox) | {"REDIS_URL": redis_url}
        with migrated(shop, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
            yield server
        assert "Traceback" not in server.output


@pytest.fixture(scope="module")
def url(new_database: NewDatabase) -> Iterator[str]:
    with new_database() as url:
        yield url


def settings(url: str, mailbox: Mailbox) -> dict[str, str]:
    return production(url) | {
        "WEB_CONCURRENCY": "2",
        "MAIL_BACKEND": "smtp",
        "MAIL_FROM": "shop@example.com",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mailbox.port),
        "SMTP_SECURITY": "none",
        "SMTP_TIMEOUT_SECONDS": "1",
        "PASSWORD_RESET_URL": "https://app.example.com/reset?token={token}",
        "EMAIL_VERIFY_URL": "https://app.example.com/verify?token={token}",
    }


@pytest.fixture(autouse=True)
def _well(mailbox: Mailbox) -> Iterator[None]:
    yield
    mailbox.behaves = "well"


def ask(server: Server, path: str, email: str, **options: object) -> Answer:
    options.setdefault("source", new_source())
    return server.send("POST", path, {"email": email}, **options)  # type: ignore[arg-type]


def confirm(server: Server, token: str, password: str = NEW_PASSWORD) -> Answer:
    body = {"token": token, "new_password": password}
    return server.send("POST", CONFIRMED[RESET], body, source=new_source())


def verify(server: Server, token: str) -> Answer:
    return server.send("POST", CONFIRMED[VERIFY], {"token": token}, source=new_source())


def registered(server: Server, mailbox: Mailbox) -> Account:
    """Register somebody, whose address is verified."""
    account = Account(server)
    assert account.register().status == 201
    assert verify(server, token_in(mailbox, account.email)).status == 204
    return account


def token_in(mailbox: Mailbox, email: str, count: int = 1) -> str:
    """Return the token of the newest mail to an address, of which there must be so many."""
    [token] = LINK.findall(text_of(mailbox.wait_for(email, count)))
    return str(token)


def reset_token(server: Server, mailbox: Mailbox, account: Account) -> str:
    count = len(mailbox.sent_to(account.email))
    assert ask(server, RESET, account.email).status == 202
    return token_in(mailbox, account.email, count + 1)


def visible(answer: Answer) -> object:
    headers = {name: value for name, value in answer.headers.items() if name not in VARYING}
    return answer.status, headers, answer.body


@pytest.fixture(scope="module")
def people(shop: Project, server: Server, mailbox: Mailbox) -> dict[str, str]:
    """The addresses of people who get a mail, and of others."""
    admin = make_admin(shop, server)
    known, inactive, deleted = (registered(server, mailbox) for _ in range(3))
    user_id = server.send("GET", ME, token=inactive.token()).json["id"]
    change = {"is_active": False}
    assert server.send("PATCH", f"{USERS}/{user_id}", change, token=admin.token()).status == 200
    assert server.send("DELETE", ME, token=deleted.token()).status == 204
    return {
        "known": known.email,
        "inactive": inactive.email,
        "deleted": deleted.email,
        "unknown": Account(server).email,
    }


@pytest.mark.parametrize("path", [RESET, VERIFY])
def test_all_answers_look_the_same(server: Server, people: dict[str, str], path: str) -> None:
    answers = [visible(ask(server, path, email)) for email in people.values()]
    assert answers == [answers[0]] * len(people)
    assert answers[0][:1] == (202,)  # type: ignore[index]


@pytest.mark.by_day("postgresql")
def test_the_first_answers_take_the_same_time(server: Server, people: dict[str, str]) -> None:
    # Who registered lately was sent a mail; of others nothing is stored yet.
    taken: dict[str, list[float]] = {"lately": [], "new": []}
    for _ in range(MEASUREMENTS):
        for turn in range(2 * ROUNDS):
            emails = {"lately": people["known"], "new": Account(server).email}
            for name in list(emails)[:: 1 if turn % 2 else -1]:
                client = Client(server.port, new_source())
                assert client.send("GET", "/health").status == 200
                begun = time.perf_counter()
                answer = client.send("POST", VERIFY, {"email": emails[name]})
                taken[name].append(time.perf_counter() - begun)
                client.close()
                assert answer.status == 202
        ratio = median(taken["lately"]) / median(taken["new"])
        if FIRST_TELLS_NOTHING[0] <= ratio <= FIRST_TELLS_NOTHING[1]:
            return
    pytest.fail(f"who registered lately can be told by time: {ratio}")


@pytest.mark.by_day("postgresql")
def test_all_answers_take_the_same_time(server: Server, people: dict[str, str]) -> None:
    taken: dict[str, list[float]] = {name: [] for name in people}
    for _ in range(MEASUREMENTS):
        for turn in range(ROUNDS):
            for name in list(people)[:: 1 if turn % 2 else -1]:
                client = Client(server.port, new_source())
                assert client.send("GET", "/health").status == 200
                begun = time.perf_counter()
                answer = client.send("POST", RESET, {"email": people[name]})
                taken[name].append(time.perf_counter() - begun)
                client.close()
                assert answer.status == 202
        typical = {name: median(found) for name, found in taken.items()}
        ratios = [typical["known"] / typical[name] for name in people]
        if all(TELLS_NOTHING[0] <= ratio <= TELLS_NOTHING[1] for ratio in ratios):
            return
    pytest.fail(f"who has an account can be told by time: {typical}")


def test_a_token_works_once_and_ends_all_sessions(server: Server, mailbox: Mailbox) -> None:
    account = registered(server, mailbox)
    tokens = account.tokens()
    token = reset_token(server, mailbox, account)
    assert confirm(server, token).status == 204
    must_refuse(server.send("GET", ME, token=tokens["access_token"]), 401)
    body = {"refresh_token": tokens["refresh_token"]}
    must_refuse(server.send("POST", "/api/v1/auth/refresh", body), 401)
    must_refuse(account.log_in(), 401)
    assert account.log_in(NEW_PASSWORD).status == 200
    again = confirm(server, token, "yet another password")
    must_refuse(again, 403)
    assert again.json["error_code"] == "INVALID_TOKEN"


def test_a_token_is_for_one_purpose_and_one_account(server: Server, mailbox: Mailbox) -> None:
    mine, other = registered(server, mailbox), Account(server)
    assert other.register().status == 201
    to_verify = token_in(mailbox, other.email)
    to_reset = reset_token(server, mailbox, mine)
    must_refuse(confirm(server, to_verify), 403)
    must_refuse(verify(server, to_reset), 403)
    # Nothing that is sent along chooses an account.
    body = {"token": to_reset, "new_password": NEW_PASSWORD, "email": other.email}
    must_refuse(server.send("POST", CONFIRMED[RESET], body, source=new_source()), 422)
    assert confirm(server, to_reset).status == 204
    assert (mine.log_in(NEW_PASSWORD).status, other.log_in().status) == (200, 200)
    guesses = [to_reset[:-1] + letter for letter in "Ab-_"] + ["A" * 43]
    assert {confirm(server, guess).status for guess in guesses} == {403}


def test_a_token_expires(shop: Project, server: Server, mailbox: Mailbox, url: str) -> None:
    account = registered(server, mailbox)
    token = reset_token(server, mailbox, account)
    past = "UPDATE account_mails SET expires_at = '2026-01-01 00:00:00' WHERE email = "
    statement = f"{past}'{account.email}'"
    shop.python("-c", EXECUTE, url, statement).must_succeed()
    must_refuse(confirm(server, token), 403)
    assert account.log_in().status == 200


def test_a_new_password_or_address_ends_what_was_sent(server: Server, mailbox: Mailbox) -> None:
    for change in ("password", "email"):
        account = registered(server, mailbox)
        token = reset_token(server, mailbox, account)
        current = {"current_password": account.password}
        if change == "password":
            new = current | {"new_password": "chosen by the owner"}
            answer = server.send("PUT", f"{ME}/password", new, token=account.token())
            assert answer.status == 204
        else:
            moved = Account(server).email
            new = current | {"email": moved}
            answer = server.send("PATCH", ME, new, token=account.token())
            assert (answer.status, answer.json["is_verified"]) == (200, False)
            # The old address is told, the new one is asked.
            told = text_of(mailbox.wait_for(account.email, 3))
            assert "another e-mail address" in told
            assert moved not in told
            assert verify(server, token_in(mailbox, moved)).status == 204
        must_refuse(confirm(server, token), 403)


def test_tokens_are_not_for_the_next_account_of_an_address(
    server: Server, mailbox: Mailbox
) -> None:
    deleted, moved, other = (Account(server) for _ in range(3))
    tokens = []
    for account in (deleted, moved, other):
        assert account.register().status == 201
        tokens.append(token_in(mailbox, account.email))
    reset = reset_token(server, mailbox, deleted)
    assert server.send("DELETE", ME, token=deleted.token()).status == 204
    assert deleted.register().status == 201
    assert ask(server, RESET, deleted.email).status == 202
    for account, email in ((moved, Account(server).email), (other, moved.email)):
        change = {"email": email, "current_password": account.password}
        assert server.send("PATCH", ME, change, token=account.token()).status == 200
    must_refuse(confirm(server, reset), 403)
    assert [verify(server, token).status for token in tokens] == [403] * 3


def test_what_is_asked_for_while_a_mail_is_sent_comes_later(
    shop: Project, mailbox: Mailbox, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    env = settings(database_url, mailbox) | {"SMTP_TIMEOUT_SECONDS": "30"}
    with migrated(shop, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
        account = Account(server)
        mailbox.behaves = "holds"
        assert account.register().status == 201
        first = token_in(mailbox, account.email)
        # The server has the mail, and the app does not know it yet.
        assert ask(server, VERIFY, account.email).status == 202
        mailbox.behaves = "well"
        time.sleep(SOON)
        sooner = "UPDATE account_mails SET due_at = '2026-01-01 00:00:00' WHERE due_at IS NOT NULL"
        shop.python("-c", EXECUTE, database_url, sooner).must_succeed()
        second = token_in(mailbox, account.email, 2)
        assert [verify(server, token).status for token in (first, second)] == [403, 204]


@pytest.mark.by_day("postgresql")
def test_addresses_that_are_refused_delay_no_others(server: Server, mailbox: Mailbox) -> None:
    for _ in range(20):
        email = f"nobody-{Account(server).email}"
        assert Account(server, email).register().status == 201
    begun = time.monotonic()
    registered(server, mailbox)
    # A pause after each would be five seconds.
    assert time.monotonic() - begun < LONGEST_DELAY


def test_of_many_resets_at_once_one_wins(server: Server, mailbox: Mailbox) -> None:
    account = registered(server, mailbox)
    token = reset_token(server, mailbox, account)
    passwords = [f"the password number {number}" for number in range(10)]
    with ThreadPoolExecutor(len(passwords)) as pool:
        answers = list(pool.map(lambda password: confirm(server, token, password), passwords))
    statuses = [answer.status for answer in answers]
    assert sorted(statuses) == [204] + [403] * 9
    winner = passwords[statuses.index(204)]
    assert account.log_in(winner).status == 200


def test_a_log_in_during_a_reset_does_not_outlive_it(server: Server, mailbox: Mailbox) -> None:
    account = registered(server, mailbox)
    token = reset_token(server, mailbox, account)
    done, opened = threading.Event(), []

    def log_in_again_and_again() -> None:
        while not done.is_set():
            answer = account.log_in(source=new_source())
            if answer.status == 200:
                opened.append(answer.json["access_token"])

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(log_in_again_and_again) for _ in range(4)]
        while not opened:
            time.sleep(0.01)
        answer = confirm(server, token)
        done.set()
        for each in running:
            each.result()
    assert answer.status == 204
    assert opened
    assert {server.send("GET", ME, token=token).status for token in opened} == {401}


def test_links_name_the_host_of_the_settings(server: Server, mailbox: Mailbox) -> None:
    account = registered(server, mailbox)
    evil = "evil.example"
    headers = {
        "Host": evil,
        "X-Forwarded-Host": evil,
        "X-Forwarded-Proto": "http",
        "Forwarded": f"host={evil}",
        "Origin": f"https://{evil}",
        "Referer": f"https://{evil}",
    }
    assert ask(server, RESET, account.email, headers=headers).status == 202
    mail = mailbox.wait_for(account.email, 2)
    assert evil not in mail.as_string()
    assert LINK.search(text_of(mail))


@pytest.mark.parametrize(
    "email",
    [
        "a@example.com\r\nBcc: b@example.com",
        "a@example.com\nBcc: b@example.com",
        "a@example.com, b@example.com",
        "a@example.com;b@example.com",
        "Ada <a@example.com>",
        "<a@example.com>",
        "a@example.com>\r\nRCPT TO:<b@example.com",
        "a@example.com\x00",
        '"a\r\nb"@example.com',
        "a@example.com\u2028Bcc: b@example.com",
    ],
)
def test_addresses_hold_no_headers(server: Server, mailbox: Mailbox, email: str) -> None:
    before = len(mailbox.received)
    for path in (RESET, VERIFY):
        must_refuse(ask(server, path, email), 422)
    assert len(mailbox.received) == before


@pytest.mark.by_day("postgresql")
@pytest.mark.parametrize("behaves", ["hangs", "slow", "cut", "refuses"])
def test_a_bad_mail_server_delays_nobody_and_loses_nothing(
    server: Server, mailbox: Mailbox, behaves: str
) -> None:
    account = registered(server, mailbox)
    mailbox.behaves, tried = behaves, mailbox.connections
    begun = time.monotonic()
    assert ask(server, RESET, account.email).status == 202
    assert time.monotonic() - begun < SOON
    mailbox.wait_for_connections(tried + 1)
    for _ in range(20):
        begun = time.monotonic()
        assert server.send("GET", "/ready").status == 200
        assert time.monotonic() - begun < SOON
    assert len(mailbox.sent_to(account.email)) == 1
    mailbox.behaves = "well"
    # The newest mail counts, if the one before came after all.
    assert confirm(server, token_in(mailbox, account.email, 2)).status == 204


def test_a_promise_outlives_the_process(
    shop: Project, mailbox: Mailbox, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    env = settings(database_url, mailbox) | {"SMTP_PORT": "1"}
    with migrated(shop, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
        account = Account(server)
        assert account.register().status == 201
        assert ask(server, RESET, account.email).status == 202
        server.process.kill()
    env["SMTP_PORT"] = str(mailbox.port)
    with migrated(shop, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
        mailbox.wait_for(account.email, 2)


@pytest.mark.by_day("postgresql")
def test_an_address_gets_few_mails(server: Server, mailbox: Mailbox) -> None:
    account = registered(server, mailbox)

    def ten_times(source: str) -> list[int]:
        client = Client(server.port, source)
        try:
            bodies = [{"email": account.email} for _ in range(PER_MINUTE)]
            return [client.send("POST", RESET, body).status for body in bodies]
        finally:
            client.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(ten_times, [new_source() for _ in range(100)]))
    assert {status for found in answers for status in found} == {202}
    token_in(mailbox, account.email, 2)
    time.sleep(3)
    assert len(mailbox.sent_to(account.email)) == 2


@pytest.mark.parametrize("path", [*CONFIRMED, *CONFIRMED.values()])
def test_a_client_may_ask_a_few_times(server: Server, path: str) -> None:
    source = new_source()
    bodies: Callable[[int], dict[str, str]] = lambda number: {"email": f"{number}@example.com"}  # noqa: E731
    if path in CONFIRMED.values():
        bodies = lambda _: {"token": "A" * 43, "new_password": NEW_PASSWORD}  # noqa: E731
        if path == CONFIRMED[VERIFY]:
            bodies = lambda _: {"token": "A" * 43}  # noqa: E731
    answers = [
        server.send("POST", path, bodies(number), source=source) for number in range(PER_MINUTE + 1)
    ]
    assert 429 not in [answer.status for answer in answers[:-1]]
    must_refuse(answers[-1], 429)


def test_nothing_of_it_is_logged(server: Server, mailbox: Mailbox) -> None:
    account = registered(server, mailbox)
    used = reset_token(server, mailbox, account)
    assert confirm(server, used).status == 204
    assert confirm(server, used).status != 204
    other = registered(server, mailbox)
    mailbox.behaves = "refuses"  # with an answer that has the address
    failed = server.output.count("mail_not_delivered")
    assert ask(server, RESET, other.email).status == 202
    give_up_at = time.monotonic() + LONGEST_SECONDS
    while server.output.count("mail_not_delivered") == failed:
        assert time.monotonic() < give_up_at
        time.sleep(0.05)
    mailbox.behaves = "well"
    assert confirm(server, token_in(mailbox, other.email, 2)).status == 204
    # Of this test, and of those before it.
    secrets = {str(mail["To"]) for mail in mailbox.received}
    secrets |= {token for mail in mailbox.received for token in LINK.findall(text_of(mail))}
    assert len(secrets) >= 6
    assert [secret for secret in secrets if secret in server.output] == []
