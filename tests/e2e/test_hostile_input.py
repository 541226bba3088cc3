"""Whatever is sent is refused in the one shape, soon, and the server goes on."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from secrets import token_hex
from typing import Any

import pytest

from generated import hostile
from generated.projects import Project
from generated.refusals import must_refuse
from generated.server import Answer, Server, new_source, resident_mib
from generated.service import ME, TOKEN, USERS, Account
from generated.shop import API, LIMITED, VALUES, Person
from generated.sockets import exchange, exchanges

pytestmark = pytest.mark.slow

SECONDS = 5.0
SECONDS_OF_THE_SERVER = 0.3
MEASUREMENTS = 5
GROWTH_MIB = 20
MEGABYTE = "x" * 1_000_000
DOCUMENT = "import json; from app.main import app; print(json.dumps(app.openapi()))"
COMMON = (
    "password", "12345678", "qwerty123", "Password1", "SUNSHINE", "iloveyou", "letmein1",
    "michelle", "admin1234", "987654321", "0123456789", "12345678901", "1111111111", "zzzzzzzz",
    "abcdefgh", " " * 8, "password ", "\uff30\uff41\uff53\uff53\uff37\uff4f\uff52\uff44",
)  # fmt: skip
Operation = tuple[str, str]


@pytest.fixture(scope="module")
def document(shop: Project, served: Server) -> dict[str, Any]:
    """Return the contract of the server, which production does not publish."""
    printed = shop.uv_run("python", "-c", DOCUMENT, env=served.environment).must_succeed()
    parsed: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return parsed


@pytest.fixture(scope="module")
def rows(served: Server, admin: Account) -> dict[str, int]:
    """Return an id for each parameter of a path: rows that the administrator may change."""
    token = admin.token()

    def make(path: str, data: object) -> int:
        made = served.send("POST", f"{API}{path}", data, token=token)
        assert made.status == 201, made.body
        row_id: int = made.json["id"]
        return row_id

    # The server outlives this module's fixtures, which may be made twice.
    name = token_hex(8)
    category = make("/categories", {"name": name})
    me = served.send("GET", ME, token=token).json["id"]
    return {
        "category_id": category,
        "device_id": make("/devices", VALUES | {"name": name, "category_id": category}),
        "sheet_id": make("/sheets", LIMITED),
        "review_id": make("/reviews", {"stars": 5, "author_id": me}),
        "place_id": make("/places", {"name": "Here"}),
        "notice_id": make("/notices", {"text": "Read"}),
        "user_id": Person(served).id,
    }


@pytest.fixture
def send(served: Server, admin: Account) -> Callable[..., Answer]:
    """Return what sends as an administrator, each time from another computer, and soon."""
    token = replace(admin, source=new_source()).token()

    def sending(method: str, path: str, content: bytes | None = None, **options: Any) -> Answer:
        begun = time.monotonic()
        answer = served.send(
            method, path, content=content, token=token, source=new_source(), **options
        )
        assert time.monotonic() - begun < SECONDS, (method, path[:100], (content or b"")[:100])
        return answer

    return sending


def operations(document: dict[str, Any]) -> Iterator[tuple[Operation, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield (method.upper(), path), operation


def taking_json(document: dict[str, Any]) -> list[tuple[Operation, dict[str, Any]]]:
    """Return the operations that take JSON, with the properties of what they take."""
    found = []
    for operation, description in operations(document):
        content = description.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
            found.append((operation, document["components"]["schemas"][name]["properties"]))
    return found


def filled(path: str, rows: dict[str, int]) -> str:
    return re.sub(r"{(\w+)}", lambda match: str(rows[match[1]]), path)


def chunked(method: str, path: str, body: bytes, trailers: bytes) -> bytes:
    """Return a request whose body comes in one chunk, and what follows."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"%x\r\n%s\r\n" % (len(body), body) if body else b""
    return head.encode() + chunk + b"0\r\n" + trailers


def takes_numbers(schema: dict[str, Any]) -> bool:
    """Tell whether a field may hold any number, as floats do."""
    return any(kind.get("type") == "number" for kind in schema.get("anyOf", [schema]))


def test_no_endpoint_takes_a_hostile_body(
    document: dict[str, Any], rows: dict[str, int], send: Callable[..., Answer]
) -> None:
    taking = taking_json(document)
    assert len(taking) > 2 * 5
    for (method, path), _ in taking:
        for name, body in hostile.BODIES.items():
            answer = send(method, filled(path, rows), body, headers=hostile.JSON)
            assert answer.status in {400, 422}, (name, method, path, answer)
            must_refuse(answer)


