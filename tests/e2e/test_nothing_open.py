"""Nothing is open by accident: everything the contract lists, tried by those who may not.

The contract is the inventory, so what is added is tried as well. Who may do what stands here alone.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest

from generated.openapi import DOCUMENT, Contract, Operation
from generated.projects import Project
from generated.server import Answer, Server
from generated.service import make_admin
from generated.shop import API, Person

pytestmark = pytest.mark.slow

# What nobody needs a token for.
OPEN = {
    "GET /health",
    "GET /ready",
    f"POST {API}/auth/token",
    f"POST {API}/auth/refresh",
    f"POST {API}/auth/password-reset",
    f"POST {API}/auth/password-reset/confirm",
    f"POST {API}/auth/verify-email",
    f"POST {API}/auth/verify-email/confirm",
    f"POST {API}/users",
    f"GET {API}/reviews",
    f"GET {API}/reviews/{{review_id}}",
}
ACCESS = {
    "categories": "owner",
    "devices": "owner",
    "sheets": "owner",
    "reviews": "public",
    "places": "shared",
    "notices": "admin",
}
# What ordinary users must not do with accounts.
FOR_ADMINISTRATORS = {
    f"GET {API}/users",
    f"GET {API}/users/stats",
    f"GET {API}/users/{{user_id}}",
    f"PATCH {API}/users/{{user_id}}",
}
ROUTES = """
import json
from fastapi.routing import iter_route_contexts
from app.main import app
print(json.dumps([
    f"{method} {context.path.replace(':int', '')}"
    for context in iter_route_contexts(app.routes) for method in context.methods or ()
]))
"""
DOCS = ("/docs", "/api/docs", "/api/docs/{name}", "/api/redoc")
# What the contract does not list: itself, and what monitors ask of paths that it lists.
UNLISTED = {
    f"{method} {path}"
    for method, path in (
        *product(["GET", "HEAD"], [DOCUMENT, *DOCS]),
        *product(["HEAD"], ["/health", "/ready"]),
    )
}
NO_ROW = 2**63 - 1
SHORTEST_SEARCH = 3
WRONG_TOKENS = ("Bearer", "Bearer ", "Bearer not.a.token", "Basic YTpi", "bearer null")


@dataclass
class Shop:
    """A contract, the people who use it, and the row of each resource that each of them has."""

    contract: Contract
    server: Server
    ada: Person
    bob: Person
    admin: Person
    rows: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)

    def row(self, person: Person, name: str) -> dict[str, Any]:
        """Return the row of a person, or of an administrator where only those write."""
        if ACCESS[name] == "admin":
            person = self.admin
        if (person.id, name) not in self.rows:
            resource = self.contract.resources[name]
            post = self.contract.operation("POST", resource.path)
            body = self.contract.body(post) | self.references(person, post)
            self.rows[person.id, name] = person.make(resource.path.removeprefix(API), body)
        return self.rows[person.id, name]

    def references(self, person: Person, operation: Operation) -> dict[str, int]:
        """Return what must refer to a row, filled with rows of a person."""
        required = self.contract.required(operation)
        return {
            column: self.target(person, parameter)
            for column, parameter in self.contract.references(operation).items()
            if column in required
        }

    def target(self, person: Person, parameter: str) -> int:
        """Return the id of a person, or of the person's row of the resource with this id."""
        if parameter == "user_id":
            return person.id
        names = [n for n, found in self.contract.resources.items() if found.parameter == parameter]
        found: int = self.row(person, names[0])["id"]
        return found

    def url(self, operation: Operation) -> str:
        """Fill the path of an operation with the ids of Ada and her rows."""
        names = re.findall(r"{(\w+)}", operation.path)
        return operation.path.format(**{name: self.target(self.ada, name) for name in names})

    def body(self, person: Person, operation: Operation) -> dict[str, Any] | None:
        """Make a body that is right; a change changes all that can be."""
        if not operation.has_body:
            return None
        return self.contract.body(operation) | self.references(person, operation)

    def try_as(self, person: Person | None, operation: Operation) -> Answer:
        """Send what would be right, did its sender have the rights to Ada's rows."""
        body = self.body(self.ada, operation)
        token = person.token if person else None
        return self.server.send(operation.method, self.url(operation), body, token=token)


