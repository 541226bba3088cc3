"""Headers that guard browsers and proxies: on every answer, also on errors."""

import re
import socket
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from generated.ports import free_port
from generated.projects import Project
from generated.refusals import must_guard, must_refuse
from generated.server import Answer, Client, Server, new_source, running
from generated.service import GUNICORN, ME, ORIGIN, TOKEN, USERS, Account, production
from generated.shop import API, Person
from generated.windows import wait_for_window

pytestmark = pytest.mark.slow

YEAR = 365 * 24 * 60 * 60
FOREIGN = (
    "https://evil.example",
    "null",
    "http://app.example.com",
    "https://app.example.com.evil.example",
    "https://evil-app.example.com",
    "https://app.example.com:8443",
    "https://sub.app.example.com",
    "https://APP.example.com@evil.example",
    "*",
    "",
)
DOCS = ("/api/docs", "/api/redoc")
MOMENT = re.compile(r"max-age=(\d+)")


def answers_of(server: Server) -> dict[int, Answer]:
    """Return answers of all kinds, by their status."""
    account = Account(server)
    source = new_source()
    # One process counts for itself in development.
    client = Client(server.port, source)

    def send(method: str, path: str, data: object = None, token: str | None = None) -> Answer:
        return server.send(method, path, data, token=token, source=source)

    created = account.register()
    token = account.token()
    category = send("POST", f"{API}/categories", {"name": "guarded"}, token).json["id"]
    wait_for_window()
    answers = [
        created,
        send("GET", ME, token=token),
        send("DELETE", f"{API}/categories/{category}", token=token),
        server.send("POST", TOKEN, headers={"Content-Type": "multipart/form-data"}, content=b"x"),
        send("GET", ME),
        send("GET", USERS, token=token),
        send("GET", "/nowhere"),
        send("DELETE", "/health"),
        account.register(),
        server.send("POST", USERS, content=b"x" * 2_000_000),
        send("POST", USERS, {}),
        [account.log_in("wrong", client=client) for _ in range(6)][-1],
    ]
    client.close()
    return {answer.status: answer for answer in answers}


def must_guard_all(answers: dict[int, Answer], *, hsts: bool) -> None:
    assert answers.keys() == {200, 201, 204, 400, 401, 403, 404, 405, 409, 413, 422, 429}
    for status, answer in answers.items():
        must_guard(answer)
        if status >= 400:
            must_refuse(answer)
        header = answer.headers.get("strict-transport-security")
        assert (header is not None) is hsts, answer
        assert not header or int(MOMENT.findall(header)[0]) >= YEAR


def test_every_answer_of_production_is_guarded(served: Server) -> None:
    must_guard_all(answers_of(served), hsts=True)


def test_every_answer_in_development_is_guarded(shop_server: Server) -> None:
    must_guard_all(answers_of(shop_server), hsts=False)


def test_an_outage_is_guarded(shop: Project, database: str, tmp_path: Path) -> None:
    nowhere = (
        f"postgresql+asyncpg://nobody@127.0.0.1:{free_port()}/nothing"
        if database == "postgresql"
        else f"sqlite+aiosqlite:///{tmp_path}/no/folder/app.db"
    )
    env = production(nowhere) | {"CORS_ORIGINS": ORIGIN, "WEB_CONCURRENCY": "1"}
    with running(shop, tmp_path, *GUNICORN, env=env) as server:
        server.wait()
        answer = Account(server).log_in(headers={"Origin": ORIGIN})
    must_refuse(answer, 503)
    assert answer.headers["access-control-allow-origin"] == ORIGIN


def test_answers_to_those_who_are_logged_in_are_not_kept(served: Server) -> None:
    person = Person(served)
    row = person.make("/categories", {"name": "private"})
    for path in ("/users/me", "/categories", f"/categories/{row['id']}", "/devices"):
        assert person.send("GET", path).headers["cache-control"] == "no-store"


def test_each_request_has_an_id_of_its_own(served: Server) -> None:
    def asked(offered: str | None) -> str:
        headers = {} if offered is None else {"X-Request-ID": offered}
        return served.send("GET", "/health", headers=headers).headers["x-request-id"]

    assert asked("mine-1.2_3") == "mine-1.2_3"
    unwanted = [None, "", "x" * 65, "a b", "<script>", '{"a"}', "\xff", "a;b", "a\tb"]
    given = [asked(offered) for offered in unwanted]
    assert all(re.fullmatch(r"[0-9a-f]{32}", request_id) for request_id in given)
    assert len(set(given)) == len(given)


def test_a_listed_origin_is_let_in(served: Server) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
    asked["Access-Control-Request-Headers"] = "authorization, content-type"
    preflight = served.send("OPTIONS", ME, headers=asked)
    assert preflight.status == 200
    must_guard(preflight)
    assert "PATCH" in preflight.headers["access-control-allow-methods"]
    assert "authorization" in preflight.headers["access-control-allow-headers"].lower()
    for path, method in ((ME, "GET"), ("/health", "GET"), ("/nowhere", "GET"), (USERS, "DELETE")):
        answer = served.send(method, path, headers={"Origin": ORIGIN})
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert "origin" in answer.headers["vary"].lower()


def test_headers_of_tracing_clients_are_a_setting(served: Server) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
    asked["Access-Control-Request-Headers"] = "authorization, baggage, traceparent"
    assert served.send("OPTIONS", ME, headers=asked).status == 200
    asked["Access-Control-Request-Headers"] = "authorization, sentry-trace"
    must_refuse(served.send("OPTIONS", ME, headers=asked), 400)


