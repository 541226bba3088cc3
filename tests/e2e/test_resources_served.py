"""Resources of all types on a running server: every endpoint over a socket, as two users."""

import pytest

from generated.projects import Project
from generated.server import Server
from generated.service import USERS, Account, make_admin
from generated.shop import API, EDITED, LIMITED, LISTS, VALUES, Person, device

pytestmark = pytest.mark.slow


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


def test_lists_and_limited_values_come_back_as_they_were_sent(ada: Person) -> None:
    made = ada.make("/sheets", LIMITED | LISTS)
    assert made | LIMITED | LISTS == made
    assert ada.send("GET", f"/sheets/{made['id']}").json == made
    assert ada.send("GET", "/sheets").json["items"] == [made]


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
        "?search=50+%25": [first],
        f"?category_id={first['category_id']}&kind=phone&kind=laptop": [first, second],
        f"?category_id={first['category_id']}&limit=1&sort=-created_at": [second],
    }.items():
        assert ada.send("GET", f"/devices{query}").json["items"] == rows, query


def test_a_new_row_was_created_and_updated_at_one_moment(shop_server: Server, ada: Person) -> None:
    for row in (
        ada.make("/places", {"name": "new"}),
        device(ada),
        Account(shop_server).register().json,
    ):
        assert row["created_at"] == row["updated_at"]


def test_rows_of_others_are_not_there(ada: Person, bob: Person) -> None:
    made = device(ada)
    path = f"/devices/{made['id']}"
    for method, data in (("GET", None), ("PATCH", {"count": 1}), ("DELETE", None)):
        assert bob.send(method, path, data).status == 404
    assert bob.send("GET", "/devices").json["items"] == []
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


def test_each_access_lets_those_in_that_it_says(
    shop_server: Server, ada: Person, bob: Person
) -> None:
    review = ada.make("/reviews", {"stars": 5, "author_id": ada.id})
    assert shop_server.send("GET", f"{API}/reviews/{review['id']}").json == review
    assert (
        shop_server.send("POST", f"{API}/reviews", {"stars": 5, "author_id": ada.id}).status == 401
    )
    assert bob.send("POST", "/reviews", {"stars": 1, "author_id": ada.id}).status == 409
    assert bob.send("PATCH", f"/reviews/{review['id']}", {"stars": 4}).json["stars"] == 4

    place = ada.make("/places", {"name": "Here"})
    assert bob.send("PATCH", f"/places/{place['id']}", {"name": "There"}).status == 200
    assert shop_server.send("GET", f"{API}/places").status == 401

    assert ada.send("POST", "/notices", {"text": "Hello"}).status == 403
    assert "Hello" not in {row["text"] for row in ada.send("GET", "/notices").json["items"]}


def test_an_administrator_writes_notices(shop: Project, shop_server: Server) -> None:
    token = make_admin(shop, shop_server).token()
    made = shop_server.send("POST", f"{API}/notices", {"text": "Closed today"}, token=token)
    assert (made.status, made.json["text"]) == (201, "Closed today")


def test_an_account_takes_its_rows_along(ada: Person, bob: Person) -> None:
    device(ada)
    review = ada.make("/reviews", {"stars": 5, "author_id": ada.id})
    assert ada.send("DELETE", USERS.removeprefix(API) + "/me").status == 204
    assert bob.send("GET", f"/reviews/{review['id']}").status == 404


def test_the_contract_tells_limits_examples_filters_and_orders(shop_server: Server) -> None:
    contract = shop_server.send("GET", f"{API}/openapi.json")
    if contract.status == 404:
        pytest.fail("the contract is not published")
    schemas = contract.json["components"]["schemas"]
    fields = schemas["DeviceCreate"]["properties"]
    assert (fields["name"]["maxLength"], fields["name"]["minLength"]) == (100, 2)
    assert fields["name"]["description"] == "Unique among your devices"
    assert (fields["count"]["minimum"], fields["count"]["exclusiveMaximum"]) == (0, 2**31)
    assert fields["site"]["$ref"].endswith("/Url")
    assert schemas["Url"]["format"] == "uri"
    assert fields["paint"]["pattern"] == "^#[0-9A-Fa-f]{6}$"
    assert all(fields[name].get("examples") for name in ("name", "day", "at", "key", "tags"))
    assert fields["price"]["$ref"].endswith("/DevicePrice")
    assert schemas["DevicePrice"]["examples"]
    limited = schemas["SheetCreate"]["properties"]
    assert limited["day"]["description"] == "Not before 2026-01-15, before 2026-11-03"
    assert limited["at"]["format"] == "date-time"
    assert "not before 2026-01-15T08:00:00Z" in limited["at"]["description"]
    assert schemas["DeviceKind"]["enum"] == ["phone", "laptop"]
    assert {"created_at", "-created_at", "name", "-name", "at", "-at"} == set(
        schemas["DeviceSort"]["enum"]
    )
    listed = contract.json["paths"][f"{API}/devices"]["get"]
    assert {parameter["name"] for parameter in listed["parameters"]} == {
        "search", "count_min", "count_max", "price_min", "price_max", "active", "kind",
        "category_id", "paint", "sort", "limit", "cursor", "total",
    }  # fmt: skip
    assert {"401", "422"} <= set(listed["responses"])
    answer = contract.json["components"]["responses"]["UnprocessableContent"]
    example = answer["content"]["application/json"]["examples"]["VALIDATION_ERROR"]["value"]
    assert example["detail"] == "The request is not valid"
    form = contract.json["paths"][f"{API}/auth/token"]["post"]["requestBody"]["content"]
    assert form["application/x-www-form-urlencoded"]["example"]["username"] == "ada@example.com"
