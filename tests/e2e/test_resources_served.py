"""Resources of all types on a running server: every endpoint over a socket, as two users."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from generated import variants
from generated.projects import Project, Workshop
from generated.server import Answer, Server, running
from generated.service import GUNICORN, USERS, Account, development
from generated.services import NewDatabase

pytestmark = pytest.mark.slow

RACERS = 20
RESOURCES = (
    "category name:str:50:unique parent:ref:category:optional",
    (
        "device name:str:100:min=1:unique:search:sort note:text:optional count:int:ge=0:filter "
        "big:bigint share:float price:decimal:18,8:filter active:bool:filter:default=true day:date "
        "at:datetime:sort opens:time key:uuid contact:email site:url meta:json "
        "kind:enum:phone,laptop:filter:default=phone tags:list:str:unique "
        "category:ref:category:filter:ondelete=cascade secret:str:40:optional:writeonly "
        "state:str:20:readonly:default=new"
    ),
    "review stars:int:ge=1:le=5:sort author:ref:user:ondelete=cascade --access public",
    "place name:str:100 --access shared",
    "notice text:str:200 --access admin",
)
EDITED = "src/app/schemas/device.py"
ADDED = "sku:str:32:optional"
API = "/api/v1"
VALUES: dict[str, Any] = {
    "name": "Größe 50 % _\\' \"",
    "note": "one\ntwo",
    "count": 2**31 - 1,
    "big": 2**53 + 1,
    "share": 0.1,
    "price": "1234567890.12345678",
    "active": False,
    "day": "0001-01-01",
    "at": "2026-03-29T01:30:00.123456Z",
    "opens": "09:30:00.000001",
    "key": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "contact": "ada@example.com",
    "site": "https://example.com/a?b=c%20d#e",
    "meta": {"a": [1, 2.5, True, None, "ß"]},
    "kind": "laptop",
    "tags": ["b", "a"],
    "sku": "A-1",
}


class Person:
    """Somebody who is logged in."""

    def __init__(self, server: Server) -> None:
        account = Account(server)
        self.id: int = account.register().json["id"]
        self.email = account.email
        self._token = account.token()
        self._server = server

    def send(self, method: str, path: str, data: object = None) -> Answer:
        """Send a request with this person's token."""
        return self._server.send(method, API + path, data, token=self._token)

    def make(self, path: str, data: object) -> dict[str, Any]:
        """Make a row."""
        made = self.send("POST", path, data)
        assert made.status == 201, made.body
        row: dict[str, Any] = made.json
        assert made.headers["location"] == f"{API}{path}/{row['id']}"
        return row


@pytest.fixture(scope="session")
def shop(database: str, workshop: Workshop) -> Project:
    """A project with the resources, one of them edited by hand before a field was added."""
    answers = variants.default() | {"database": database}
    project = workshop.project(f"resources-{database}", answers)
    with workshop.only_one_process(f"resources-{database}-added"):
        if not (project.path / "src/app/models/notice.py").exists():
            for line in RESOURCES:
                fastgen(project, "add", "resource", *line.split())
            file = project.path / EDITED
            source = file.read_text("utf-8")
            file.write_text(
                source.replace("min_length=1, max_length=100", "min_length=2, max_length=100"),
                "utf-8",
            )
            fastgen(project, "add", "field", "device", ADDED)
    return project


