"""Requests that no client of the contract sends: each is refused in the one shape of errors."""

import re

import pytest

from generated.openapi import Contract
from generated.server import Answer, Server
from generated.shop import API, Person

pytestmark = pytest.mark.slow

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}
MONITORED = {"/health", "/ready"}
UNKNOWN = (
    "/api", API, f"{API}/", f"{API}/nothing", f"{API}/devices/", f"{API}/devices/one",
    f"{API}/devices/-1", f"{API}/devices/1/more", f"{API}/devices/{'9' * 5000}", "//health",
    "/health/", "/%00", f"{API}/devices/%F0%28", "/../etc/passwd", f"{API}/Devices",
    f"{API}/devices%0A", f"{API}%0a/devices", "/health%0A", "/%0a",
)  # fmt: skip
NOT_JSON = {
    "nothing": ("application/json", b""),
    "null": ("application/json", b"null"),
    "a list": ("application/json", b"[]"),
    "a text": ("application/json", b'"name"'),
    "more after it": ("application/json", b'{"name": "a"} b'),
    "another type": ("text/plain", b'{"name": "a"}'),
    "XML": ("application/xml", b"<name/>"),
    "a form": ("application/x-www-form-urlencoded", b"name=a"),
    "half a form": ("multipart/form-data; boundary=a", b"--a\r\n"),
    "no boundary": ("multipart/form-data", b"a"),
    "no type": ("garbage", b'{"name": "a"}'),
}


def assert_is_error(answer: Answer, status: int, code: str, case: str) -> None:
    assert answer.status == status, (case, answer.body)
    assert answer.headers["content-type"] == "application/json", case
    assert set(answer.json) == {"detail", "error_code", "request_id", "errors"}, case
    assert answer.json["error_code"] == code, case
    assert answer.json["request_id"] == answer.headers["x-request-id"], case


def test_other_methods_are_told_which_there_are(shop_server: Server) -> None:
    contract = Contract(shop_server)
    for path in {operation.path for operation in contract.operations}:
        there = {operation.method for operation in contract.of(path)}
        if path in MONITORED:
            there.add("HEAD")
        for method in METHODS - there:
            answer = shop_server.send(method, re.sub("{.*?}", "1", path))
            assert answer.headers["allow"] == ", ".join(sorted(there)), (method, path)
            if method == "HEAD":
                assert (answer.status, answer.body) == (405, b"")
            else:
                assert_is_error(answer, 405, "METHOD_NOT_ALLOWED", f"{method} {path}")


@pytest.mark.parametrize("method", sorted(METHODS - {"HEAD"}))
def test_unknown_paths_are_not_found(method: str, shop_server: Server) -> None:
    for path in UNKNOWN:
        assert_is_error(shop_server.send(method, path), 404, "NOT_FOUND", path)


def test_bodies_must_be_json_objects(ada: Person, shop_server: Server) -> None:
    for case, (kind, content) in NOT_JSON.items():
        answer = shop_server.send(
            "POST",
            f"{API}/categories",
            content=content,
            headers={"Content-Type": kind},
            token=ada.token,
        )
        assert_is_error(answer, 422, "VALIDATION_ERROR", case)
    assert ada.send("GET", "/categories").json["items"] == []


def test_the_last_of_two_equal_keys_counts(ada: Person, shop_server: Server) -> None:
    answer = shop_server.send(
        "POST",
        f"{API}/categories",
        content=b'{"name": "first", "name": "last"}',
        headers={"Content-Type": "application/json"},
        token=ada.token,
    )
    assert (answer.status, answer.json["name"]) == (201, "last")
    assert ada.send("GET", "/categories?limit=0&limit=2").status == 200
    assert ada.send("GET", "/categories?limit=2&limit=0").status == 422


@pytest.mark.parametrize("accepted", ["application/xml", "text/html", "*/*", "garbage", ""])
def test_answers_are_json_whatever_is_accepted(
    accepted: str, ada: Person, shop_server: Server
) -> None:
    answer = shop_server.send(
        "GET", f"{API}/categories", headers={"Accept": accepted}, token=ada.token
    )
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")


def test_long_queries_are_read_or_refused(ada: Person) -> None:
    assert ada.send("GET", f"/users/me?{'a' * 60_000}").status == 200
    assert ada.send("GET", f"/categories?{'a' * 60_000}").status == 422
    assert ada.send("GET", f"/devices?{'&'.join(f'x{n}=' for n in range(8_000))}").status == 422
    assert ada.send("GET", f"/devices?search={'a' * 60_000}").status == 422
    assert ada.send("GET", f"/devices?{'count_min=1&' * 5_000}").status == 200
