"""All recipes of the generated AGENTS.md in one project, used over HTTP."""

import http.client
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from generated import guide, variants
from generated.projects import Project, Workshop
from generated.refusals import must_refuse
from generated.server import LOOPBACK, Answer, Client, Server, migrated
from generated.service import GUNICORN, production
from generated.services import NewDatabase
from generated.shop import API, Person, fastgen
from generated.tokens import claims_of, signed

pytestmark = [pytest.mark.slow, pytest.mark.by_day("postgresql")]

DEPS, ITEMS = "src/app/api/deps.py", "src/app/api/v1/endpoints/items.py"
MAX_ITEMS = 130
MB = 1_000_000
SECONDS = 30
VALID_SECONDS = 5


class Rates(BaseHTTPRequestHandler):
    """The other service."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/EUR" else 404)
        self.end_headers()
        self.wfile.write(b'{"rate": 1.25}')

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def rates() -> Iterator[str]:
    with HTTPServer((LOOPBACK, 0), Rates) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{LOOPBACK}:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def guided(database: str, workshop: Workshop, new_database: NewDatabase) -> Project:
    """A project whose owner has followed all recipes."""
    answers = variants.default() | {"database": database}
    project = workshop.project(f"recipes-{database}", answers)
    with workshop.only_one_process(f"recipes-{database}-followed"):
        done = project.path.parent / "followed"
        if not done.exists():
            for command in guide.commands(project):
                fastgen(project, *command.split())
            with new_database() as url:
                env = {"DATABASE_URL": url}
                project.uv_run("alembic", "upgrade", "head", env=env).must_succeed()
                for recipe in guide.recipes(project).values():
                    guide.follow(project, recipe, env)
            guide.check(project)
            project.uv_run("pytest", "-n", "auto", "-q").must_succeed()
            replace(project, DEPS, "MAX_ITEMS = 1000", f"MAX_ITEMS = {MAX_ITEMS}")
            replace(project, ITEMS, 'f"https://rates.example.com/', "f\"{environ['RATES']}/")
            guide.paste(project.path / ITEMS, "from os import environ")
            done.touch()
    return project


@pytest.fixture(scope="module")
def server(
    guided: Project, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with new_database() as url, rates() as other_service:
        env = production(url) | {"WEB_CONCURRENCY": "1", "RATES": other_service}
        with migrated(guided, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
            yield server
        assert "Traceback" not in server.output


def replace(project: Project, path: str, old: str, new: str) -> None:
    file = project.path / path
    source = file.read_text("utf-8")
    assert source.count(old) == 1
    file.write_text(source.replace(old, new), "utf-8")


@pytest.fixture
def person(server: Server) -> Person:
    return Person(server)


@pytest.fixture
def category(person: Person) -> dict[str, Any]:
    return person.make("/categories", {"title": uuid.uuid4().hex})


def make_item(person: Person, **changes: Any) -> dict[str, Any]:
    return person.make("/items", {"name": "Lamp", "price": "9.9900"} | changes)


def test_a_rule_across_fields(person: Person) -> None:
    cheap = make_item(person, price="0.0099", quantity=0)
    path = f"/items/{cheap['id']}"
    answers = [
        person.send("POST", "/items", {"name": "Lamp", "price": "0.0099", "quantity": 1}),
        person.send("PATCH", path, {"quantity": 1}),
    ]

    for answer in answers:
        must_refuse(answer, 422)
        assert answer.json["errors"][0]["loc"] == ["body", "price"]
    assert person.send("GET", path).json == cheap
    assert person.send("PATCH", path, {"quantity": 1, "price": "0.01"}).status == 200


def test_a_plain_endpoint(server: Server, person: Person) -> None:
    make_item(person)
    make_item(person)

    assert person.send("GET", "/items/count").json == 2
    must_refuse(server.send("GET", f"{API}/items/count"), 401)


def test_a_join_and_a_relation(person: Person, category: dict[str, Any]) -> None:
    item = make_item(person, category_id=category["id"])
    path = f"/items/{item['id']}"

    assert item["category_title"] == category["title"]
    assert person.send("GET", "/items").json["items"] == [item]
    assert person.send("GET", f"{path}/details").json == {"name": "Lamp", "category": category}
    changed = person.send("PATCH", path, {"category_id": None}).json
    assert (changed["category_id"], changed["category_title"]) == (None, None)
    assert person.send("GET", path).json == changed
    assert person.send("GET", f"{path}/details").json["category"] is None
    must_refuse(Person(person.server).send("GET", f"{path}/details"), 404)


def test_a_dependency_with_yield_and_a_stream(server: Server, person: Person) -> None:
    client = Client(server.port)
    body = {"name": "Lamp", "price": "9.9900"}
    made = [
        client.send("POST", f"{API}/items", body, token=person.token).json for _ in range(MAX_ITEMS)
    ]
    must_refuse(client.send("POST", f"{API}/items", body, token=person.token), 409)
    client.close()

    assert person.send("GET", "/items/count").json == MAX_ITEMS
    streamed = person.send("GET", "/items/export")
    assert streamed.headers["content-type"] == "application/jsonl"
    assert [json.loads(line) for line in streamed.body.splitlines()] == made


def test_server_sent_events(server: Server, person: Person) -> None:
    connection = http.client.HTTPConnection(LOOPBACK, server.port, timeout=SECONDS)
    headers = {"Authorization": f"Bearer {person.token}"}
    connection.request("GET", f"{API}/items/newest", headers=headers)
    response = connection.getresponse()
    assert response.headers["Content-Type"].startswith("text/event-stream")
    for number in range(2):
        item = make_item(person, name=f"Lamp {number}")
        line = response.readline()
        while not line.startswith(b"data: "):
            assert line
            line = response.readline()
        assert json.loads(line.removeprefix(b"data: ")) == item
    connection.close()


def test_a_job_after_the_commit(person: Person) -> None:
    path = f"/items/{make_item(person, quantity=1)['id']}"
    assert person.send("POST", f"{path}/restock").status == 202

    give_up_at = time.monotonic() + SECONDS
    while person.send("GET", path).json["quantity"] != 11:
        assert time.monotonic() < give_up_at
        time.sleep(0.1)
    must_refuse(person.send("POST", "/items/999999/restock"), 404)


def upload(person: Person, path: str, content: bytes) -> Answer:
    head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    body = head + content + b"\r\n--x--\r\n"
    return person.send("PUT", path, content=body, headers=headers)


def test_an_upload_with_a_limit_of_its_own(person: Person) -> None:
    path = f"/items/{make_item(person)['id']}/photo"
    photo = b"\xff\xd8" * 2 * MB
    taken = upload(person, path, photo)

    assert (taken.status, taken.json) == (200, len(photo))
    must_refuse(upload(person, path, photo * 2), 413)
    must_refuse(person.send("POST", "/tags", {"name": "x" * 2 * MB}), 413)


def test_a_many_to_many(person: Person) -> None:
    path = f"/items/{make_item(person)['id']}/tags"
    tags = [person.make("/tags", {"name": f"{letter}-{uuid.uuid4().hex}"}) for letter in "ba"]
    ids = [tag["id"] for tag in tags]

    answer = person.send("PUT", path, [*ids, *ids])
    assert (answer.status, answer.json) == (200, [tags[1]["name"], tags[0]["name"]])
    must_refuse(person.send("PUT", path, [*ids, 999_999]), 409)
    must_refuse(Person(person.server).send("PUT", path, ids), 404)
    assert person.send("PUT", path, ids[:1]).json == [tags[0]["name"]]
    assert person.send("DELETE", f"/tags/{ids[0]}").status == 204
    assert person.send("PUT", path, []).json == []


def test_a_websocket(server: Server, person: Person) -> None:
    url = f"ws://{LOOPBACK}:{server.port}{API}/items/socket"
    protocols = [Subprotocol("bearer"), Subprotocol(person.token)]
    with connect(url, subprotocols=protocols, proxy=None) as socket:
        for name in ("Lamp", "Chair"):
            socket.send(json.dumps({"name": name, "price": "9.9900"}))
            item = json.loads(socket.recv(SECONDS))
            assert person.send("GET", f"/items/{item['id']}").json == item
        assert person.send("POST", "/auth/logout").status == 204
        socket.send(json.dumps({"name": "Lamp", "price": "9.9900"}))
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(SECONDS)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1008


def test_a_websocket_is_closed_when_its_token_has_expired(server: Server, person: Person) -> None:
    claims = claims_of(person.token) | {"exp": int(time.time()) + VALID_SECONDS}
    token = signed(claims, server.environment["SECRET_KEY"])
    url = f"ws://{LOOPBACK}:{server.port}{API}/items/socket"
    protocols = [Subprotocol("bearer"), Subprotocol(token)]

    def send_until_closed(socket: ClientConnection) -> None:
        give_up_at = time.monotonic() + SECONDS
        while time.monotonic() < give_up_at:
            socket.send(json.dumps({"name": "Lamp", "price": "9.9900"}))
            assert json.loads(socket.recv(SECONDS))["name"] == "Lamp"
            time.sleep(0.1)

    with (
        connect(url, subprotocols=protocols, proxy=None) as socket,
        pytest.raises(ConnectionClosed) as closed,
    ):
        send_until_closed(socket)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1008


def test_a_websocket_is_closed_after_a_mistake(server: Server, person: Person) -> None:
    url = f"ws://{LOOPBACK}:{server.port}{API}/items/socket"
    protocols = [Subprotocol("bearer"), Subprotocol(person.token)]
    with connect(url, subprotocols=protocols, proxy=None) as socket:
        socket.send('{"name": "a secret"}')
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(SECONDS)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1008
    assert "a secret" not in server.output


def test_a_request_to_another_service(person: Person) -> None:
    answer = person.send("GET", "/items/rates/EUR")

    assert (answer.status, answer.json) == (200, 1.25)
    must_refuse(person.send("GET", "/items/rates/XXX"), 503)
    must_refuse(person.send("GET", "/items/rates/eur"), 422)
