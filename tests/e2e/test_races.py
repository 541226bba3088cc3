"""Whoever comes at once for what only one can have: one gets it, all others are told."""

import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from threading import Barrier
from typing import Any

import pytest

from generated.refusals import must_refuse
from generated.server import Answer, Server
from generated.service import ME, PASSWORD, Account
from generated.shop import VALUES, Person, device

pytestmark = pytest.mark.slow

RACERS = 20
ROUNDS = 3


@pytest.fixture(scope="module")
def grace(served: Server) -> Person:
    return Person(served)


def race(runners: Iterable[Callable[[], Answer]]) -> list[Answer]:
    """Let all run at once and return their answers, the best first."""
    lanes = list(runners)
    start = Barrier(len(lanes))

    def run(runner: Callable[[], Answer]) -> Answer:
        start.wait()
        return runner()

    with ThreadPoolExecutor(len(lanes)) as pool:
        return sorted(pool.map(run, lanes), key=lambda answer: answer.status)


def one_wins(answers: list[Answer], status: int = 201) -> Answer:
    """Check that one was first and all others were told; return the first."""
    winner, *others = answers
    assert [answer.status for answer in answers] == [status, *[409] * len(others)]
    for answer in others:
        must_refuse(answer, 409)
    return winner


@pytest.mark.parametrize(
    "spellings",
    [
        ["ada.{}@example.com"],
        [
            "kate.{}@example.com",
            "KATE.{}@Example.COM",
            "\N{KELVIN SIGN}ate.{}@example.com",
            "\N{FULLWIDTH LATIN CAPITAL LETTER K}ate.{}@example.com",
        ],
        [
            "jos\u00e9.{}@b\u00fccher.example",
            "jose\u0301.{}@b\u00fccher.example",
            "JOSE\u0301.{}@BU\u0308CHER.example",
            "jos\u00e9.{}@xn--bcher-kva.example",
        ],
        ["{}@fa\u00df.de", "{}@FA\u00df.DE", "{}@FA\u1e9e.de", "{}@xn--fa-hia.de"],
    ],
    ids=["one", "letters", "accents", "domains"],
)
def test_an_address_has_one_account(served: Server, spellings: list[str]) -> None:
    unique = uuid.uuid4().hex[:12]
    spelled = [spelling.format(unique) for spelling in spellings]
    accounts = [Account(served, email) for email in islice(cycle(spelled), RACERS)]
    one_wins(race(account.register for account in accounts))
    # However it is spelled, it is that account.
    people = {
        served.send("GET", ME, token=account.token()).json["id"]
        for account in accounts[: len(spelled)]
    }
    assert len(people) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fa\u00df.de", "fass.de"),
        ("\u03b2\u03cc\u03bb\u03bf\u03c2.com", "\u03b2\u03cc\u03bb\u03bf\u03c3.com"),
    ],
)
def test_another_domain_is_another_account(served: Server, one: str, other: str) -> None:
    name = uuid.uuid4().hex
    accounts = [Account(served, f"{name}@{domain}") for domain in (one, other)]
    assert [account.register().status for account in accounts] == [201, 201]
    for account in accounts:
        me = served.send("GET", ME, token=account.token()).json
        assert me["email"] == account.email


def test_an_address_is_taken_over_by_one(served: Server) -> None:
    people = [Person(served) for _ in range(5)]
    wanted = {"email": Account(served).email, "current_password": PASSWORD}

    def take(person: Person) -> Callable[[], Answer]:
        return lambda: person.send("PATCH", "/users/me", wanted)

    winner = one_wins(race(map(take, people)), status=200)
    assert winner.json["email"] == wanted["email"]


@pytest.mark.parametrize("path", ["/categories", "/devices"])
def test_a_unique_value_is_once(grace: Person, path: str) -> None:
    body: dict[str, Any] = {"name": "the only one"}
    if path == "/devices":
        category = grace.make("/categories", {"name": "of the only one"})
        body = VALUES | {"category_id": category["id"]} | body
    for _ in range(ROUNDS):
        winner = one_wins(race([lambda: grace.send("POST", path, body)] * RACERS))
        assert grace.send("DELETE", f"{path}/{winner.json['id']}").status == 204


def test_a_unique_value_is_given_to_one_row(grace: Person) -> None:
    rows = [grace.make("/categories", {"name": f"number {number}"}) for number in range(RACERS)]

    def rename(row: dict[str, Any]) -> Callable[[], Answer]:
        return lambda: grace.send("PATCH", f"/categories/{row['id']}", {"name": "renamed"})

    winner = one_wins(race(map(rename, rows)), status=200)
    listed = grace.send("GET", "/categories?limit=100").json["items"]
    assert [row["id"] for row in listed if row["name"] == "renamed"] == [winner.json["id"]]


def test_what_is_unique_is_so_for_each_owner(served: Server) -> None:
    people = [Person(served) for _ in range(5)]

    def create(person: Person) -> Callable[[], Answer]:
        return lambda: person.send("POST", "/categories", {"name": "mine"})

    assert {answer.status for answer in race(map(create, people))} == {201}


def test_a_row_is_deleted_at_once_by_all_who_ask(grace: Person) -> None:
    row = grace.make("/categories", {"name": "to be deleted"})
    path = f"/categories/{row['id']}"
    answers = race([lambda: grace.send("DELETE", path)] * RACERS)
    assert answers[0].status == 204
    assert {answer.status for answer in answers} <= {204, 404, 409}
    assert grace.send("GET", path).status == 404


def test_changes_at_once_follow_each_other(grace: Person) -> None:
    row = device(grace, name="changed by many")
    changes: list[dict[str, Any]] = [
        change
        for number in range(RACERS // 2)
        for change in ({"count": number}, {"note": f"number {number}"})
    ]
    must_follow_each_other(grace, f"/devices/{row['id']}", row, changes)


def test_changes_of_an_account_at_once_follow_each_other(grace: Person) -> None:
    row = grace.send("GET", "/users/me").json
    changes = [{"full_name": f"Grace {number}"} for number in range(RACERS)]
    must_follow_each_other(grace, "/users/me", row, changes)


def must_follow_each_other(
    grace: Person, path: str, row: dict[str, Any], changes: list[dict[str, Any]]
) -> None:
    with ThreadPoolExecutor(RACERS) as pool:
        answers = list(pool.map(lambda change: grace.send("PATCH", path, change), changes))
    assert {answer.status for answer in answers} == {200}

    # Each answer shows what all the changes before it left, and its own.
    changed = zip(changes, answers, strict=True)
    for change, answer in sorted(changed, key=lambda pair: pair[1].json["updated_at"]):
        assert answer.json["updated_at"] > row["updated_at"]
        row |= change | {"updated_at": answer.json["updated_at"]}
        assert answer.json == row
    assert grace.send("GET", path).json == row
