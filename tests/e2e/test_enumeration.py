"""Who has an account is not told: not by an answer, not by the time it takes."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from statistics import median

import pytest

from generated.projects import Project
from generated.refusals import must_refuse
from generated.server import Answer, Client, Server, migrated, new_source
from generated.service import GUNICORN, ME, TOKEN, USERS, Account, make_admin, production
from generated.services import NewDatabase
from generated.windows import wait_for_window

pytestmark = [pytest.mark.slow, pytest.mark.by_day("postgresql")]

ROUNDS = 10
MEASUREMENTS = 6
TELLS_NOTHING = (0.9, 1.1)
ADDRESSES_PER_MINUTE = 60
VARYING = {"date", "x-request-id", "request_id"}


@pytest.fixture(scope="module")
def served(
    shop: Project, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server in production with the costs of hashing that are the defaults."""
    with new_database() as url:
        env = production(url, hashing={}) | {"WEB_CONCURRENCY": "1"}
        with migrated(shop, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
            yield server


@pytest.fixture(scope="module")
def admin(shop: Project, served: Server) -> Account:
    return make_admin(shop, served)


@pytest.fixture(scope="module")
def refused(served: Server, admin: Account) -> dict[str, Account]:
    """People who cannot log in, each for another reason, with what they would try."""
    known, inactive, deleted = (Account(served) for _ in range(3))
    for account in (known, inactive, deleted):
        assert account.register().status == 201
    gone, ended = deleted.token(), inactive.token()
    user_id = served.send("GET", ME, token=ended).json["id"]
    change = {"is_active": False}
    path = f"{USERS}/{user_id}"
    assert served.send("PATCH", path, change, token=admin.token()).status == 200
    assert served.send("DELETE", ME, token=gone).status == 204
    return {
        "wrong password": replace(known, password="not the right one"),  # noqa: S106
        "inactive": inactive,
        "deleted": deleted,
        "unknown": Account(served),
    }


def visible(answer: Answer) -> object:
    """Return what can be told apart by those who see the answer."""
    shown = {**answer.headers, **answer.json}
    return answer.status, {name: shown[name] for name in shown.keys() - VARYING}


def seconds(send: Callable[[Client], Answer], server: Server) -> float:
    """Return how long a request takes, from a client of its own that is connected already."""
    client = Client(server.port, new_source())
    assert client.send("GET", "/health").status == 200
    begun = time.perf_counter()
    send(client)
    taken = time.perf_counter() - begun
    client.close()
    return taken


def must_last_the_same(requests: Mapping[str, Callable[[Client], Answer]], server: Server) -> None:
    """Compare all with the first, in turns; a noisy machine is asked more often."""
    first, *others = requests
    ratios: dict[str, list[float]] = {name: [] for name in others}
    for _ in range(MEASUREMENTS):
        for turn in range(ROUNDS):
            # What comes later in a round is not always the same.
            order = list(requests)[:: 1 if turn % 2 else -1]
            taken = {name: seconds(requests[name], server) for name in order}
            for name in others:
                ratios[name].append(taken[first] / taken[name])
        typical = {name: median(found) for name, found in ratios.items()}
        if all(TELLS_NOTHING[0] <= ratio <= TELLS_NOTHING[1] for ratio in typical.values()):
            return
    pytest.fail(f"{first!r} can be told from others by its time: {typical}")


def test_all_refused_logins_look_the_same(refused: dict[str, Account]) -> None:
    answers = [account.log_in() for account in refused.values()]
    for answer in answers:
        must_refuse(answer, 401)
        assert visible(answer) == visible(answers[0])


def test_all_refused_logins_last_the_same(served: Server, refused: dict[str, Account]) -> None:
    def logging_in(account: Account) -> Callable[[Client], Answer]:
        return lambda client: account.log_in(client=client)

    must_last_the_same({name: logging_in(refused[name]) for name in refused}, served)


def test_who_has_no_account_is_throttled_as_well(served: Server) -> None:
    nobody = Account(served)
    wait_for_window()
    assert [nobody.log_in().status for _ in range(6)] == [401] * 5 + [429]


def test_registering_a_taken_address_lasts_as_long_as_a_free_one(served: Server) -> None:
    taken = Account(served)
    assert taken.register().status == 201

    def register(client: Client, account: Account) -> Answer:
        return client.send("POST", USERS, {"email": account.email, "password": account.password})

    requests = {
        "taken": lambda client: register(client, taken),
        "free": lambda client: register(client, Account(served)),
    }
    must_last_the_same(requests, served)


@pytest.mark.parametrize("path", [USERS, ME])
def test_few_addresses_can_be_tried(served: Server, path: str) -> None:
    one, other = Account(served), Account(served)
    assert [one.register().status, other.register().status] == [201, 201]
    token = one.token()
    source = new_source()

    def attempt(source: str) -> Answer:
        # Where no password is hashed, this test is quick: a common one is refused before.
        if path == USERS:
            body = {"email": other.email, "password": "password1"}
            return served.send("POST", path, body, source=source)
        return served.send("PATCH", path, {"email": other.email}, token=token, source=source)

    wait_for_window()
    answers = [attempt(source) for _ in range(ADDRESSES_PER_MINUTE + 1)]
    assert {answer.status for answer in answers[:-1]} == {422}
    must_refuse(answers[-1], 429)
    assert attempt(new_source()).status != 429


def test_an_unknown_and_a_taken_address_differ_only_at_registration(served: Server) -> None:
    taken = Account(served)
    assert taken.register().status == 201
    answer = taken.register()
    must_refuse(answer, 409)
    assert answer.json["errors"][0]["loc"] == ["body", "email"]
    # No other endpoint takes an address from those who are not logged in.
    assert served.send("POST", TOKEN, form={"username": taken.email}).status == 422