@pytest.mark.parametrize(
    "changed",
    [
        {"Origin": "https://evil.example"},
        {"Access-Control-Request-Method": "TRACE"},
        {"Access-Control-Request-Headers": "authorization, x-forwarded-for"},
    ],
)
def test_refused_preflights_look_like_all_errors(served: Server, changed: dict[str, str]) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"} | changed
    refused = served.send("OPTIONS", ME, headers=asked)
    must_refuse(refused, 400)
    assert refused.json["error_code"] == "BAD_REQUEST"
    assert "Origin" in refused.headers["vary"]


def test_handshakes_that_no_route_takes_are_refused(served: Server) -> None:
    asked = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    asked["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ=="
    for path in (f"{API}/ws", "/health", "/%0a"):
        must_refuse(served.send("GET", f"{path}?token=shaken-hands", headers=asked), 404)
    assert "shaken-hands" not in served.output


@pytest.mark.parametrize("header", ["Transfer-Encoding: chunked", f"X: {'x' * 20_000}"])
def test_handshakes_that_cannot_be_read_end_the_connection(served: Server, header: str) -> None:
    asked = (
        f"GET {API}/ws HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        f"{header}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as connection:
        connection.sendall(asked.encode())
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("origin", FOREIGN)
def test_no_other_origin_is_let_in(served: Server, origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "PATCH"}
    for answer in (
        served.send("OPTIONS", ME, headers=asked),
        served.send("GET", ME, headers={"Origin": origin}),
        served.send("GET", "/health", headers={"Origin": origin}),
        served.send("DELETE", "/nowhere", headers={"Origin": origin}),
    ):
        assert "access-control-allow-origin" not in answer.headers
        must_guard(answer)


def test_without_settings_no_origin_is_let_in(shop_server: Server) -> None:
    for origin in (ORIGIN, *FOREIGN):
        answer = shop_server.send("GET", "/health", headers={"Origin": origin})
        assert "access-control-allow-origin" not in answer.headers


def test_production_publishes_no_contract(served: Server) -> None:
    for path in (
        *DOCS,
        "/api/docs/swagger-ui.css",
        "/api/docs/oauth2-redirect",
        f"{API}/openapi.json",
        "/docs",
    ):
        must_refuse(served.send("GET", path), 404)


class Page(HTMLParser):
    """What a page loads, by the directive of a policy that allows it."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.loaded: list[tuple[str, str]] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self._in_script = tag == "script" and "src" not in named
        if tag == "script" and not self._in_script:
            self._load("script-src", named.get("src"))
        elif tag == "style":
            self._load("style-src", None)
        elif tag == "link":
            icon = "icon" in (named.get("rel") or "")
            self._load("img-src" if icon else "style-src", named.get("href"))
        elif tag == "img":
            self._load("img-src", named.get("src"))

    def handle_data(self, data: str) -> None:
        if self._in_script:
            digest = b64encode(sha256(data.encode()).digest()).decode()
            self.loaded.append(("script-src", f"'sha256-{digest}'"))

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._in_script = False

    def _load(self, directive: str, source: str | None) -> None:
        self.loaded.append((directive, urljoin(self.url, source) if source else "inline"))


def allows(policy: str, directive: str, url: str, own: str) -> bool:
    """Tell whether a policy lets a page of `own` load what is at a URL."""
    rules = {words[0]: words[1:] for words in map(str.split, policy.split(";"))}
    sources = rules.get(directive, rules["default-src"])
    parts = urlsplit(url)
    matches: dict[str, Callable[[], bool]] = {
        "'self'": lambda: url.startswith(own),
        "'unsafe-inline'": lambda: url == "inline",
    }
    return any(
        matches.get(
            source, lambda source=source: source in (url, f"{parts.scheme}://{parts.netloc}")
        )()
        for source in sources
    )


@pytest.mark.parametrize("path", DOCS)
def test_the_policy_of_the_documentation_lets_it_work(shop_server: Server, path: str) -> None:
    own = f"http://127.0.0.1:{shop_server.port}"
    answer = shop_server.send("GET", path)
    assert answer.status == 200
    must_guard(answer)
    policy = answer.headers["content-security-policy"]
    page = Page(own + path)
    page.feed(answer.body.decode())
    assert {directive for directive, _ in page.loaded} >= {"script-src", "img-src"}
    refused = [load for load in page.loaded if not allows(policy, *load, own)]
    assert refused == []
    assert allows(policy, "connect-src", f"{own}{API}/openapi.json", own)
    assert not allows(policy, "script-src", "inline", own)
    for url in ("https://evil.example/x.js", "https://cdn.jsdelivr.net/x.js"):
        for directive in ("script-src", "style-src", "img-src", "font-src", "connect-src"):
            assert not allows(policy, directive, url, own)


def test_the_files_of_the_documentation_are_guarded_and_kept(shop_server: Server) -> None:
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "redoc.standalone.js", "favicon.png"):
        answer = shop_server.send("HEAD", f"/api/docs/{name}")
        assert answer.status == 200
        must_guard(answer, cached="no-cache")
        asked = {"If-None-Match": answer.headers["etag"]}
        assert shop_server.send("GET", f"/api/docs/{name}", headers=asked).status == 304