@pytest.fixture(scope="module")
def world(shop: Project, shop_server: Server) -> Shop:
    return Shop(
        Contract(shop_server),
        shop_server,
        ada=Person(shop_server),
        bob=Person(shop_server),
        admin=Person(shop_server, make_admin(shop, shop_server)),
    )


def of_kind(world: Shop, *kinds: str) -> list[str]:
    return [name for name in world.contract.resources if ACCESS[name] in kinds]


def on_rows(world: Shop, name: str) -> list[Operation]:
    """Return what can be done to a row, deleting last."""
    found = world.contract.of(world.contract.resources[name].item)
    return sorted(found, key=lambda one: one.method == "DELETE")


def assert_is_error(answer: Answer, status: int, code: str, case: object) -> None:
    assert answer.status == status, (case, answer.body)
    assert answer.headers["content-type"] == "application/json", case
    assert answer.json["error_code"] == code, case


def test_the_contract_lists_every_route(shop: Project, world: Shop) -> None:
    printed = shop.uv_run("python", "-c", ROUTES, env=world.server.environment).must_succeed()
    served = set(json.loads(printed.splitlines()[-1]))
    assert served - UNLISTED == {one.name for one in world.contract.operations}
    assert set(ACCESS) == set(world.contract.resources)


def test_what_is_open_is_meant_to_be(world: Shop) -> None:
    assert {one.name for one in world.contract.operations if one.is_open} == OPEN
    for operation in world.contract.operations:
        if operation.is_open:
            answer = world.server.send(operation.method, world.url(operation), None)
            assert answer.json.get("error_code") != "UNAUTHORIZED", operation.name


@pytest.mark.parametrize("header", ["", *WRONG_TOKENS])
def test_all_else_needs_a_token(header: str, world: Shop) -> None:
    headers = {"Authorization": header} if header else {}
    for operation in world.contract.operations:
        if not operation.is_open:
            body, url = world.body(world.ada, operation), world.url(operation)
            answer = world.server.send(operation.method, url, body, headers=headers)
            assert_is_error(answer, 401, "UNAUTHORIZED", operation.name)
            assert answer.headers["www-authenticate"] == "Bearer"


def test_rows_of_others_are_not_there(world: Shop) -> None:
    for name in of_kind(world, "owner"):
        row = world.row(world.ada, name)
        methods = set()
        for operation in on_rows(world, name):
            methods.add(operation.method)
            for person in (world.bob, world.admin):
                theirs = world.try_as(person, operation)
                assert_is_error(theirs, 404, "NOT_FOUND", operation.name)
                missing = world.server.send(
                    operation.method,
                    f"{world.contract.resources[name].path}/{NO_ROW}",
                    world.body(world.ada, operation),
                    token=person.token,
                )
                assert without_ids(missing, NO_ROW) == without_ids(theirs, row["id"])
        assert {"GET", "PATCH", "DELETE"} <= methods
        path = f"{world.contract.resources[name].path}/{row['id']}".removeprefix(API)
        assert world.ada.send("GET", path).json == row


def test_lists_hold_no_rows_of_others(world: Shop) -> None:
    for name in of_kind(world, "owner"):
        path = world.contract.resources[name].path
        theirs, own = world.row(world.ada, name), world.row(world.bob, name)
        assert world.bob.send("GET", path.removeprefix(API)).json["items"] == [own]
        # Another row, for the first page has a cursor only if it is not the last.
        post = world.contract.operation("POST", path)
        body = world.contract.body(post) | world.references(world.ada, post)
        unique = {"name": "another"} if "name" in body else {}
        world.ada.make(path.removeprefix(API), body | unique)
        cursor = world.ada.send("GET", f"{path.removeprefix(API)}?limit=1").json["next"]
        assert cursor
        page = world.bob.send("GET", f"{path.removeprefix(API)}?cursor={cursor}").json["items"]
        assert page in ([], [own])
        for query in queries(world.contract.parameters(path), theirs):
            query["total"] = "true"
            answer = world.bob.send("GET", f"{path.removeprefix(API)}?{urlencode(query)}")
            assert answer.status == 200, (query, answer.body)
            assert answer.json["items"] in ([], [own]), query
            assert answer.json["total"] <= 1, query