def test_no_field_takes_a_hostile_value(
    document: dict[str, Any], rows: dict[str, int], send: Callable[..., Answer]
) -> None:
    for (method, path), fields in taking_json(document):
        for field, schema in fields.items():
            numbers = {} if takes_numbers(schema) else hostile.NUMBERS
            for value in (*hostile.VALUES.values(), *numbers.values()):
                body = f'{{"{field}": {value}}}'.encode()
                answer = send(method, filled(path, rows), body, headers=hostile.JSON)
                if field == "current_password" and answer.status == 200:
                    # Without a new address it is not looked at; any text may be a password.
                    assert isinstance(json.loads(value), str)
                    continue
                assert answer.status in {400, 401, 422}, (field, value[:50], method, path, answer)
                must_refuse(answer)


@pytest.mark.parametrize("number", hostile.LENGTHENED)
@pytest.mark.parametrize(("path", "field"), [("/devices", "meta"), ("/sheets", "shares")])
def test_numbers_come_back_about_as_long_as_they_were(
    rows: dict[str, int], send: Callable[..., Answer], path: str, field: str, number: str
) -> None:
    url = f"{API}{path}/{rows['device_id' if path == '/devices' else 'sheet_id']}"
    numbers = ",".join([number] * (1_000_000 // len(f"{number},")))
    body = f'{{"{field}": [{numbers}]}}'.encode()
    answer = send("PATCH", url, body, headers=hostile.JSON)
    if answer.status != 200:
        must_refuse(answer, 422)
    assert len(send("GET", url).body) < 5 * len(body)


def test_no_path_leads_anywhere_else(document: dict[str, Any], send: Callable[..., Answer]) -> None:
    for (method, path), _ in operations(document):
        if "{" not in path:
            continue
        for row_id in hostile.IDS:
            answer = send(method, re.sub(r"{\w+}", row_id, path), b"{}", headers=hostile.JSON)
            must_refuse(answer, 404, 405, 422)


def test_no_query_breaks_anything(
    document: dict[str, Any], rows: dict[str, int], send: Callable[..., Answer]
) -> None:
    for (method, path), description in operations(document):
        for parameter in description.get("parameters", []):
            if parameter["in"] != "query":
                continue
            for value in hostile.QUERIES:
                query = f"{parameter['name']}={value}"
                answer = send(method, f"{filled(path, rows)}?{query}")
                if answer.status != 200:
                    must_refuse(answer, 422)
            nul = send(method, f"{filled(path, rows)}?{parameter['name']}=%00")
            must_refuse(nul, 422)
    repeated = "&".join(["limit=1"] * 7_000)
    assert send("GET", f"{API}/devices?{repeated}").status == 200


@pytest.mark.parametrize("name", hostile.FORMS)
def test_the_login_form_is_refused(served: Server, name: str) -> None:
    headers, body = hostile.FORMS[name]
    begun = time.monotonic()
    answer = served.send("POST", TOKEN, content=body, headers=headers, source=new_source())
    assert time.monotonic() - begun < SECONDS
    must_refuse(answer, 400, 401, 422)


@pytest.mark.parametrize("charset", hostile.CHARSETS)
def test_no_charset_breaks_anything(send: Callable[..., Answer], charset: str) -> None:
    for value in (rb"\ud800", b"+2AA-", b"a-b", b"\xff"):
        headers = {"Content-Type": f"{hostile.MULTIPART['Content-Type']}; charset={charset}"}
        for form in (hostile.parts(value), hostile.parts(value, grant_type=value)):
            must_refuse(send("POST", TOKEN, form, headers=headers), 400, 401, 422)
        body = b'{"email": "a@example.com", "password": "%s%s"}' % (value, b"x" * 8)
        headers = {"Content-Type": f"application/json; charset={charset}"}
        must_refuse(send("PATCH", ME, body, headers=headers), 400, 422)


def test_no_path_ends_in_a_line_break(
    document: dict[str, Any], rows: dict[str, int], served: Server, send: Callable[..., Answer]
) -> None:
    somebody, named = Account(served), {"name": "written"}
    account = {"email": somebody.email, "password": somebody.password}
    for (method, path), _ in operations(document):
        body = json.dumps(account if path == USERS else named).encode()
        answer = send(method, f"{filled(path, rows)}%0a", body, headers=hostile.JSON)
        must_refuse(answer, 404)
    assert somebody.register().status == 201
    for path in ("categories", "places"):
        listed = send("GET", f"{API}/{path}").json["items"]
        assert "written" not in {row["name"] for row in listed}


@pytest.mark.parametrize("path", [USERS, TOKEN, f"{API}/devices", "/health", "/nowhere"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_10_megabytes_are_refused_before_they_are_read(
    served: Server, path: str, kind: str
) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: test\r\nContent-Type: {kind}\r\n"
    announced = f"{head}Content-Length: 10000000\r\n"
    for sent in (f"{announced}\r\n", f"{announced}Expect: 100-continue\r\n\r\n"):
        must_refuse(exchange(served.port, sent.encode()), 413)


@pytest.mark.parametrize("path", [USERS, TOKEN])
def test_10_megabytes_in_chunks_are_refused_before_all_are_read(served: Server, path: str) -> None:
    kind = hostile.JSON if path == USERS else hostile.FORM
    head = (
        f"POST {path} HTTP/1.1\r\nHost: test\r\nContent-Type: {kind['Content-Type']}\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    begun = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    must_refuse(exchange(served.port, head.encode() + begun * 17), 413)


def test_endless_headers_are_refused_before_all_are_read(served: Server) -> None:
    head = b"GET /health HTTP/1.1\r\nHost: test\r\n"
    for headers in (b"X: " + b"x" * 5_000_000, b"X: x\r\n" * 1_000_000):
        # The server may have closed the connection before all was sent.
        with suppress(ConnectionError):
            assert exchange(served.port, head + headers).status == 400
    large = {"X": "x" * 50_000}
    assert served.send("GET", "/health", headers=large).status == 200
    assert served.send("GET", f"/health?{'x' * 50_000}").status == 200


@pytest.mark.parametrize(
    "trailers",
    [b"X: " + b"x" * 60_000_000, b"X: x\r\n" * 10_000_000],
    ids=["one trailer", "many trailers"],
)
def test_endless_trailers_are_refused_before_all_are_read(served: Server, trailers: bytes) -> None:
    before = {pid: resident_mib(pid) for pid in served.workers()}
    with suppress(ConnectionError):
        assert exchange(served.port, chunked("POST", USERS, b"{}", trailers)).status == 400
    assert max(resident_mib(pid) - was for pid, was in before.items()) < GROWTH_MIB


def test_trailers_are_no_headers(served: Server, admin: Account) -> None:
    token = b"Authorization: Bearer %s\r\n\r\n" % admin.token().encode()
    large = b"X: %s\r\n" % (b"x" * 50_000)
    me = f"GET {ME} HTTP/1.1\r\nHost: test\r\n".encode()
    in_trailer, again, in_header = exchanges(
        served.port, chunked("GET", ME, b"", large + token), me + b"\r\n", me + large + token
    )
    must_refuse(in_trailer, 401)
    must_refuse(again, 401)
    assert in_header.status == 200


def test_chunks_may_be_small(served: Server) -> None:
    small, large = (
        b"POST %s HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n%s0\r\n\r\n" % (USERS.encode(), b"1\r\n \r\n" * count)
        for count in (500_000, 2_000_000)
    )
    must_refuse(exchange(served.port, small), 422)
    must_refuse(exchange(served.port, large), 413)


def test_no_body_is_read_as_a_request(served: Server) -> None:
    hidden = b"GET /health HTTP/1.1\r\nHost: test\r\n\r\n"
    head = (
        f"POST {USERS} HTTP/1.1\r\nHost: test\r\nConnection: upgrade\r\nUpgrade: h2c\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(hidden)}\r\n\r\n"
    )
    with pytest.raises(ConnectionError):
        exchanges(served.port, head.encode(), hidden)


def test_unknown_fields_cost_little(served: Server) -> None:
    body = hostile.BODIES["many fields"]
    seconds = []
    for _ in range(MEASUREMENTS):
        begun = time.monotonic()
        headers = hostile.JSON
        answer = served.send("POST", USERS, content=body, headers=headers, source=new_source())
        seconds.append(time.monotonic() - begun)
        must_refuse(answer, 422)
        assert len(answer.body) < 10_000
    assert min(seconds) < SECONDS_OF_THE_SERVER


def test_long_passwords_are_refused(served: Server, send: Callable[..., Answer]) -> None:
    account = Account(served, password=MEGABYTE)
    must_refuse(account.register(), 422)
    must_refuse(account.log_in(), 401)
    for old, new in ((MEGABYTE, "another horse battery"), ("correct horse battery", MEGABYTE)):
        body = json.dumps({"current_password": old, "new_password": new}).encode()
        must_refuse(send("PUT", f"{ME}/password", body, headers=hostile.JSON), 422)


@pytest.mark.parametrize("password", COMMON)
def test_common_passwords_are_refused(
    served: Server, send: Callable[..., Answer], password: str
) -> None:
    answer = Account(served, password=password).register()
    must_refuse(answer, 422)
    assert answer.json["errors"][0]["loc"] == ["body", "password"]
    change = {"current_password": "correct horse battery", "new_password": password}
    answer = send("PUT", f"{ME}/password", json.dumps(change).encode(), headers=hostile.JSON)
    must_refuse(answer, 422)
    assert answer.json["errors"][0]["loc"] == ["body", "new_password"]


def test_the_server_goes_on(served: Server) -> None:
    assert served.send("GET", "/ready").status == 200
    assert Person(served).send("GET", "/devices").json["items"] == []
    assert len(re.findall("Booting worker", served.output)) == 3
    complaints = [line for line in served.lines() if line["level"] in {"error", "critical"}]
    assert complaints == []
    assert "Traceback" not in served.output