@pytest.fixture(scope="session")
def server(
    shop: Project, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Gunicorn with three workers."""
    with new_database() as url:
        env = development(url)
        shop.uv_run("alembic", "upgrade", "head", env=env).must_succeed()
        with running(shop, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
            server.wait("/ready")
            yield server
        assert "Traceback" not in server.output


@pytest.fixture
def ada(server: Server) -> Person:
    return Person(server)


@pytest.fixture
def bob(server: Server) -> Person:
    return Person(server)


def fastgen(project: Project, *arguments: str) -> None:
    done = project.user.run(*arguments, cwd=project.path)
    assert done.code == 0, done.err


def device(person: Person, **changes: Any) -> dict[str, Any]:
    """Make a device in a category of the person's own."""
    category = person.make("/categories", {"name": f"of {person.email}"})
    return person.make("/devices", VALUES | {"category_id": category["id"]} | changes)


def test_values_come_back_as_they_were_sent(ada: Person) -> None:
    made = device(ada, secret="open sesame")  # noqa: S106
    assert {name: made[name] for name in VALUES} == VALUES
    assert made["state"] == "new"
    assert "secret" not in made
    assert ada.send("GET", f"/devices/{made['id']}").json == made

    changed = ada.send("PATCH", f"/devices/{made['id']}", {"at": "2026-03-29T04:30:00+02:00"})
    assert changed.json["at"] == "2026-03-29T02:30:00Z"
    nulled = ada.send("PATCH", f"/devices/{made['id']}", {"note": None, "sku": None})
    assert (nulled.json["note"], nulled.json["sku"]) == (None, None)
    assert ada.send("DELETE", f"/devices/{made['id']}").status == 204
    assert ada.send("GET", f"/devices/{made['id']}").status == 404


def test_what_was_edited_by_hand_holds(shop: Project, ada: Person) -> None:
    assert "min_length=2" in (shop.path / EDITED).read_text("utf-8")
    made = device(ada)
    assert ada.send("PATCH", f"/devices/{made['id']}", {"name": "x"}).status == 422


def test_lists_are_narrowed_searched_and_sorted(ada: Person) -> None:
    first = device(ada)
    others = {"category_id": first["category_id"], "kind": "phone", "price": "2.00000000"}
    second = ada.make(
        "/devices", VALUES | others | {"name": "Telephone", "at": "2020-01-01T00:00:00Z"}
    )
    for query, rows in {
        "": [first, second],
        "?sort=at": [second, first],
        "?sort=-name": [second, first],
        "?kind=phone": [second],
        "?price_max=2": [second],
        "?price_min=2.00000001": [first],
        "?search=TELE": [second],
        "?search=%25": [first],
        f"?category_id={first['category_id']}&limit=1&offset=1": [second],
    }.items():
        assert ada.send("GET", f"/devices{query}").json["items"] == rows, query


def test_rows_of_others_are_not_there(ada: Person, bob: Person) -> None:
    made = device(ada)
    path = f"/devices/{made['id']}"
    for method, data in (("GET", None), ("PATCH", {"count": 1}), ("DELETE", None)):
        assert bob.send(method, path, data).status == 404
    assert bob.send("GET", "/devices").json["total"] == 0
    foreign = bob.send("POST", "/devices", VALUES | {"category_id": made["category_id"]})
    assert (foreign.status, foreign.json["errors"][0]["loc"]) == (409, ["body", "category_id"])
    # What is unique is so for each owner.
    assert device(bob)["name"] == made["name"]
    assert ada.send("GET", path).json == made


def test_rows_refer_to_rows_of_their_own_kind(ada: Person) -> None:
    parent = ada.make("/categories", {"name": "parent"})
    child = ada.make("/categories", {"name": "child", "parent_id": parent["id"]})
    assert ada.send("DELETE", f"/categories/{parent['id']}").status == 204
    assert ada.send("GET", f"/categories/{child['id']}").json["parent_id"] is None


def test_each_access_lets_those_in_that_it_says(server: Server, ada: Person, bob: Person) -> None:
    review = ada.make("/reviews", {"stars": 5, "author_id": ada.id})
    assert server.send("GET", f"{API}/reviews/{review['id']}").json == review
    assert server.send("POST", f"{API}/reviews", {"stars": 5, "author_id": ada.id}).status == 401
    assert bob.send("POST", "/reviews", {"stars": 1, "author_id": ada.id}).status == 409
    assert bob.send("PATCH", f"/reviews/{review['id']}", {"stars": 4}).json["stars"] == 4

    place = ada.make("/places", {"name": "Here"})
    assert bob.send("PATCH", f"/places/{place['id']}", {"name": "There"}).status == 200
    assert server.send("GET", f"{API}/places").status == 401

    assert ada.send("POST", "/notices", {"text": "Hello"}).status == 403
    assert ada.send("GET", "/notices").json["items"] == []


def test_an_administrator_writes_notices(shop: Project, server: Server) -> None:
    account = Account(server)
    command = ("python", "-m", "app", "create-admin", account.email)
    shop.uv_run(*command, env=server.environment, given=f"{account.password}\n").must_succeed()
    token = account.token()
    made = server.send("POST", f"{API}/notices", {"text": "Closed today"}, token=token)
    assert (made.status, made.json["text"]) == (201, "Closed today")


def test_a_race_for_a_unique_value_has_one_winner(ada: Person) -> None:
    start = Barrier(RACERS)

    def race(_: int) -> int:
        start.wait()
        return ada.send("POST", "/categories", {"name": "the only one"}).status

    with ThreadPoolExecutor(RACERS) as pool:
        answers = sorted(pool.map(race, range(RACERS)))
    assert answers == [201, *[409] * (RACERS - 1)]


def test_an_account_takes_its_rows_along(ada: Person, bob: Person) -> None:
    device(ada)
    review = ada.make("/reviews", {"stars": 5, "author_id": ada.id})
    assert ada.send("DELETE", USERS.removeprefix(API) + "/me").status == 204
    assert bob.send("GET", f"/reviews/{review['id']}").status == 404


def test_the_contract_tells_limits_examples_filters_and_orders(server: Server) -> None:
    contract = server.send("GET", f"{API}/openapi.json")
    if contract.status == 404:
        pytest.fail("the contract is not published")
    schemas = contract.json["components"]["schemas"]
    fields = schemas["DeviceCreate"]["properties"]
    assert (fields["name"]["maxLength"], fields["name"]["minLength"]) == (100, 2)
    assert fields["name"]["description"] == "Unique among your devices"
    assert (fields["count"]["minimum"], fields["count"]["maximum"]) == (0, 2**31 - 1)
    assert fields["site"]["format"] == "uri"
    assert all(
        fields[name].get("examples") for name in ("name", "price", "day", "at", "key", "tags")
    )
    assert schemas["DeviceKind"]["enum"] == ["phone", "laptop"]
    assert {"name", "-name", "at", "-at", "id", "-id"} <= set(schemas["DeviceSort"]["enum"])
    listed = contract.json["paths"][f"{API}/devices"]["get"]
    assert {parameter["name"] for parameter in listed["parameters"]} == {
        "search", "count_min", "count_max", "price_min", "price_max", "active", "kind",
        "category_id", "sort", "limit", "offset",
    }  # fmt: skip
    assert {"401", "422"} <= set(listed["responses"])