def queries(parameters: dict[str, dict[str, Any]], row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield queries that would find a row, one for each parameter, and some for pages."""
    for name, schema in parameters.items():
        yield from ({name: value} for value in schema.get("enum", ()))
        column = name.removesuffix("_min").removesuffix("_max")
        if row.get(column) is not None:
            value = row[column]
            yield {name: str(value).lower() if isinstance(value, bool) else value}
        if name == "search":
            texts = (value for value in row.values() if isinstance(value, str))
            yield from ({name: text} for text in texts if len(text) >= SHORTEST_SEARCH)
        if name.endswith("_null"):
            yield from ({name: value} for value in ("true", "false"))
    yield {"limit": 100}
    yield {"limit": 1, "sort": "-created_at"}


def test_rows_of_others_cannot_be_referred_to(world: Shop) -> None:
    tried = 0
    for name, resource in world.contract.resources.items():
        if ACCESS[name] == "admin":
            continue
        own = world.row(world.bob, name)
        for operation in (
            world.contract.operation("POST", resource.path),
            world.contract.operation("PATCH", resource.item),
        ):
            url = operation.path.format(**{resource.parameter: own["id"]})
            for column, parameter in world.contract.references(operation).items():
                foreign = world.target(world.ada, parameter)
                answers = []
                for value in (foreign, NO_ROW):
                    body = world.body(world.bob, operation) or {}
                    # What is unique is there already; the reference is looked at before.
                    answer = world.server.send(
                        operation.method, url, body | {column: value}, token=world.bob.token
                    )
                    assert_is_error(answer, 409, "CONFLICT", (operation.name, column))
                    assert answer.json["errors"][0]["loc"] == ["body", column]
                    answers.append(without_ids(answer, value))
                    tried += 1
                assert answers[0] == answers[1]
    assert tried >= 12


def test_owners_and_ids_cannot_be_chosen(world: Shop) -> None:
    for name in of_kind(world, "owner"):
        resource = world.contract.resources[name]
        for operation in (
            world.contract.operation("POST", resource.path),
            world.contract.operation("PATCH", resource.item),
        ):
            url = operation.path.format(**{resource.parameter: world.row(world.bob, name)["id"]})
            body = world.body(world.bob, operation) or {}
            for column in ("id", "owner_id", "created_at"):
                taken = body | {column: world.ada.id}
                answer = world.server.send(operation.method, url, taken, token=world.bob.token)
                assert_is_error(answer, 422, "VALIDATION_ERROR", (operation.name, column))


def test_each_access_lets_those_in_that_it_says(world: Shop) -> None:
    for name in of_kind(world, "shared", "public", "admin"):
        resource = world.contract.resources[name]
        world.row(world.ada, name)
        for operation in [*world.contract.of(resource.path), *on_rows(world, name)]:
            reads = operation.method == "GET"
            may_not = {"shared": False, "public": False, "admin": not reads}[ACCESS[name]]
            if may_not:
                assert_is_error(
                    world.try_as(world.bob, operation), 403, "FORBIDDEN", operation.name
                )
            # Bob names nobody but himself.
            person = world.admin if may_not else world.bob
            body = world.body(person, operation)
            answer = world.server.send(
                operation.method, world.url(operation), body, token=person.token
            )
            assert 200 <= answer.status < 300, (operation.name, answer.body)
        world.rows.pop((world.ada.id, name), None)
        world.rows.pop((world.admin.id, name), None)


def test_accounts_are_for_administrators(world: Shop) -> None:
    users = [one for one in world.contract.operations if one.name in FOR_ADMINISTRATORS]
    assert len(users) == len(FOR_ADMINISTRATORS)
    for operation in users:
        assert_is_error(world.try_as(world.ada, operation), 403, "FORBIDDEN", operation.name)
        assert world.try_as(world.admin, operation).status == 200, operation.name


def without_ids(answer: Answer, value: object) -> str:
    """Return an answer without what differs from one request to the next."""
    told = answer.json | {"request_id": ""}
    return re.sub(rf"\b{value}\b", "ID", json.dumps(told))
